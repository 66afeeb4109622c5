package position

import "cmp"

// Pos is a place in a text. Line and Column count from 1; Column counts
// characters, not bytes.
type Pos struct{ Line, Column int }

// Compare orders positions as they are read.
func (p Pos) Compare(other Pos) int {
	return cmp.Or(cmp.Compare(p.Line, other.Line), cmp.Compare(p.Column, other.Column))
}

// Span is a stretch of one file. End is just past the text.
type Span struct {
	File       string // as shown to the user, with forward slashes
	Start, End Pos
}

// Compare orders spans by file and then by place.
func (s Span) Compare(other Span) int {
	return cmp.Or(cmp.Compare(s.File, other.File), s.Start.Compare(other.Start), s.End.Compare(other.End))
}

// IsZero reports whether the span names no place at all.
func (s Span) IsZero() bool { return s == Span{} }

// At returns the position of a line and a column, both counted from 1.
func At(line, column int) Pos { return Pos{Line: line, Column: column} }
