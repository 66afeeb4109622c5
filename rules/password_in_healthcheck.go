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
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			probes, _ := s.Health()
			for _, probe := range probes {
				if probe.PasswordGiven {
					at, where := probe.WordAt(probe.PasswordWord), "docker inspect and ps show it"
					if probe.Expanded {
						where = "ps shows it"
					}
					p.Report(at, s.Service, "the health check of %q passes the password as an argument: %s", s.Name, where)
				}
			}
		}
	},
}
