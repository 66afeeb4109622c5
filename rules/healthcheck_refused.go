package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// reportRefused finds a check whose password is not taken: another one, or one in
// a URL without a user, which is no user since 7.0. The client says so, goes on
// without, and exits with 0 (tried on Redis 7.0.15 and Valkey 8.1.1).
func reportRefused(p *lint.Pass, s *inspect.Service, probe inspect.Probe) bool {
	if !probe.PasswordGiven || probe.Unread || !asks(probe, s) || !s.ReleaseKnown || !s.Release.AtLeast(7, 0) || len(probe.Command) == 0 || strings.EqualFold(probe.Command[0], "auth") {
		return false
	}
	fault := ""
	switch login := (topology.Login{User: probe.User, Password: probe.Password, Given: true}); {
	case strings.Contains(probe.URL, "://:"):
		fault = "names no user in its URL, which is none (write default)"
	case unset.Known(probe.Password) && !strings.Contains(probe.Password, "$") && login.Outcome(s) == topology.Wrong:
		fault = "gives another password than it has"
	default:
		return false
	}
	result := "gets NOAUTH and exits with 0: it is healthy as soon as the port answers"
	if probe.Checked || probe.ExitOnError {
		result = "gets NOAUTH: it is never healthy"
	}
	p.Report(probe.At, s.Service, "the health check of %q %s, so it %s", s.Name, fault, result)
	return true
}
