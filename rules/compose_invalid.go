package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/lint/compose"

	"github.com/rcomp/rcomp/lint"
)

var composeInvalid = &lint.Rule{
	ID:       "compose-invalid",
	Group:    "compose",
	Severity: lint.Error,
	Summary:  "Compose refuses the file",
	Why: `
The file is YAML, but Compose stops at it: a key that it does not know, a value
of the wrong type, a service or a volume that is named and not declared. Nothing
of the project starts. A file of Compose v1 is refused too, and judged all the
same. What only makes sense together with another file is no fault: it is judged
as a part of that, and a note says so.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    imagee: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    x-note: a key of one's own begins with x-\n",
		Mend:     "Do what the message says; docker compose config says it too, one fault at a time.",
		Ignore:   "Where the file is for another program that takes more than Compose does.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "what Compose takes in this place, in the file:",
		Lines:  []string{"<key>: <value>"},
		Choose: "<key>: <value>",
	},
	Check: func(p *lint.Pass) {
		for _, refusal := range p.Refusals {
			switch refusal.Kind {
			case compose.Refused, compose.Inconsistent, compose.Undefined, compose.Version1, compose.TooMuch:
				offer(p.Report(refusal.Span, nil, "%s", refusal.Message), correctKey(p, refusal)).Service = refusal.Service
			case compose.Fragment:
				p.Note(refusal.Span, refusal.Service, fmt.Sprintf("%q has neither image nor build: this is a part of something, judged as far as it goes; name the files together with -f", refusal.Service))
			case compose.NoServices:
				p.Note(refusal.Span, refusal.Service, refusal.Message)
			}
		}
	},
}
