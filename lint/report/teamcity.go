package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
)

// TeamCity writes a result as service messages: each rule as a type of
// inspection before its first finding, each finding as an inspection.
func TeamCity(w io.Writer, result *lint.Result, o Options) error {
	t := teamcity{Writer: bufio.NewWriter(w), known: map[string]bool{}}
	for _, f := range result.Findings {
		t.inspection(f.Rule.ID, f.Rule.Summary, f.Rule.Group, o.path(f.Span.File), f.Span.Start.Line, toldInALine(result, f), teamcitySeverities[f.Severity])
	}
	for _, u := range result.Unseen {
		t.inspection("not-seen", "What could not be seen, and so was not judged", "not seen", o.path(u.Span.File), u.Span.Start.Line, message(result, u.Message), "INFO")
	}
	return t.Flush()
}

var teamcitySeverities = map[lint.Severity]string{lint.Error: "ERROR", lint.Warning: "WARNING", lint.Note: "WEAK WARNING"}

type teamcity struct {
	*bufio.Writer
	known map[string]bool
}

func (t *teamcity) inspection(id, summary, group, file string, line int, message, severity string) {
	if !t.known[id] {
		t.known[id] = true
		fmt.Fprintf(t, "##teamcity[inspectionType id='%s' name='%s' category='rcomp: %s' description='%s']\n",
			escapeTeamCity(id), escapeTeamCity(id), escapeTeamCity(group), escapeTeamCity(summary))
	}
	fmt.Fprintf(t, "##teamcity[inspection typeId='%s' message='%s' file='%s' line='%d' SEVERITY='%s']\n",
		escapeTeamCity(id), escapeTeamCity(message), escapeTeamCity(file), line, severity)
}

// teamcityEscapes are those of TeamCity's documentation ("Service Messages",
// "Escaped Values"). Line ends are gone before.
var teamcityEscapes = strings.NewReplacer("|", "||", "'", "|'", "[", "|[", "]", "|]")

func escapeTeamCity(text string) string { return teamcityEscapes.Replace(display.Clean(text)) }
