package rules

import (
	"slices"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var healthcheckWithoutShell = &lint.Rule{
	ID:       "healthcheck-without-shell",
	Group:    "health",
	Severity: lint.Warning,
	Summary:  "The health check is written for a shell, and none runs it",
	Why: `
In the form [CMD, ...] every word goes to the program as it is: redis-cli sends
"|", "grep" and "PONG" to the server as arguments of PING, gets an error for
them, and exits with 0. The check sees nothing but that the port answers, not
that the server still loads or asks for a password. Write [CMD-SHELL, ...], or
redis-cli -e, which turns an error into a failure.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/services/#healthcheck"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, ping, \"|\", grep, PONG]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD-SHELL, \"redis-cli ping | grep PONG\"]}\n",
		Mend:     "Write CMD-SHELL and the whole as one text.",
		Ignore:   "Where it is enough to know that the port answers.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the health check:",
		Lines:  []string{"test: [\"CMD-SHELL\", \"<command>\"]"},
		Choose: "<command>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			test := checkWords(s)
			if len(test) < 3 || test[0] != "CMD" {
				continue
			}
			probes, seen := s.Health()
			if !seen || len(probes) != 1 || probes[0].ExitOnError {
				continue
			}
			if at := slices.IndexFunc(test, isOperator); at > 1 {
				offer(p.Report(s.At("healthcheck", "test", at), s.Service, "no shell runs the health check of %q: %q and what follows go to the server as arguments, whose error counts as healthy", s.Name, test[at]), replaceCheck(s))
			}
		}
	},
}

// isOperator recognises a word that only a shell makes something of.
func isOperator(word string) bool {
	return slices.Contains([]string{"|", "||", "&&", ";", ">", "2>&1", "&"}, word)
}
