package edit

import (
	"io/fs"
	"strings"

	"github.com/rcomp/rcomp/lint/position"
)

func fileMode(mode uint32) fs.FileMode { return fs.FileMode(mode) }

// lineEnd is how the lines of a text end, as near to one as can be.
func lineEnd(text *position.Text, number int) string {
	if strings.HasSuffix(text.RawLine(number), "\r") || number > 1 && strings.HasSuffix(text.RawLine(number-1), "\r") {
		return "\r\n"
	}
	return "\n"
}

// endOfLine is the offset behind a line, before what ends it.
func endOfLine(text *position.Text, number int) int {
	return text.Offset(position.At(number, 1)) + len(text.Line(number))
}

// InsertBelow writes lines below a line of a file.
func (p *Plan) InsertBelow(text *position.Text, number int, lines []string) *Plan {
	at, end := endOfLine(text, number), lineEnd(text, number)
	return p.replace(text, at, at, end+strings.Join(lines, end))
}

// InsertAbove writes lines above the line of a place.
func (p *Plan) InsertAbove(at position.Span, lines ...string) *Plan {
	text := p.project.Text(at.File)
	if text == nil {
		return p.Refuse("%s is not seen", at.File)
	}
	end := lineEnd(text, at.Start.Line)
	start := text.Offset(position.At(at.Start.Line, 1))
	return p.replace(text, start, start, strings.Join(lines, end)+end)
}

// AppendLines writes lines at the end of a file.
func (p *Plan) AppendLines(file string, lines ...string) *Plan {
	text := p.project.Text(file)
	if text == nil {
		return p.Refuse("%s is not seen", file)
	}
	last := text.Lines()
	end := lineEnd(text, last)
	written := strings.Join(lines, end)
	switch at := len(text.Source); {
	case text.Line(last) == "" && at > 0: // the line above has an end
		return p.replace(text, at, at, written+end)
	case at == 0:
		return p.replace(text, at, at, written+end)
	default:
		return p.replace(text, at, at, end+written)
	}
}

// DeleteLines removes lines with their ends.
func (p *Plan) DeleteLines(text *position.Text, first, last int) *Plan {
	start, end := text.Offset(position.At(first, 1)), len(text.Source)
	if last < text.Lines() {
		end = text.Offset(position.At(last+1, 1))
	}
	return p.replace(text, start, end, "")
}

// ReplaceLine replaces the text of a line, its indentation left alone.
func (p *Plan) ReplaceLine(at position.Span, with string) *Plan {
	text := p.project.Text(at.File)
	if text == nil {
		return p.Refuse("%s is not seen", at.File)
	}
	span := text.LineSpan(at.Start.Line)
	return p.replace(text, text.Offset(span.Start), text.Offset(span.End), with)
}

// DeleteLine removes the line of a place.
func (p *Plan) DeleteLine(at position.Span) *Plan {
	text := p.project.Text(at.File)
	if text == nil {
		return p.Refuse("%s is not seen", at.File)
	}
	return p.DeleteLines(text, at.Start.Line, at.Start.Line)
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }
