package lint

import (
	"strings"

	"github.com/rcomp/rcomp/lint/position"
)

// mostMarked bounds how many lines of a finding are what it is about.
const mostMarked = 20

// Marked is the text that a place marks, without secrets: what a finding is
// about, wherever it stands.
func (r *Result) Marked(at position.Span) string {
	text := r.Text(at.File)
	var b strings.Builder
	for number := at.Start.Line; number <= min(at.End.Line, text.Lines(), at.Start.Line+mostMarked); number++ {
		line := text.Line(number)
		start, end := 0, len(line)
		if number == at.Start.Line {
			start = len(line) - len(text.From(at.Start))
		}
		if number == at.End.Line {
			end = max(start, len(line)-len(text.From(at.End)))
		}
		b.WriteString(r.withoutSecrets(at.File, number, line, start, end) + "\n")
	}
	return b.String()
}

// Text is a file that a finding names, split into lines once.
func (r *Result) Text(file string) *position.Text {
	if r.texts == nil {
		r.texts = map[string]*position.Text{}
	}
	if r.texts[file] == nil {
		r.texts[file] = position.NewText(file, r.Sources(file))
	}
	return r.texts[file]
}

// withoutSecrets is a part of a line with its secrets hidden: what takes their
// place says nothing of them, so it is the same whatever they are.
func (r *Result) withoutSecrets(file string, number int, line string, start, end int) string {
	var b strings.Builder
	for _, hidden := range r.Secrets.InLine(file, number, line) {
		if hidden.End <= start || hidden.Start >= end {
			continue
		}
		b.WriteString(line[start:max(start, hidden.Start)])
		b.WriteString("\x00")
		start = min(hidden.End, end)
	}
	b.WriteString(line[start:end])
	return b.String()
}
