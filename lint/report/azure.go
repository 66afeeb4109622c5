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

// Azure writes a result as logging commands, which Azure Pipelines shows as
// the issues of a step. It knows errors and warnings; notes, and what could not
// be seen, are lines of its log.
func Azure(w io.Writer, result *lint.Result, o Options) error {
	buffered := bufio.NewWriter(w)
	for _, f := range bySeverity(result.Findings) {
		f.Span.File = o.path(f.Span.File)
		if f.Severity == lint.Note {
			fmt.Fprintln(buffered, conciseLine(f.Span, f.Severity.String(), said(result, f), f.Rule.ID))
			continue
		}
		writeIssue(buffered, f.Severity, f.Span, f.Rule.ID, toldInALine(result, f))
	}
	for _, unseen := range result.Unseen {
		unseen.Span.File = o.path(unseen.Span.File)
		fmt.Fprintf(buffered, "%s:%d:%d: %s: %s\n", display.CleanPath(unseen.Span.File), unseen.Span.Start.Line, unseen.Span.Start.Column, notSeen,
			display.Clean(message(result, unseen.Message)))
	}
	return buffered.Flush()
}

func writeIssue(w io.Writer, severity lint.Severity, at position.Span, rule, message string) {
	fmt.Fprintf(w, "##vso[task.logissue type=%s;sourcepath=%s;linenumber=%d;columnnumber=%d;code=%s;]%s\n",
		severity, escapeAzureProperty(at.File), at.Start.Line, at.Start.Column, escapeAzureProperty(rule), escapeAzureData(message))
}

// What the agent undoes (microsoft/azure-pipelines-agent, Command.cs).
var (
	azureData     = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A")
	azureProperty = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A", ";", "%3B", "]", "%5D")
)

// escapeAzureData has no line ends left, since it is clean.
func escapeAzureData(text string) string { return azureData.Replace(display.Clean(text)) }

func escapeAzureProperty(text string) string { return azureProperty.Replace(display.Clean(text)) }
