package protocol

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Text is a text as the protocol counts it: a line ends at \n, \r\n or \r, and
// characters are UTF-16 units.
type Text struct {
	content string
	starts  []int // where each line begins, in bytes
	ascii   bool  // all of it: then a byte is a unit
}

// NewText splits a text into lines.
func NewText(content string) *Text {
	starts, ascii := []int{0}, true
	for i := 0; i < len(content); i++ {
		ascii = ascii && content[i] < utf8.RuneSelf
		switch {
		case content[i] == '\r' && i+1 < len(content) && content[i+1] == '\n':
		case content[i] == '\n' || content[i] == '\r':
			starts = append(starts, i+1)
		}
	}
	return &Text{content, starts, ascii}
}

// String returns the text.
func (t *Text) String() string { return t.content }

// line returns a line, counted from 0, without its end, and where it begins.
func (t *Text) line(number int) (text string, start int) {
	start = t.starts[number]
	end := len(t.content)
	if number+1 < len(t.starts) {
		end = t.starts[number+1]
	}
	return strings.TrimRight(t.content[start:end], "\r\n"), start
}

// Offset is where a position is, in bytes. One that is beyond its line is at
// the line's end, and one that is within a character in front of it.
func (t *Text) Offset(at Position) int {
	switch {
	case at.Line < 0:
		return 0
	case at.Line >= len(t.starts):
		return len(t.content)
	}
	line, start := t.line(at.Line)
	if t.ascii {
		return start + max(0, min(at.Character, len(line)))
	}
	units := 0
	for i, r := range line {
		if units += width(r); units > at.Character {
			return start + i
		}
	}
	return start + len(line)
}

// Position is where a byte is. One of a line's end is where the end begins.
func (t *Text) Position(offset int) Position {
	offset = max(0, min(offset, len(t.content)))
	number := sort.SearchInts(t.starts, offset+1) - 1
	line, start := t.line(number)
	if t.ascii {
		return Position{number, min(offset-start, len(line))}
	}
	units := 0
	for i, r := range line {
		if start+i >= offset {
			break
		}
		units += width(r)
	}
	return Position{number, units}
}

// Between is the range of two bytes.
func (t *Text) Between(start, end int) Range {
	return Range{t.Position(start), t.Position(end)}
}

// width is how many UTF-16 units a character has. A byte that is part of none
// came as one.
func width(r rune) int {
	if r > 0xffff && r <= utf8.MaxRune {
		return 2
	}
	return 1
}

// Apply returns the text after a change.
func (t *Text) Apply(change Change) *Text {
	if change.Range == nil {
		return NewText(change.Text)
	}
	start, end := t.Offset(change.Range.Start), t.Offset(change.Range.End)
	if end < start {
		start, end = end, start
	}
	return NewText(t.content[:start] + change.Text + t.content[end:])
}
