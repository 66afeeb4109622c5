package position

import (
	"bytes"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// Text is the text of a file as editors count it: lines end at a line feed,
// and a byte order mark is no character of the first one. Looking up a line or
// a column costs the same wherever it stands.
type Text struct {
	File   string // as shown to the user, with forward slashes
	Source []byte // as it is on disk
	lines  []string
	ascii  bool         // all of it: then a column is a byte
	starts sync.Map     // line number -> []int: where each of its characters begins
	begins func() []int // where each line begins in the source, in bytes; worked out when it is asked for
}

// NewText splits the source of a file into lines.
func NewText(file string, source []byte) *Text {
	text := string(bytes.TrimPrefix(source, []byte("\xef\xbb\xbf")))
	lines := strings.Split(text, "\n")
	return &Text{File: file, Source: source, lines: lines, ascii: isASCII(text), begins: sync.OnceValue(func() []int {
		begins, at := make([]int, len(lines)), len(source)-len(text)
		for i, line := range lines {
			begins[i] = at
			at += len(line) + 1
		}
		return begins
	})}
}

// Lines is how many lines there are, at least one.
func (t *Text) Lines() int { return len(t.lines) }

// Line returns a line, counted from 1, without its end; "" where there is none.
func (t *Text) Line(number int) string {
	if number < 1 || number > len(t.lines) {
		return ""
	}
	return strings.TrimSuffix(t.lines[number-1], "\r")
}

// RawLine is Line with the carriage return that may end it.
func (t *Text) RawLine(number int) string {
	if number < 1 || number > len(t.lines) {
		return ""
	}
	return t.lines[number-1]
}

// From returns what is left of a line from a position on.
func (t *Text) From(pos Pos) string {
	line := t.Line(pos.Line)
	return line[t.byteOf(pos.Line, line, pos.Column):]
}

// byteOf is where a column begins in a line, in bytes; the line's length where
// it has fewer characters.
func (t *Text) byteOf(number int, line string, column int) int {
	if column <= 1 {
		return 0
	}
	if t.ascii {
		return min(column-1, len(line))
	}
	starts := t.startsOf(number, line)
	if column-1 < len(starts) {
		return starts[column-1]
	}
	return len(line)
}

// startsOf lists where the characters of a line begin; it is made once a line.
func (t *Text) startsOf(number int, line string) []int {
	if known, ok := t.starts.Load(number); ok {
		return known.([]int)
	}
	starts := make([]int, 0, len(line))
	for i := range line {
		starts = append(starts, i)
	}
	t.starts.Store(number, starts)
	return starts
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// LineSpan is the text of a line without the blanks around it.
func (t *Text) LineSpan(number int) Span {
	text := t.Line(number)
	trimmed := strings.TrimLeft(text, " \t")
	first := 1 + len(text) - len(trimmed) // blanks are one byte each
	width := max(1, utf8.RuneCountInString(strings.TrimRight(trimmed, " \t")))
	return Span{File: t.File, Start: At(number, first), End: At(number, first+width)}
}

// Find returns the place of a piece of a line in the given number of lines
// from a position on.
func (t *Text) Find(from Pos, piece string, lines int) (at Span, ok bool) {
	for pos := from; pos.Line < from.Line+lines && pos.Line <= len(t.lines); pos = At(pos.Line+1, 1) {
		if before, _, found := strings.Cut(t.From(pos), piece); found {
			start := At(pos.Line, pos.Column+utf8.RuneCountInString(before))
			return Span{File: t.File, Start: start, End: At(start.Line, start.Column+utf8.RuneCountInString(piece))}, true
		}
	}
	return Span{}, false
}

// Offset is where a position is in the source, in bytes.
func (t *Text) Offset(pos Pos) int {
	if pos.Line > len(t.lines) {
		return len(t.Source)
	}
	number := max(1, pos.Line)
	return min(t.begins()[number-1]+t.byteOf(pos.Line, t.Line(pos.Line), pos.Column), len(t.Source))
}

// LineAt is the number of the line that a byte of the source is in.
func (t *Text) LineAt(offset int) int {
	return sort.Search(len(t.lines), func(i int) bool { return t.begins()[i] > offset })
}
