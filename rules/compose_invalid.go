package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/lint/compose"

	"github.com/rcomp/rcomp/lint"
)

var composeInvalid = &lint.Rule{
	ID:       "compose-invalid",
	Severity: lint.Error,
	Summary:  "Compose refuses the file",
	Why: `
The file is YAML, but Compose stops at it: a key that it does not know, a value
of the wrong type, a service or a volume that is named and not declared. Nothing
of the project starts. A file of Compose v1, and a fragment that only makes
sense together with another file, are no faults and get a note.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/"},
	Check: func(p *lint.Pass) {
		f := p.Failure
		if f == nil {
			return
		}
		switch f.Kind {
		case compose.Refused:
			p.Report(f.Span, p.Service(f.Service), "%s", f.Message).Service = f.Service
		case compose.Fragment:
			p.Note(f.Span, f.Service, fmt.Sprintf("%q has neither image nor build: this is a part of something, judged as far as it goes; name the files together with -f", f.Service))
		case compose.Version1, compose.NoServices:
			p.Note(f.Span, f.Service, f.Message)
		}
	},
}
