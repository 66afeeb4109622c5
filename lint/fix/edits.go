package fix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint"
)

// editsOf are the edits of fixes by file, each once.
func editsOf(batch []candidate) map[string][]lint.Edit {
	edits := map[string][]lint.Edit{}
	known := map[lint.Edit]bool{}
	for _, one := range batch {
		for _, edit := range one.Fix.Edits {
			if !known[edit] {
				known[edit] = true
				edits[edit.File] = append(edits[edit.File], edit)
			}
		}
	}
	return edits
}

// Edited is a text with edits made; ok is false where they meet or do not fit.
func Edited(text []byte, edits []lint.Edit) (edited []byte, ok bool) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, inOrder)
	at := 0
	for _, edit := range edits {
		if edit.Start < at || edit.End < edit.Start || edit.End > len(text) {
			return nil, false
		}
		edited = append(append(edited, text[at:edit.Start]...), edit.New...)
		at = edit.End
	}
	return append(edited, text[at:]...), true
}

// inOrder sorts edits by their places. Lines that are put in at one place stand
// with those that are further in first: these belong to what is above. So do
// the items of a list that is indented no further than its key.
func inOrder(a, b lint.Edit) int {
	places := cmp.Or(a.Start-b.Start, a.End-b.End)
	if places != 0 || !areLines(a) || !areLines(b) {
		return places
	}
	return cmp.Or(indentOf(headOf(b))-indentOf(headOf(a)), rankOf(a)-rankOf(b))
}

func rankOf(edit lint.Edit) int {
	if strings.HasPrefix(strings.TrimSpace(headOf(edit)), "- ") {
		return 0
	}
	return 1
}
