package report

import (
	"fmt"
	"io"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
)

// The shapes of this file are a contract, written down in docs/formats.md: from
// here on keys are only added.

// jsonVersion would rise if a program that reads the older form could misread
// the newer one.
const jsonVersion = 1

type jsonReport struct {
	Version  int           `json:"version"`
	Findings []jsonFinding `json:"findings"`
	Unseen   []jsonUnseen  `json:"unseen"`
	Summary  jsonSummary   `json:"summary"`
	Ignored  []jsonIgnored `json:"ignored"`
	Gone     []jsonGone    `json:"gone"`
}

// jsonIgnored is a finding that a comment says is none.
type jsonIgnored struct {
	jsonFinding
	Reason string      `json:"reason"`
	By     jsonComment `json:"ignoredBy"`
}

// jsonComment is where the comment stands.
type jsonComment struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// jsonGone is an entry of the baseline that nothing is found for any more.
type jsonGone struct {
	Rule     string `json:"rule"`
	File     string `json:"file"`
	Service  string `json:"service"`
	Baseline string `json:"baseline"`
	Line     int    `json:"line"`
}

type jsonFinding struct {
	Rule      string    `json:"rule"`
	Severity  string    `json:"severity"`
	File      string    `json:"file"`
	Line      int       `json:"line"`
	Column    int       `json:"column"`
	EndLine   int       `json:"endLine"`
	EndColumn int       `json:"endColumn"`
	Service   string    `json:"service"`
	Message   string    `json:"message"`
	Fix       *jsonFix  `json:"fix"`
	Also      []string  `json:"also"`
	Help      *jsonHelp `json:"help"`
}

type jsonFix struct {
	Title  string     `json:"title"`
	Unsafe bool       `json:"unsafe"`
	Edits  []jsonEdit `json:"edits"`
	Else   string     `json:"else"`
}

type jsonEdit struct {
	File   string `json:"file"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	New    string `json:"new"`
	Create bool   `json:"create"`
	Mode   string `json:"mode"`
}

// jsonHelp is what to write where there is no fix.
type jsonHelp struct {
	Where  string   `json:"where"`
	Lines  []string `json:"lines"`
	Choose string   `json:"choose"`
}

// jsonUnseen is something that could not be seen, and so was not judged.
type jsonUnseen struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Service   string `json:"service"`
	Message   string `json:"message"`
}

// jsonSummary counts the files that were judged, findings by severity, and
// what could not be seen.
type jsonSummary struct {
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
	Unseen   int `json:"unseen"`
	// What is counted beside findings.
	Ignored   int            `json:"ignored"`
	Known     int            `json:"known"`
	Gone      int            `json:"gone"`
	Excluded  int            `json:"excluded"`
	Untouched int            `json:"untouched"`
	Judged    map[string]int `json:"judged"`
	NotJudged map[string]int `json:"notJudged"`
}

// JSON writes a result for programs. Lines and columns count from 1, columns
// in characters; endColumn is just past the text; edits count bytes from 0.
func JSON(w io.Writer, result *lint.Result) error {
	report := jsonReport{
		Version:  jsonVersion,
		Findings: []jsonFinding{},
		Unseen:   []jsonUnseen{},
		Summary: jsonSummary{
			Files:    len(result.Files),
			Errors:   result.Count(lint.Error),
			Warnings: result.Count(lint.Warning),
			Notes:    result.Count(lint.Note),
			Unseen:   len(result.Unseen),
			Ignored:  len(result.Ignored), Known: result.Known, Gone: len(result.Gone), Excluded: result.Excluded, Untouched: result.Untouched,
			Judged: countedBy(result.Seen), NotJudged: countedBy(result.Unjudged),
		},
		Ignored: []jsonIgnored{},
		Gone:    []jsonGone{},
	}
	for _, f := range result.Findings {
		report.Findings = append(report.Findings, newJSONFinding(result, f))
	}
	for _, u := range result.Unseen {
		report.Unseen = append(report.Unseen, jsonUnseen{
			File: u.Span.File,
			Line: u.Span.Start.Line, Column: u.Span.Start.Column, EndLine: u.Span.End.Line, EndColumn: u.Span.End.Column,
			Service: u.Service, Message: message(result, u.Message),
		})
	}
	for _, i := range result.Ignored {
		report.Ignored = append(report.Ignored, jsonIgnored{
			newJSONFinding(result, i.Finding), message(result, i.Reason), jsonComment{i.At.File, i.At.Start.Line, i.At.Start.Column},
		})
	}
	for _, g := range result.Gone {
		report.Gone = append(report.Gone, jsonGone{message(result, g.Rule), message(result, g.File), message(result, g.Service), g.At.File, g.At.Start.Line})
	}
	return display.WriteJSON(w, report)
}

func countedBy(counted []lint.Counted) map[string]int {
	by := map[string]int{}
	for _, one := range counted {
		by[one.Noun] = one.Count
	}
	return by
}

func newJSONFinding(result *lint.Result, f lint.Finding) jsonFinding {
	return jsonFinding{
		Rule: f.Rule.ID, Severity: f.Severity.String(), File: f.Span.File,
		Line: f.Span.Start.Line, Column: f.Span.Start.Column, EndLine: f.Span.End.Line, EndColumn: f.Span.End.Column,
		Service: f.Service, Message: message(result, f.Message), Fix: newJSONFix(result, f.Fix), Also: listed(f.Also),
		Help: newJSONHelp(result, HelpOf(f)),
	}
}

// listed is a list that is empty and not null where there is nothing in it.
func listed(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// newJSONFix describes a fix. Its text goes into a file, so it must be whole:
// one that would write a secret is not offered.
func newJSONFix(result *lint.Result, fix *lint.Fix) *jsonFix {
	if fix == nil {
		return nil
	}
	edits := []jsonEdit{}
	for _, edit := range fix.Edits {
		if edit.Secret || result.Secrets.Hide(edit.New) != edit.New {
			return nil
		}
		edits = append(edits, newJSONEdit(edit))
	}
	return &jsonFix{Title: message(result, fix.Title), Unsafe: fix.Unsafe, Edits: edits, Else: message(result, fix.Else)}
}

func newJSONEdit(edit lint.Edit) jsonEdit {
	mode := ""
	if edit.Create {
		mode = fmt.Sprintf("%04o", edit.Mode)
	}
	return jsonEdit{edit.File, edit.Start, edit.End, edit.New, edit.Create, mode}
}

func newJSONHelp(result *lint.Result, help *lint.Help) *jsonHelp {
	if help == nil {
		return nil
	}
	lines := []string{}
	for _, line := range help.Lines {
		lines = append(lines, message(result, line))
	}
	return &jsonHelp{message(result, help.Where), lines, message(result, help.Choose)}
}
