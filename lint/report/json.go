package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint"
)

// jsonVersion rises when a program that read the older form could misread the
// newer one. New keys alone do not raise it.
const jsonVersion = 1

type jsonReport struct {
	Version  int           `json:"version"`
	Findings []jsonFinding `json:"findings"`
	Notes    []jsonNote    `json:"notes"`
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

type jsonNote struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Service string `json:"service"`
	Message string `json:"message"`
}

// jsonSummary counts the files that were judged, and findings by severity.
type jsonSummary struct {
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
}

// JSON writes a result for programs. Lines and columns count from 1, columns
// in characters; endColumn is just past the text; edits count bytes from 0.
func JSON(w io.Writer, result *lint.Result) error {
	report := jsonReport{
		Version:  jsonVersion,
		Findings: []jsonFinding{},
		Notes:    []jsonNote{},
		Summary: jsonSummary{
			Files:    len(result.Files),
			Errors:   result.Count(lint.Error),
			Warnings: result.Count(lint.Warning),
			Notes:    result.Count(lint.Note),
		},
	}
	for _, f := range result.Findings {
		report.Findings = append(report.Findings, jsonFinding{
			Rule: f.Rule.ID, Severity: f.Severity.String(), File: f.Span.File,
			Line: f.Span.Start.Line, Column: f.Span.Start.Column, EndLine: f.Span.End.Line, EndColumn: f.Span.End.Column,
			Service: f.Service, Message: f.Message, Fix: newJSONFix(f.Fix),
		})
	}
	for _, n := range result.Unseen {
		report.Notes = append(report.Notes, jsonNote{
			File: n.Span.File, Line: n.Span.Start.Line, Column: n.Span.Start.Column, Service: n.Service, Message: n.Message,
		})
	}
	return WriteJSON(w, report)
}

func newJSONFix(fix *lint.Fix) *jsonFix {
	if fix == nil {
		return nil
	}
	edits := []jsonEdit{}
	for _, edit := range fix.Edits {
		edits = append(edits, jsonEdit(edit))
	}
	return &jsonFix{Title: fix.Title, Unsafe: fix.Unsafe, Edits: edits}
}

// WriteJSON writes a value as every command of rcomp writes JSON: indented,
// with < and & as they are, and with everything that does not print escaped,
// since it may be shown on a terminal.
func WriteJSON(w io.Writer, value any) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escapeHidden(buffer.Bytes()))
	return err
}

// escapeHidden writes what does not print as JSON's \u escapes. The encoder
// has done so below U+0020, and outside of strings there is only ASCII.
func escapeHidden(encoded []byte) []byte {
	escaped := make([]byte, 0, len(encoded))
	for i := 0; i < len(encoded); {
		r, size := utf8.DecodeRune(encoded[i:])
		switch {
		case r < utf8.RuneSelf && r != '\x7f', unicode.IsPrint(r):
			escaped = append(escaped, encoded[i:i+size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			escaped = fmt.Appendf(escaped, `\u%04x\u%04x`, high, low)
		default:
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		}
		i += size
	}
	return escaped
}
