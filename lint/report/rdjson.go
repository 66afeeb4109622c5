package report

import (
	"io"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// The shapes of reviewdog's diagnostic format (reviewdog/reviewdog,
// proto/rdf/reviewdog.proto): columns count bytes from 1, and a range ends just
// past its text.
type rdReport struct {
	Source      rdSource       `json:"source"`
	Diagnostics []rdDiagnostic `json:"diagnostics"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Code        *rdCode        `json:"code,omitempty"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
}

type rdLocation struct {
	Path  string  `json:"path"`
	Range rdRange `json:"range"`
}

type rdRange struct {
	Start rdPosition `json:"start"`
	End   rdPosition `json:"end"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

var rdSeverities = map[lint.Severity]string{lint.Error: "ERROR", lint.Warning: "WARNING", lint.Note: "INFO"}

// RDJSON writes a result as reviewdog reads it, with fixes as suggestions.
func RDJSON(w io.Writer, result *lint.Result, o Options) error {
	report := rdReport{Source: rdSource{"rcomp", homepage}, Diagnostics: []rdDiagnostic{}}
	for _, f := range result.Findings {
		report.Diagnostics = append(report.Diagnostics, rdDiagnostic{
			Message: told(result, f), Location: rdLocation{o.path(f.Span.File), rdSpan(result, f.Span)}, Severity: rdSeverities[f.Severity],
			Code: &rdCode{f.Rule.ID, pageOf(f.Rule.ID)}, Suggestions: suggestions(result, f),
		})
	}
	for _, u := range result.Unseen {
		report.Diagnostics = append(report.Diagnostics, rdDiagnostic{
			Message: notSeen + ": " + message(result, u.Message), Location: rdLocation{o.path(u.Span.File), rdSpan(result, u.Span)}, Severity: "INFO",
		})
	}
	return display.WriteJSON(w, report)
}

// suggestions is the fix of a finding where it is one change of the file that
// the finding stands in: reviewdog has no other.
func suggestions(result *lint.Result, f lint.Finding) []rdSuggestion {
	fix := shownFix(result, f)
	if fix == nil {
		return nil
	}
	edit, ok := joined(result, fix.Edits)
	source := result.Sources(f.Span.File)
	if !ok || edit.File != f.Span.File || source == nil || edit.End > len(source) {
		return nil
	}
	start, end := placeOf(source, edit.Start, inBytes), placeOf(source, edit.End, inBytes)
	return []rdSuggestion{{rdRange{rdPosition(start), rdPosition(end)}, edit.New}}
}

func rdSpan(result *lint.Result, at position.Span) rdRange {
	text := result.Text(at.File)
	return rdRange{rdPlace(text, at.Start), rdPlace(text, at.End)}
}

func rdPlace(text *position.Text, at position.Pos) rdPosition {
	if at.Line < 1 || at.Line > text.Lines() {
		return rdPosition{max(at.Line, 1), max(at.Column, 1)}
	}
	return rdPosition{at.Line, 1 + len(text.Line(at.Line)) - len(text.From(at))}
}
