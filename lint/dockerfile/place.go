package dockerfile

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/rcomp/rcomp/lint/position"
)

// lines are those that an instruction stands on, counted in the text.
type lines struct{ first, last int }

func linesOf(ranges []parser.Range) lines {
	if len(ranges) == 0 {
		return lines{1, 1}
	}
	return lines{ranges[0].Start.Line, ranges[len(ranges)-1].End.Line}
}

// span is the first line of an instruction.
func (s Source) span(l lines) position.Span {
	if !s.Whole.IsZero() {
		return s.Whole
	}
	return s.File.LineSpan(s.Above + l.first)
}

// finder finds the words of an instruction one behind the other.
type finder struct {
	source Source
	lines  lines
	at     position.Pos
}

// find starts at the beginning of an instruction, behind its name.
func (s Source) find(l lines) *finder {
	f := &finder{source: s, lines: l}
	if s.Whole.IsZero() {
		span := s.File.LineSpan(s.Above + l.first)
		name, _, _ := strings.Cut(strings.TrimLeft(s.File.Line(s.Above+l.first), " \t"), " ")
		f.at = position.At(span.Start.Line, span.Start.Column+len([]rune(name)))
	}
	return f
}

// word places a piece of the text; a piece that does not stand there as it is
// has the place of the instruction.
func (f *finder) word(text string) position.Span {
	if !f.source.Whole.IsZero() {
		return f.source.Whole
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if first != "" {
		left := f.source.Above + f.lines.last - f.at.Line + 1
		if found, ok := f.source.File.Find(f.at, first, left); ok {
			f.at = found.End
			return found
		}
	}
	return f.source.span(f.lines)
}
