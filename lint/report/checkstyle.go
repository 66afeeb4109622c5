package report

import (
	"encoding/xml"
	"io"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
)

type checkstyleReport struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

var checkstyleSeverities = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Note: "info"}

// checkstyleVersion is of the form that is written, which has not changed since.
const checkstyleVersion = "4.3"

// Checkstyle writes a result as Checkstyle does, which many programs read. Each
// file that was judged is in it, with findings or without.
func Checkstyle(w io.Writer, result *lint.Result, o Options) error {
	report := checkstyleReport{Version: checkstyleVersion}
	files, found := byFile(result)
	for _, name := range files {
		file := checkstyleFile{Name: display.Clean(o.path(name))}
		for _, f := range found[name] {
			file.Errors = append(file.Errors, checkstyleError{f.Span.Start.Line, f.Span.Start.Column, checkstyleSeverities[f.Severity], cleanLines(told(result, f)), "rcomp." + f.Rule.ID})
		}
		for _, u := range result.Unseen {
			if u.Span.File == name {
				file.Errors = append(file.Errors, checkstyleError{u.Span.Start.Line, u.Span.Start.Column, "info", display.Clean(notSeen + ": " + message(result, u.Message)), "rcomp.not-seen"})
			}
		}
		report.Files = append(report.Files, file)
	}
	return writeXML(w, report)
}
