package rules

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var directiveUnknown = &lint.Rule{
	ID:       "directive-unknown",
	Group:    "start",
	Severity: lint.Error,
	Alone:    true,
	Summary:  "The server does not know a directive and will not start",
	Why: `
A directive that the server's version does not have, in redis.conf or as an
option, is fatal: the container exits and restarts for ever. Redis 8 says so in
words that mislead ("Module Configuration detected without loadmodule").
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory-polcy allkeys-lru\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory-policy allkeys-lru\n",
		Mend:     "Write the name as this release has it, or run a release that has it.",
		Ignore:   "Where a module that the image loads by itself brings the directive.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the place of the line or the option, what the server knows; or nothing:",
		Lines:  []string{"<directive> <value>"},
		Choose: "<directive> <value>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, problem := range s.Problems {
				// Where the image may hold a server of its own, or modules, only what is
				// close to a known name is a mistake.
				meant := hint(s, problem)
				if problem.Kind != redis.UnknownDirective || meant == "" && s.MayKnowMore() {
					continue
				}
				offer(p.Report(problem.At, s.Service, "%s%s%s", problem.Message, meant, backslashes(s, problem.At)), renameDirective(s, problem))
			}
		}
	},
}

// hint says what was meant, where that is certain.
func hint(s *inspect.Service, problem inspect.Problem) string {
	for _, directive := range s.Release.Directives() {
		for _, value := range directive.Enum {
			if strings.EqualFold(value, problem.Name) {
				return fmt.Sprintf("; %q is a value of %s", value, directive.Name)
			}
		}
	}
	if problem.Suggestion != "" {
		return fmt.Sprintf("; did you mean %q?", problem.Suggestion)
	}
	return ""
}
