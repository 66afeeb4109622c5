package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var passwordInHealthcheck = &lint.Rule{
	ID:       "password-in-healthcheck",
	Group:    "secrets",
	Severity: lint.Warning,
	Summary:  "The health check passes the password as an argument",
	Why: `
docker inspect shows the health check, ps shows every call of it, and redis-cli
warns on each one. Let the check read the secret into its own environment:
REDISCLI_AUTH="$(cat /run/secrets/redis-password)" redis-cli ping.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/tools/cli/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, -a, \"${PASSWORD:?}\", ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    environment: {REDISCLI_AUTH: \"${PASSWORD:?}\"}\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Let redis-cli take REDISCLI_AUTH from the environment or from a file.",
		Ignore:   "Where everybody who may run docker inspect may know the password.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the health check, the password from a file of the container:",
		Lines:  []string{"test: [\"CMD-SHELL\", \"REDISCLI_AUTH=\\\"$$(cat <file>)\\\" redis-cli ping | grep -q PONG\"]"},
		Choose: "<file>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			probes, _ := s.Health()
			for _, probe := range probes {
				if probe.PasswordGiven && !givesNothing(s, probe) {
					at, where := probe.WordAt(probe.PasswordWord), "docker inspect and ps show it"
					if probe.Expanded {
						where = "ps shows it"
					}
					offer(p.Report(at, s.Service, "the health check of %q passes the password as an argument: %s", s.Name, where), replaceCheck(s))
				}
			}
		}
	},
}
