package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var healthcheckMissing = &lint.Rule{
	ID:       "healthcheck-missing",
	Group:    "health",
	Severity: lint.Note,
	Summary:  "The server has no health check",
	Why: `
The images bring none. Without one Compose takes a container for ready as soon as
its process runs: depends_on lets clients start while the server still loads its
data, and up --wait waits for nothing.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/services/#healthcheck"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Add a check, and let what needs the server wait for service_healthy.",
		Ignore:   "Where the server is watched from outside, and nothing waits for it.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Possible, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service:",
		Lines:  []string{"healthcheck:", "  test: <command that asks PING with the password of the server>", "  interval: 10s", "  timeout: 5s", "  retries: 5"},
		Choose: "<command that asks PING with the password of the server>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			if s.Partial || s.Unread || !s.Image.Traits().ReadsConf || !starts(s) {
				continue
			}
			switch check, built := s.Config.HealthCheck, s.Built; {
			case built != nil && built.Health != nil && (check == nil || len(check.Test) == 0 && !check.Disable):
				if built.Health.Words[0].Text == "NONE" {
					p.Report(built.HealthAt, s.Service, "the health check of %q is turned off: nothing tells when it is ready", s.Name)
				}
			case check == nil || len(check.Test) == 0 && !check.Disable:
				offer(p.Report(s.Span(), s.Service, "%q has no health check: nothing tells when it is ready", s.Name), addCheck(s))
			case check.Disable || len(check.Test) > 0 && check.Test[0] == "NONE":
				p.Report(s.KeyAt("healthcheck"), s.Service, "the health check of %q is turned off: nothing tells when it is ready", s.Name)
			}
		}
	},
}
