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

// GitHub writes a result as workflow commands, which GitHub shows on the
// lines of a pull request. What could not be seen becomes a notice.
func GitHub(w io.Writer, result *lint.Result) error {
	buffered := bufio.NewWriter(w)
	for _, f := range result.Findings {
		writeAnnotation(buffered, f.Severity, f.Span, f.Rule.ID, said(result, f))
	}
	for _, unseen := range result.Unseen {
		writeAnnotation(buffered, lint.Note, unseen.Span, notSeen, message(result, unseen.Message))
	}
	return buffered.Flush()
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
func escapeData(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = display.Clean(line)
	}
	return dataEscapes.Replace(strings.Join(lines, "\n"))
}

// escapeProperty leaves a path's characters alone, so that GitHub finds the
// file, but for those that a log would not show.
func escapeProperty(text string) string { return propertyEscapes.Replace(display.Clean(text)) }
