package settings

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"github.com/rcomp/rcomp/lint/position"
)

// locator takes any value and refuses it: the decoder's refusal is the only
// thing that tells where a value stands.
type locator struct{ value any }

var errLocated = errors.New("located")

func (l *locator) UnmarshalTOML(value any) error {
	l.value = value
	return errLocated
}

func (r *reader) locate(name string, primitive toml.Primitive) located {
	v := located{primitive: primitive, key: r.lineSpan(1), at: r.lineSpan(1)}
	var l locator
	var refusal toml.ParseError
	if errors.As(r.meta.PrimitiveDecode(primitive, &l), &refusal) {
		v.at = r.span(refusal.Position, l.value)
		v.key = r.keySpan(name, v.at)
	}
	v.value = l.value
	if v.at.Start.Line <= 1 {
		r.dotted(name, &v)
	}
	return v
}

// dotted finds what only dotted keys make, for which the decoder has no place:
// at its first key.
func (r *reader) dotted(name string, v *located) {
	for number := 1; number <= r.text.Lines(); number++ {
		line := r.text.Line(number)
		before, _, _ := strings.Cut(line, "=")
		start := strings.Index(before, name)
		if start < 0 || start > 0 && !strings.ContainsRune(" \t.[\"'", rune(line[start-1])) {
			continue
		}
		v.key = r.bytes(number, start, start+len(name))
		if _, isTable := v.value.(map[string]any); isTable {
			v.at = v.key
		}
		return
	}
}

// span widens the decoder's place, which leaves out the quotes of a text and
// the bracket that opens a list.
func (r *reader) span(at toml.Position, value any) position.Span {
	line := r.text.Line(at.Line)
	start := min(max(at.Col-1, 0), len(line))
	end := min(start+max(at.Len, 1), len(line))
	switch value := value.(type) {
	case string:
		if value == "" {
			end = start
		}
		for start > 0 && end < len(line) && line[start-1] == line[end] && (line[end] == '"' || line[end] == '\'') {
			start, end = start-1, end+1
		}
	case []any:
		start = max(strings.LastIndexByte(line[:min(start+1, len(line))], '['), 0)
		if closing := strings.LastIndexByte(line, ']'); closing > start {
			end = closing + 1
		}
	}
	return r.bytes(max(at.Line, 1), start, end)
}

// keySpan finds a key in front of its value: on the same line, or above it for
// a value that fills several.
func (r *reader) keySpan(name string, value position.Span) position.Span {
	for number := value.Start.Line; number >= 1 && number > value.Start.Line-100; number-- {
		line := r.text.Line(number)
		if at := strings.Index(line, name); at >= 0 {
			return r.bytes(number, at, at+len(name))
		}
	}
	return value
}

// bytes is the span of the bytes [start, end) of a line.
func (r *reader) bytes(number, start, end int) position.Span {
	line := r.text.Line(number)
	start, end = min(start, len(line)), min(end, len(line))
	first := utf8.RuneCountInString(line[:start]) + 1
	last := first + max(utf8.RuneCountInString(line[start:max(start, end)]), 1)
	return position.Span{File: r.text.File, Start: position.At(number, first), End: position.At(number, last)}
}
