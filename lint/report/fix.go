package report

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

// shownFix is the fix of a finding, nil where it has none. Its text goes into
// a file, so it must be whole: one that would write a secret is not shown.
func shownFix(result *lint.Result, f lint.Finding) *lint.Fix {
	if f.Fix == nil || f.Fix.Secret {
		return nil
	}
	for _, edit := range f.Fix.Edits {
		if edit.Secret || result.Secrets.Hide(edit.New) != edit.New {
			return nil
		}
	}
	return f.Fix
}

// byteOrderMark is no character of a text's first line.
var byteOrderMark = []byte("\xef\xbb\xbf")

// placeOf is the place of an offset in a text: column counts from 1, in what
// count counts.
func placeOf(source []byte, offset int, count func([]byte) int) position.Pos {
	before := source[:min(max(offset, 0), len(source))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	if len(line) == len(before) {
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	return position.At(1+bytes.Count(before, []byte("\n")), 1+count(line))
}

func inCharacters(text []byte) int { return utf8.RuneCount(text) }

func inBytes(text []byte) int { return len(text) }

// joined makes one edit of several in one file, with what stands between them.
// ok is false where they are in several, overlap, or what stands between them
// is not to be shown.
func joined(result *lint.Result, edits []lint.Edit) (edit lint.Edit, ok bool) {
	if len(edits) == 0 {
		return lint.Edit{}, false
	}
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b lint.Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	edit = edits[0]
	source := result.Sources(edit.File)
	for _, next := range edits[1:] {
		if next.File != edit.File || next.Start < edit.End || next.End > len(source) {
			return lint.Edit{}, false
		}
		edit.New += string(source[edit.End:next.Start]) + next.New
		edit.End = next.End
	}
	if len(edits) > 1 && holdsSecret(result, edit) {
		return lint.Edit{}, false
	}
	return edit, utf8.ValidString(edit.New)
}

// holdsSecret reports whether a secret stands in the lines of an edit, or
// would stand there.
func holdsSecret(result *lint.Result, edit lint.Edit) bool {
	if edit.Secret {
		return true
	}
	source := result.Sources(edit.File)
	first, last := placeOf(source, edit.Start, inBytes).Line, placeOf(source, edit.End, inBytes).Line
	lines := splitLines(source)
	for number := first; number <= min(last, len(lines)); number++ {
		if len(result.Secrets.InLine(edit.File, number, strings.TrimSuffix(lines[number-1], "\r"))) > 0 {
			return true
		}
	}
	return result.Secrets.Hide(edit.New) != edit.New
}
