package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

// longestSummary keeps a table below what GitHub takes of a step, 1 MiB
// (docs.github.com, "Step isolation and limits"), with room for what another
// program of the step says.
const longestSummary = 512 << 10

// GitHubSummary writes a result as Markdown for the page of a run, the worst
// first: all that annotations have no room for.
func GitHubSummary(w io.Writer, result *lint.Result, o Options) error {
	var b strings.Builder
	b.WriteString("## rcomp lint\n\n")
	closing := text{result: result}
	fmt.Fprintf(&b, "%s\n", escapeMarkdown(closing.closingLine()))
	for _, picture := range o.Pictures {
		if b.Len()+len(picture) < longestSummary/2 && !strings.Contains(picture, "```") {
			fmt.Fprintf(&b, "\n```mermaid\n%s\n```\n", strings.TrimRight(picture, "\n"))
		}
	}
	rows := summaryRows(result, o)
	if len(rows) > 0 {
		b.WriteString("\n| | where | what | rule |\n|---|---|---|---|\n")
	}
	for i, row := range rows {
		if b.Len()+len(row) > longestSummary {
			fmt.Fprintf(&b, "\nAnd %d more.\n", len(rows)-i)
			break
		}
		b.WriteString(row)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func summaryRows(result *lint.Result, o Options) []string {
	var rows []string
	for _, f := range bySeverity(result.Findings) {
		rule := fmt.Sprintf("[%s](%s)", f.Rule.ID, pageOf(f.Rule.ID))
		rows = append(rows, summaryRow(f.Severity.String(), o, f.Span, told(result, f), rule))
	}
	for _, u := range result.Unseen {
		rows = append(rows, summaryRow(notSeen, o, u.Span, message(result, u.Message), ""))
	}
	for _, i := range result.Ignored {
		rows = append(rows, summaryRow("ignored", o, i.Span, message(result, i.Message)+": "+message(result, i.Reason), i.Rule.ID))
	}
	return rows
}

func summaryRow(severity string, o Options, at position.Span, message, rule string) string {
	return fmt.Sprintf("| %s | %s | %s | %s |\n", severity, escapeMarkdown(fmt.Sprintf("%s:%d:%d", o.path(at.File), at.Start.Line, at.Start.Column)), strings.ReplaceAll(escapeMarkdown(message), "\n", "<br>"), rule)
}
