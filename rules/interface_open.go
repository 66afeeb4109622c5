package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var interfaceOpen = &lint.Rule{
	ID:       "interface-open",
	Group:    "exposure",
	Severity: lint.Warning,
	Summary:  "A user interface to servers is published for everybody, without a login",
	Why: `
Redis Insight, Redis Commander and the like run every command that they are asked
for, with the password that they were given: whoever reaches the page reads and
deletes the data. Redis Insight has no login of its own; the others have one once
a user and a password are set. Publish on 127.0.0.1, or set what the image has.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/redisinsight/install/install-on-docker/", "https://github.com/joeferner/redis-commander"},
	Guide: lint.Guide{
		Fault:    "services:\n  web:\n    image: redis/redisinsight:2.70\n    ports: [\"5540:5540\"]\n",
		NearMiss: "services:\n  web:\n    image: redis/redisinsight:2.70\n    ports: [\"127.0.0.1:5540:5540\"]\n",
		Mend:     "Publish on 127.0.0.1, or put a login in front of it.",
		Ignore:   "On a machine of a developer that nobody else reaches.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, so that this machine alone reaches it:",
		Lines:  []string{"ports:", "  - \"127.0.0.1:<port>:<port>\""},
		Choose: "<port>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			if s.Kind != inspect.Admin || asksWho(s) {
				continue
			}
			for _, port := range s.Ports() {
				if port.Everywhere() {
					p.Report(port.At, s.Service, "port %s of %q is open on every interface of the host, and it asks nobody who they are", port.Text, s.Name)
				}
			}
		}
	},
}

// logins are parts of the variables by which user interfaces are told whom to
// let in: HTTP_USER of Redis Commander, ADMIN_USER of phpRedisAdmin, HTTP_AUTH
// of P3X, and what the next may call it.
var logins = []string{"HTTP_USER", "HTTP_PASS", "HTTP_AUTH", "ADMIN_USER", "ADMIN_PASS", "AUTH_USER", "RIAUTHPROXY", "BASIC_AUTH"}

// asksWho reports whether an interface has a login, or may have.
func asksWho(s *inspect.Service) bool {
	environment, whole := s.Glimpse()
	return !whole || slices.ContainsFunc(environment, func(variable compose.Environment) bool {
		return slices.ContainsFunc(logins, func(part string) bool { return strings.Contains(variable.Name, part) })
	})
}
