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

// mostAnnotations are shown of each kind in a step; GitHub drops further ones
// without a word (docs.github.com, "Limits and considerations" of annotations:
// ten errors, ten warnings and ten notices a step, fifty a job).
const mostAnnotations = 10

// GitHub writes a result as workflow commands, which GitHub shows on the
// lines of a pull request, the worst first. What could not be seen becomes a
// notice. What GitHub would drop is written as text, which stays in the log.
func GitHub(w io.Writer, result *lint.Result, o Options) error {
	g := annotations{Writer: bufio.NewWriter(w), left: map[string]int{}}
	for _, command := range githubCommands {
		g.left[command] = mostAnnotations
	}
	for _, f := range bySeverity(result.Findings) {
		f.Span.File = o.path(f.Span.File)
		g.annotate(f.Severity, f.Span, f.Rule.ID, said(result, f), told(result, f))
	}
	for _, unseen := range result.Unseen {
		unseen.Span.File = o.path(unseen.Span.File)
		g.annotate(lint.Note, unseen.Span, notSeen, message(result, unseen.Message), message(result, unseen.Message))
	}
	for i, line := range g.rest {
		if i == 0 {
			fmt.Fprintf(g, "GitHub shows %d annotations of a kind for a step. What else there is:\n", mostAnnotations)
		}
		fmt.Fprintln(g, line)
	}
	return g.Flush()
}

// annotations counts what GitHub will show.
type annotations struct {
	*bufio.Writer
	left map[string]int // by command
	rest []string       // lines of text
}

func (g *annotations) annotate(severity lint.Severity, at position.Span, title, message, told string) {
	command := githubCommands[severity]
	if g.left[command] == 0 {
		g.rest = append(g.rest, conciseLine(at, severity.String(), message, title))
		return
	}
	g.left[command]--
	writeAnnotation(g, severity, at, title, told)
}

// conciseLine is a finding on one line of text.
func conciseLine(at position.Span, severity, message, rule string) string {
	return fmt.Sprintf("%s:%d:%d: %s: %s [%s]", display.CleanPath(at.File), at.Start.Line, at.Start.Column, severity, display.Clean(message), rule)
}

// Annotate writes one workflow command.
func Annotate(w io.Writer, severity lint.Severity, at position.Span, title, message string) error {
	buffered := bufio.NewWriter(w)
	writeAnnotation(buffered, severity, at, title, message)
	return buffered.Flush()
}

var githubCommands = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Note: "notice"}

func writeAnnotation(w io.Writer, severity lint.Severity, at position.Span, title, message string) {
	fmt.Fprintf(w, "::%s file=%s,line=%d", githubCommands[severity], escapeProperty(at.File), at.Start.Line)
	// The runner refuses columns where the lines differ.
	if at.End.Line > at.Start.Line {
		fmt.Fprintf(w, ",endLine=%d", at.End.Line)
	} else {
		fmt.Fprintf(w, ",col=%d,endLine=%d,endColumn=%d", at.Start.Column, at.Start.Line, max(at.End.Column, at.Start.Column))
	}
	fmt.Fprintf(w, ",title=%s::%s\n", escapeProperty(title), escapeData(message))
}

// The runner undoes these replacements, and no others (actions/runner,
// ActionCommand.cs). With line ends gone, nothing that a file says can begin a
// line and be a command of its own.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// escapeData keeps line ends, which GitHub shows, and cleans the lines.
func escapeData(text string) string { return dataEscapes.Replace(cleanLines(text)) }

// escapeProperty leaves a path's characters alone, so that GitHub finds the
// file, but for those that a log would not show.
func escapeProperty(text string) string { return propertyEscapes.Replace(display.Clean(text)) }
