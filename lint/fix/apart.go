package fix

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/rcomp/rcomp/lint"
)

// alike puts together what does the same: services that are made from one text
// have their faults in common.
func alike(all []candidate) (groups [][]candidate) {
	known := map[string]int{} // groups by their edits
	for _, one := range all {
		key := fmt.Sprintf("%#v", one.Fix.Edits)
		at, ok := known[key]
		if !ok {
			at = len(groups)
			known[key], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], one)
	}
	return groups
}

// apart leaves out the groups that meet one before them: those have their turn
// in the next round.
func apart(groups [][]candidate) (kept [][]candidate) {
	t := taken{edits: map[string][]lint.Edit{}, whole: map[string]bool{}, parts: map[string]bool{}}
	for _, group := range groups {
		if !t.meets(group) {
			t.take(group)
			kept = append(kept, group)
		}
	}
	return kept
}

// taken is what the fixes of a round touch: in the text, and in what it means.
// What one of them makes of a server may be what another one is for.
type taken struct {
	edits map[string][]lint.Edit // by file, in order
	whole map[string]bool        // servers of which everything may change
	parts map[string]bool        // servers of which something changes
}

func (t *taken) meets(group []candidate) bool {
	for _, one := range group {
		for _, part := range one.Fix.Meaning {
			server, all, ok := serverOf(part)
			if ok && (t.whole[server] || all && t.parts[server]) {
				return true
			}
		}
	}
	return slices.ContainsFunc(group[0].Fix.Edits, t.meetsEdit)
}

// serverOf is the server that a part of the meaning is of, and whether the part
// is all of it.
func serverOf(part string) (server string, all, ok bool) {
	server, rest, ok := strings.Cut(part, ":")
	return server, rest == "", ok
}

// meetsEdit reports whether an edit touches another one. The same one twice is
// one, and lines that are put in at one place follow each other.
func (t *taken) meetsEdit(edit lint.Edit) bool {
	edits := t.edits[edit.File]
	for i := firstFrom(edits, edit.Start); i < len(edits) && edits[i].Start <= edit.End; i++ {
		if edits[i] != edit && !follow(edits[i], edit) {
			return true
		}
	}
	return false
}

func (t *taken) take(group []candidate) {
	for _, one := range group {
		for _, part := range one.Fix.Meaning {
			if server, all, ok := serverOf(part); ok {
				t.parts[server] = true
				t.whole[server] = t.whole[server] || all
			}
		}
	}
	for _, edit := range group[0].Fix.Edits {
		edits := t.edits[edit.File]
		t.edits[edit.File] = slices.Insert(edits, firstFrom(edits, edit.Start), edit)
	}
}

// firstFrom is the first of some edits, which are in order, that ends at a place
// or behind it.
func firstFrom(edits []lint.Edit, start int) int {
	return sort.Search(len(edits), func(i int) bool { return edits[i].End >= start })
}

// follow reports whether two edits put in lines at one place, of which none
// belongs to what the other one begins.
func follow(a, b lint.Edit) bool {
	return areLines(a) && areLines(b) && a.Start == b.Start && a.End == b.End && headOf(a) != headOf(b)
}

// areLines reports whether an edit puts in whole lines, none of which is
// further out than the first.
func areLines(edit lint.Edit) bool {
	if edit.Create || edit.Start != edit.End || !strings.HasPrefix(strings.TrimPrefix(edit.New, "\r"), "\n") {
		return false
	}
	for line := range strings.SplitSeq(edit.New, "\n") {
		if strings.TrimSpace(line) != "" && indentOf(line) < indentOf(headOf(edit)) {
			return false
		}
	}
	return true
}

// headOf is the first line that an edit puts in.
func headOf(edit lint.Edit) string {
	head, _, _ := strings.Cut(strings.TrimLeft(edit.New, "\r\n"), "\n")
	return strings.TrimRight(head, " \r")
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
