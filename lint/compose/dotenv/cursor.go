package dotenv

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/position"
)

// place is a Span of one file in little memory.
type place struct{ startLine, startColumn, endLine, endColumn int32 }

func (p place) in(text *position.Text) position.Span {
	return position.Span{
		File:  text.File,
		Start: position.At(int(p.startLine), int(p.startColumn)),
		End:   position.At(int(p.endLine), int(p.endColumn)),
	}
}

// cursor finds the places of offsets that are asked for in the order of the
// text: each byte is counted once.
type cursor struct {
	file         *position.Text
	text         string // of the file, without a byte order mark
	offset       int
	line, column int32
}

func newCursor(file *position.Text) *cursor {
	text := string(bytes.TrimPrefix(file.Source, byteOrderMark))
	return &cursor{file: file, text: text, line: 1, column: 1}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// skipped is how many bytes before an offset belong to its line and not to the
// text: those of a byte order mark.
func (c *cursor) skipped(offset int) int {
	if offset > 0 {
		return 0
	}
	return len(c.file.Source) - len(c.text)
}

// move goes on to an offset.
func (c *cursor) move(offset int) (line, column int32) {
	passed := c.text[c.offset:offset]
	if lines := strings.Count(passed, "\n"); lines > 0 {
		c.line, c.column = c.line+int32(lines), 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	c.column += int32(utf8.RuneCountInString(passed))
	c.offset = offset
	return c.line, c.column
}

// place is what lies between two offsets.
func (c *cursor) place(start, end int) (p place) {
	p.startLine, p.startColumn = c.move(start)
	p.endLine, p.endColumn = c.move(end)
	return p
}

// fail makes an error of what lies between two offsets.
func (c *cursor) fail(start, end int, reason string) error {
	return &Error{At: c.place(start, end).in(c.file), Reason: reason}
}

// capacity is about how many assignments there may be: one a line, or one a =
// where several stand on one line.
func (c *cursor) capacity() int {
	return max(strings.Count(c.text, "\n"), strings.Count(c.text, "=")) + 1
}
