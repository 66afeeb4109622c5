package dotenv

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/position"
)

// cursor finds the line and column of offsets that are asked for in the order
// of the text: each byte is counted once.
type cursor struct {
	file   string
	text   string
	offset int
	at     position.Pos
}

// newCursor begins behind the byte order mark of a file.
func newCursor(text *position.Text) *cursor {
	source := string(bytes.TrimPrefix(text.Source, byteOrderMark))
	return &cursor{file: text.File, text: source, at: position.At(1, 1)}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// move goes on to an offset and returns its place.
func (c *cursor) move(offset int) position.Pos {
	passed := c.text[c.offset:offset]
	if lines := strings.Count(passed, "\n"); lines > 0 {
		c.at = position.At(c.at.Line+lines, 1)
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	c.at.Column += utf8.RuneCountInString(passed)
	c.offset = offset
	return c.at
}

// span is the place between two offsets.
func (c *cursor) span(start, end int) position.Span {
	return position.Span{File: c.file, Start: c.move(start), End: c.move(end)}
}
