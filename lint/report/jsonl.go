package report

import (
	"bufio"
	"io"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
)

// JSONLines writes what JSON does as objects on lines of their own, each with
// its kind: those of the lists first, the summary last.
func JSONLines(w io.Writer, result *lint.Result) error {
	report := newJSONReport(result)
	l := lines{Writer: bufio.NewWriter(w)}
	for _, f := range report.Findings {
		l.write(struct {
			Kind string `json:"kind"`
			jsonFinding
		}{"finding", f})
	}
	for _, u := range report.Unseen {
		l.write(struct {
			Kind string `json:"kind"`
			jsonUnseen
		}{"unseen", u})
	}
	for _, i := range report.Ignored {
		l.write(struct {
			Kind string `json:"kind"`
			jsonIgnored
		}{"ignored", i})
	}
	for _, g := range report.Gone {
		l.write(struct {
			Kind string `json:"kind"`
			jsonGone
		}{"gone", g})
	}
	l.write(struct {
		Kind    string `json:"kind"`
		Version int    `json:"version"`
		jsonSummary
	}{"summary", report.Version, report.Summary})
	if l.err != nil {
		return l.err
	}
	return l.Flush()
}

// lines remembers the first error.
type lines struct {
	*bufio.Writer
	err error
}

func (l *lines) write(value any) {
	if l.err == nil {
		l.err = display.WriteJSONLine(l, value)
	}
}
