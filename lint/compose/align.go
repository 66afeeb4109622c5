package compose

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// alignment says where each character of a scalar's value stands in its file.
type alignment struct {
	file   string
	whole  position.Span
	value  string
	places []placed // by byte of the value; nil where they could not be found
}

// placed is where a character stands, and how many characters of the file it
// takes there: 0 where it is not written, because YAML folds lines.
type placed struct {
	line, column int32
	width        int32
}

func placedAt(at position.Pos, width int) placed {
	return placed{int32(at.Line), int32(at.Column), int32(width)}
}

// align follows a scalar's value and its text in the file side by side.
// Blanks may differ, since YAML folds lines; all else has to agree.
func align(document *model.Document, node *yaml.Node) alignment {
	a := alignment{file: document.File, whole: document.Span(node), value: node.Value}
	c := cursor{document: document, pos: a.whole.Start, style: node.Style}
	switch {
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		c.pos = position.At(c.pos.Line+1, 1)
	case node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		c.pos.Column++
	}
	c.text = document.From(c.pos)
	places := make([]placed, len(node.Value))
	for i := 0; i < len(node.Value); {
		want, size := utf8.DecodeRuneInString(node.Value[i:])
		found, ok := c.next(want)
		if !ok {
			return a
		}
		for ; size > 0; size-- {
			places[i], i = found, i+1
		}
	}
	a.places = places
	return a
}

// span returns where a stretch of the value stands, as far as its first line
// goes; the whole scalar where that is not known.
func (a alignment) span(start, end int) position.Span {
	if a.places == nil {
		return a.whole
	}
	// A backslash at the end of a line keeps the blank that a fold puts in.
	if end-start > 2 && a.value[start] == '\\' && a.places[start+1].width == 0 {
		start += 2
		for start < end-1 && isBlank(rune(a.value[start])) {
			start++
		}
	}
	first := a.places[start]
	last := first
	for _, place := range a.places[start:end] {
		if place.width > 0 && place.line == first.line {
			last = place
		}
	}
	return position.Span{File: a.file, Start: position.At(int(first.line), int(first.column)), End: position.At(int(last.line), int(last.column+last.width))}
}

// lines returns over how many lines a stretch of the value is written.
func (a alignment) lines(start, end int) int {
	if a.places == nil || start == end {
		return a.whole.End.Line - a.whole.Start.Line + 1
	}
	return int(a.places[end-1].line-a.places[start].line) + 1
}

// cursor reads the text of a scalar in its file.
type cursor struct {
	document *model.Document
	pos      position.Pos
	text     string // what is left of the line
	style    yaml.Style
}

// next finds the next character of the value.
func (c *cursor) next(want rune) (found placed, ok bool) {
	for {
		if strings.Trim(c.text, " \t") == "" && isBlank(want) && !strings.HasPrefix(c.text, string(want)) {
			return placedAt(c.pos, 0), true
		}
		if c.text == "" {
			if c.pos = (position.At(c.pos.Line+1, 1)); c.pos.Line > c.document.Lines() {
				return placed{}, false
			}
			c.text = c.document.Line(c.pos.Line)
			continue
		}
		got, width, bytes := c.read()
		at := c.pos
		switch {
		case got == want && width > 0:
			c.pos.Column, c.text = c.pos.Column+width, c.text[bytes:]
			return placedAt(at, width), true
		case width == 0 || isBlank(got):
			c.pos.Column, c.text = c.pos.Column+max(width, 1), c.text[bytes:]
		case isBlank(want):
			return placedAt(at, 0), true
		default:
			return placed{}, false
		}
	}
}

// read decodes one character of the text: how many characters and bytes it is
// written with. A width of 0 is a backslash that joins two lines.
func (c *cursor) read() (got rune, width, bytes int) {
	got, bytes = utf8.DecodeRuneInString(c.text)
	switch {
	case got == '\'' && c.style&yaml.SingleQuotedStyle != 0 && strings.HasPrefix(c.text, "''"):
		return got, 2, 2
	case got != '\\' || c.style&yaml.DoubleQuotedStyle == 0:
		return got, 1, bytes
	case strings.TrimRight(c.text, " \t") == `\`:
		return 0, 0, len(c.text)
	}
	letter, size := utf8.DecodeRuneInString(c.text[1:])
	digits := escapeDigits[letter]
	if digits == 0 {
		return escaped(letter), 2, 1 + size
	}
	if len(c.text) < 2+digits {
		return utf8.RuneError, 1, 1
	}
	code, err := strconv.ParseUint(c.text[2:2+digits], 16, 32)
	if err != nil {
		return utf8.RuneError, 1, 1
	}
	return rune(code), 2 + digits, 2 + digits
}

// escapeDigits are the escapes of YAML that give a character by its number.
var escapeDigits = map[rune]int{'x': 2, 'u': 4, 'U': 8}

// escapes are those of YAML that stand for another character.
var escapes = map[rune]rune{
	'0': 0, 'a': '\a', 'b': '\b', 't': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r',
	'e': 0x1b, 'N': '\u0085', '_': '\u00a0', 'L': '\u2028', 'P': '\u2029',
}

func escaped(letter rune) rune {
	if character, ok := escapes[letter]; ok {
		return character
	}
	return letter
}
