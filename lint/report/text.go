package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// Look is what a text looks like.
type Look struct {
	Color      bool
	Concise    bool // a line each, without the lines of the files
	Quiet      bool // without the closing line
	Explain    bool // the closing line names the command that says more
	Statistics bool // how many findings each rule has, in the place of them
	Width      int  // of the window, in cells; 0: there is none
	Links      bool // the name of a rule leads to its page
}

// homepage is where the program is described.
const homepage = "https://github.com/rcomp/rcomp"

// pageOf is where a rule is described.
func pageOf(rule string) string { return homepage + "/blob/main/docs/rules/" + rule + ".md" }

// rule is the name of a rule as it is printed, a hyperlink where they are shown.
func (t *text) rule(id string) string {
	if !t.look.Links {
		return id
	}
	return "\x1b]8;;" + pageOf(id) + "\x1b\\" + id + "\x1b]8;;\x1b\\"
}

// Text writes a result for people: each finding with its line and a mark
// under the fault, then what could not be seen, then a closing line.
func Text(w io.Writer, result *lint.Result, look Look) error {
	t := text{Writer: bufio.NewWriter(w), result: result, look: look, files: map[string][]string{}, lines: map[place]sourceLine{}, helped: map[string]bool{}}
	if look.Color {
		t.colors = terminalColors
	}
	if look.Statistics {
		if err := Statistics(t, result); err != nil {
			return err
		}
		t.summary()
		return t.Flush()
	}
	for _, finding := range result.Findings {
		t.finding(finding)
	}
	t.unseen()
	t.gone()
	t.summary()
	return t.Flush()
}

type text struct {
	*bufio.Writer
	result *lint.Result
	look   Look
	files  map[string][]string  // the lines of each file that was quoted
	lines  map[place]sourceLine // those that were quoted
	colors colors
	helped map[string]bool // the lines to write that were said
}

// place is a line of a file.
type place struct {
	file string
	line int
}

// colors are the control sequences around parts of a line; none are empty.
type colors struct {
	severity          map[lint.Severity]string
	unseen            string
	place, mark, none string
}

var terminalColors = colors{
	severity: map[lint.Severity]string{lint.Error: "\x1b[1;31m", lint.Warning: "\x1b[1;33m", lint.Note: "\x1b[1;36m"},
	unseen:   "\x1b[1;36m",
	place:    "\x1b[1m",
	mark:     "\x1b[32m",
	none:     "\x1b[0m",
}

func (t *text) finding(f lint.Finding) {
	t.place(f.Span)
	fmt.Fprintf(t, "%s%s:%s %s [%s]\n", t.colors.severity[f.Severity], f.Severity, t.colors.none, display.Clean(said(t.result, f)), t.rule(f.Rule.ID))
	if t.look.Concise {
		return
	}
	line, ok := t.line(f.Span)
	if !ok {
		t.remedy(f, "")
		return
	}
	number := fmt.Sprint(f.Span.Start.Line)
	quoted := excerpt(line, f.Span, t.room(len(number)+len(" | ")))
	fmt.Fprintf(t, "%s | %s\n", number, quoted.line)
	fmt.Fprintf(t, "%s | %s%s%s%s\n", strings.Repeat(" ", len(number)), quoted.indent, t.colors.mark, quoted.mark, t.colors.none)
	t.remedy(f, strings.Repeat(" ", len(number)))
}

// room is how many cells an excerpt has beside its line number and the marks of
// a line that is cut at both ends.
func (t *text) room(taken int) int {
	if t.look.Width == 0 {
		return maxExcerpt
	}
	return max(min(maxExcerpt, t.look.Width-taken-2), minExcerpt)
}

func (t *text) place(at position.Span) {
	fmt.Fprintf(t, "%s%s:%d:%d:%s ", t.colors.place, display.CleanPath(at.File), at.Start.Line, at.Start.Column, t.colors.none)
}

// line returns the line on which a span starts; ok is false where it is not
// known.
func (t *text) line(at position.Span) (line sourceLine, ok bool) {
	key := place{at.File, at.Start.Line}
	if line, ok := t.lines[key]; ok {
		return line, true
	}
	lines, known := t.files[at.File]
	if !known {
		lines = splitLines(t.result.Sources(at.File))
		t.files[at.File] = lines
	}
	if key.line < 1 || key.line > len(lines) {
		return sourceLine{}, false
	}
	text := strings.TrimSuffix(lines[key.line-1], "\r")
	line = newSourceLine(text, t.result.Secrets.InLine(at.File, key.line, text))
	t.lines[key] = line
	return line, true
}

func splitLines(source []byte) []string {
	if source == nil {
		return nil
	}
	return strings.Split(strings.TrimPrefix(string(source), "\ufeff"), "\n")
}

// notSeen stands where a finding has its severity.
const notSeen = "not seen"

func (t *text) unseen() {
	for _, unseen := range t.result.Unseen {
		t.place(unseen.Span)
		fmt.Fprintf(t, "%s%s:%s %s\n", t.colors.unseen, notSeen, t.colors.none, display.Clean(message(t.result, unseen.Message)))
	}
}

func plural(count int, noun string) string {
	if count != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", count, noun)
}
