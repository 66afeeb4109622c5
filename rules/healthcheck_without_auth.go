package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var healthcheckWithoutAuth = &lint.Rule{
	ID:       "healthcheck-without-auth",
	Group:    "health",
	Severity: lint.Warning,
	Summary:  "The server has a password, and its health check does not give it",
	Why: `
redis-cli ping without the password gets the reply NOAUTH and exits with 0: the
container counts as healthy as soon as the port answers. A check that looks for PONG
never finds it, and the container is never healthy. Give the password through
REDISCLI_AUTH and compare the reply.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/tools/cli/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n    environment: {REDISCLI_AUTH: \"${PASSWORD:?}\"}\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Give the client REDISCLI_AUTH.",
		Ignore:   "Where it is enough to know that the port answers.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the health check, with the password in the container's file or variable:",
		Lines:  []string{"test: [\"CMD-SHELL\", \"REDISCLI_AUTH=\\\"$$(cat <file>)\\\" redis-cli ping | grep -q PONG\"]"},
		Choose: "<file>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			probes, seen := s.Health()
			if !seen || s.Access() != inspect.Closed || expectsRefusal(s) {
				continue
			}
			for _, probe := range probes {
				if authenticates(s, probe) || !asks(probe, s) {
					continue
				}
				result := "gets NOAUTH and exits with 0: it is healthy as soon as the port answers"
				if probe.Checked || probe.ExitOnError {
					result = "gets NOAUTH: it is never healthy"
				}
				when, none := "", "gives no password"
				if givesNothing(s, probe) {
					none += ", since its container lacks the variable that it takes it from"
				}
				if client, ok := mayBeEmpty(s, probe); ok {
					when = fmt.Sprintf("where %s is not set, ", client)
				}
				offer(p.Report(probe.At, s.Service, "%sthe health check of %q %s, so it %s", when, s.Name, none, result), replaceCheck(s))
			}
		}
	},
}

// asks reports whether a probe asks the server of its own container.
func asks(probe inspect.Probe, s *inspect.Service) bool {
	switch host := probe.Host; {
	case host == "" || host == "localhost" || host == "::1" || strings.HasPrefix(host, "127."):
		return probe.Port == "" || probe.Port == s.Get("port").Value || probe.Port == s.Get("tls-port").Value
	default:
		return slices.Contains(s.Names(), host)
	}
}

// expectsRefusal reports whether a check knows of NOAUTH: to be asked for a
// password is a sign of life, too.
func expectsRefusal(s *inspect.Service) bool {
	check := s.Config.HealthCheck
	return check != nil && strings.Contains(strings.Join(check.Test, " "), "NOAUTH")
}
