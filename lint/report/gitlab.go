package report

import (
	"io"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
)

// gitlabIssue is an entry of GitLab's code quality report
// (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format").
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

var gitlabSeverities = map[lint.Severity]string{lint.Error: "critical", lint.Warning: "major", lint.Note: "minor"}

// GitLab writes a result as GitLab's code quality reads it. A finding has the
// same fingerprint in each run that finds it, and GitLab compares branches by
// them. What could not be seen is no fault, and left out.
func GitLab(w io.Writer, result *lint.Result, o Options) error {
	marks := newFingerprints(result, o)
	issues := []gitlabIssue{}
	for _, f := range result.Findings {
		issues = append(issues, gitlabIssue{
			Description: toldInALine(result, f), CheckName: f.Rule.ID, Fingerprint: marks.of(f), Severity: gitlabSeverities[f.Severity],
			Location: gitlabLocation{o.path(f.Span.File), gitlabLines{f.Span.Start.Line, max(f.Span.Start.Line, f.Span.End.Line)}},
		})
	}
	return display.WriteJSON(w, issues)
}
