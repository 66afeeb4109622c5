package report

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/lint"
)

// Text writes a result for people: each finding with its line and a mark
// under the fault, then what could not be seen, then a summary. Where there is
// nothing to say it writes nothing.
func Text(w io.Writer, result *lint.Result, color bool) error {
	t := text{Writer: bufio.NewWriter(w), result: result, lines: map[string][][]byte{}}
	if color {
		t.colors = terminalColors
	}
	for _, finding := range result.Findings {
		t.finding(finding)
	}
	t.notes()
	t.summary()
	return t.Flush()
}

type text struct {
	*bufio.Writer
	result *lint.Result
	lines  map[string][][]byte // of each file that was quoted
	colors colors
}

// colors are the control sequences around parts of a line; none are empty.
type colors struct {
	severity          map[lint.Severity]string
	place, mark, none string
}

var terminalColors = colors{
	severity: map[lint.Severity]string{lint.Error: "\x1b[1;31m", lint.Warning: "\x1b[1;33m", lint.Note: "\x1b[1;36m"},
	place:    "\x1b[1m",
	mark:     "\x1b[32m",
	none:     "\x1b[0m",
}

func (t *text) finding(f lint.Finding) {
	t.place(f.Span)
	fmt.Fprintf(t, "%s%s:%s %s [%s]\n", t.colors.severity[f.Severity], f.Severity, t.colors.none, Clean(f.Message), f.Rule.ID)
	quoted, ok := excerpt(t.line(f.Span), f.Span)
	if !ok {
		return
	}
	number := fmt.Sprint(f.Span.Start.Line)
	fmt.Fprintf(t, "%s | %s\n", number, quoted.line)
	fmt.Fprintf(t, "%s | %s%s%s%s\n", strings.Repeat(" ", len(number)), quoted.indent, t.colors.mark, quoted.mark, t.colors.none)
}

func (t *text) place(at position.Span) {
	fmt.Fprintf(t, "%s%s:%d:%d:%s ", t.colors.place, cleanPath(at.File), at.Start.Line, at.Start.Column, t.colors.none)
}

// line returns the line on which a span starts, nil where it is not known.
func (t *text) line(at position.Span) []byte {
	lines, ok := t.lines[at.File]
	if !ok {
		lines = splitLines(t.result.Sources(at.File))
		t.lines[at.File] = lines
	}
	if at.Start.Line < 1 || at.Start.Line > len(lines) {
		return nil
	}
	return lines[at.Start.Line-1]
}

func splitLines(source []byte) [][]byte {
	lines := bytes.Split(bytes.TrimPrefix(source, []byte("\ufeff")), []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimSuffix(line, []byte("\r"))
	}
	return lines
}

func (t *text) notes() {
	if len(t.result.Unseen) > 0 {
		fmt.Fprintln(t, "not seen, so not judged:")
	}
	for _, note := range t.result.Unseen {
		t.place(note.Span)
		fmt.Fprintf(t, "%snote:%s %s\n", t.colors.severity[lint.Note], t.colors.none, Clean(note.Message))
	}
}

func (t *text) summary() {
	if len(t.result.Findings) == 0 && len(t.result.Unseen) == 0 {
		return
	}
	var counts []string
	for _, severity := range []lint.Severity{lint.Error, lint.Warning, lint.Note} {
		if count := t.result.Count(severity); count > 0 {
			counts = append(counts, plural(count, severity.String()))
		}
	}
	if len(counts) == 0 {
		counts = []string{"no findings"}
	}
	fmt.Fprintf(t, "%s in %s", strings.Join(counts, ", "), plural(len(t.result.Files), "file"))
	if unseen := len(t.result.Unseen); unseen > 0 {
		fmt.Fprintf(t, "; %s not seen", plural(unseen, "thing"))
	}
	fmt.Fprintln(t)
}

func plural(count int, noun string) string {
	if count != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", count, noun)
}
