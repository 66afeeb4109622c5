package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

type junitReport struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Skipped int         `xml:"skipped,attr"` // of a suite alone: Jenkins' schema knows no sum of them
	Cases   []junitCase `xml:"testcase"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkipped `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// JUnit writes a result as tests: a suite for each file and a case for each
// finding. What makes the run fail is a failure, a milder finding passes and
// says something; what could not be seen, or is ignored, is skipped. A file
// without any of them has a case that passes.
func JUnit(w io.Writer, result *lint.Result, o Options) error {
	report := junitReport{Name: "rcomp"}
	files, found := byFile(result)
	for _, name := range files {
		suite := junitSuite{Name: display.Clean(o.path(name))}
		for _, f := range found[name] {
			suite.add(newJUnitCase(result, f, o))
		}
		for _, u := range result.Unseen {
			if u.Span.File == name {
				suite.add(junitCase{Name: caseName(notSeen, u.Span), Skipped: &junitSkipped{display.Clean(message(result, u.Message))}})
			}
		}
		for _, i := range result.Ignored {
			if i.Span.File == name {
				suite.add(junitCase{Name: caseName(i.Rule.ID, i.Span), Skipped: &junitSkipped{display.Clean("ignored: " + message(result, i.Reason))}})
			}
		}
		if suite.Tests == 0 {
			suite.add(junitCase{Name: "no findings"})
		}
		report.Suites = append(report.Suites, suite)
		report.Tests, report.Failures = report.Tests+suite.Tests, report.Failures+suite.Failures
	}
	return writeXML(w, report)
}

func newJUnitCase(result *lint.Result, f lint.Finding, o Options) junitCase {
	c := junitCase{Name: caseName(f.Rule.ID, f.Span)}
	at := f.Span
	at.File = o.path(at.File)
	text := strings.Join(append([]string{conciseLine(at, f.Severity.String(), said(result, f), f.Rule.ID)}, remedyLines(result, f)...), "\n")
	text = cleanLines(text)
	if o.fails(f) {
		c.Failure = &junitFailure{f.Severity.String(), display.Clean(said(result, f)), text}
	} else {
		c.Output = text
	}
	return c
}

func caseName(rule string, at position.Span) string {
	return fmt.Sprintf("%s at %d:%d", rule, at.Start.Line, at.Start.Column)
}

func (s *junitSuite) add(c junitCase) {
	c.Class = s.Name
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}
