package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var directiveInvalid = &lint.Rule{
	ID:       "directive-invalid",
	Group:    "start",
	Severity: lint.Error,
	Alone:    true,
	Summary:  "The server refuses or misreads what it is given",
	Why: `
A value of the wrong type, too many or too few words, a comment behind a value,
a quote that is not closed, a conf file that is not there: the server stops and
does not start. Some values it misreads without a word (the finding is then a
warning): "save 60" on Redis 6.2 turns snapshots off.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 1.5gb\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 1536mb\n",
		Mend:     "Write a value that the server takes; comments stand on lines of their own.",
		Ignore:   "Where the image holds a server that was changed to take it.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}, {When: "the server starts and takes the words for something else, or the catalogue may be at fault", Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the place of the line or the option, a value that the server takes:",
		Lines:  []string{"<directive> <value>"},
		Choose: "<directive> <value>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, problem := range s.Problems {
				if problem.Kind == redis.UnknownDirective {
					continue
				}
				message := problem.Message
				if problem.Suggestion != "" {
					message += fmt.Sprintf("; did you mean %q?", problem.Suggestion)
				}
				finding := offer(p.Report(problem.At, s.Service, "%s%s", message, backslashes(s, problem.At)), correctValue(s, problem))
				if !problem.Fatal {
					finding.Severity = lint.Warning
				}
			}
		}
	},
}
