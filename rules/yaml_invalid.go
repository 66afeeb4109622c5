package rules

import (
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var yamlInvalid = &lint.Rule{
	ID:       "yaml-invalid",
	Group:    "compose",
	Severity: lint.Error,
	Summary:  "The file is not YAML",
	Why: `
Compose cannot read the file at all, so nothing in it runs. A tab in the
indentation, a quote that is not closed and a key that stands twice are the
usual causes.
`,
	Refs: []string{"https://yaml.org/spec/1.2.2/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: \"redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: \"redis:7.4.6\"\n",
		Mend:     "Close the quote or the bracket, or indent the line as its neighbours are.",
		Ignore:   "Never: Compose cannot read the file either. A template belongs under exclude in .rcomp.toml.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "the line as YAML has it: blanks and no tabs, one blank behind a colon, quotes around special characters:",
		Lines:  []string{"<key>: \"<value>\""},
		Choose: "<key>: \"<value>\"",
	},
	Check: func(p *lint.Pass) {
		for _, refusal := range p.Refusals {
			if refusal.Kind == compose.NotYAML || refusal.Kind == compose.Unreadable {
				p.Report(refusal.Span, nil, "%s", refusal.Message)
			}
		}
	},
}
