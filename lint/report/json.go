package report

import (
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
}

type jsonFinding struct {
	Rule      string   `json:"rule"`
	Severity  string   `json:"severity"`
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	EndLine   int      `json:"endLine"`
	EndColumn int      `json:"endColumn"`
	Service   string   `json:"service"`
	Message   string   `json:"message"`
	Fix       *jsonFix `json:"fix"`
}

type jsonFix struct {
	Title  string     `json:"title"`
	Unsafe bool       `json:"unsafe"`
	Edits  []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
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
		},
	}
	for _, f := range result.Findings {
		report.Findings = append(report.Findings, jsonFinding{
			Rule: f.Rule.ID, Severity: f.Severity.String(), File: f.Span.File,
			Line: f.Span.Start.Line, Column: f.Span.Start.Column, EndLine: f.Span.End.Line, EndColumn: f.Span.End.Column,
			Service: f.Service, Message: message(result, f.Message), Fix: newJSONFix(result, f.Fix),
		})
	}
	for _, u := range result.Unseen {
		report.Unseen = append(report.Unseen, jsonUnseen{
			File: u.Span.File,
			Line: u.Span.Start.Line, Column: u.Span.Start.Column, EndLine: u.Span.End.Line, EndColumn: u.Span.End.Column,
			Service: u.Service, Message: message(result, u.Message),
		})
	}
	return display.WriteJSON(w, report)
}

// newJSONFix describes a fix. Its text goes into a file, so it must be whole:
// one that would write a secret is not offered.
func newJSONFix(result *lint.Result, fix *lint.Fix) *jsonFix {
	if fix == nil {
		return nil
	}
	edits := []jsonEdit{}
	for _, edit := range fix.Edits {
		if result.Secrets.Hide(edit.New) != edit.New {
			return nil
		}
		edits = append(edits, jsonEdit(edit))
	}
	return &jsonFix{Title: message(result, fix.Title), Unsafe: fix.Unsafe, Edits: edits}
}
