package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

var serverLockedOut = &lint.Rule{
	ID:       "server-locked-out",
	Group:    "access",
	Severity: lint.Error,
	Summary:  "The server turns everybody away who is not in its own container",
	Why: `
The stock redis.conf has bind 127.0.0.1 and protected-mode yes. In a container
that is the container itself: to clients in others nobody listens, or each gets
DENIED, with a user of an ACL file too, as long as the user default needs no
password. Bind * (or leave bind out), and set a password.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --bind 127.0.0.1\n    ports: [\"6379:6379\"]\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --bind 127.0.0.1\n    network_mode: host\n",
		Mend:     "Leave bind out, or bind *; set a password, or turn protected mode off on purpose.",
		Ignore:   "Where everything that uses the server runs in its own container.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file or the ACL file, a user that may come in:",
		Lines:  []string{"user default on ><password> ~* &* +@all"},
		Choose: "<password>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			if s.Config.NetworkMode != "" || s.Partial || s.Opaque != "" || !starts(s) || len(s.Ports()) == 0 && len(topology.Of(p.Project).UsesOf(s)) == 0 || s.StartsMore() || s.IsJoined() || len(s.EndsFor(inspect.EndNoPassword)) > 0 {
				continue
			}
			if at, why := lockedBy(s); why != "" {
				p.Report(at, s.Service, "%q %s: no other container reaches it, and no published port does", s.Name, why)
			}
		}
	},
}

// lockedBy says what keeps everybody out, and where.
func lockedBy(s *inspect.Service) (at position.Span, why string) {
	bind := s.Get("bind")
	mode := s.Get("protected-mode")
	switch {
	case bind.Set && bind.Known && onlyLoopback(bind.Value):
		return bind.Origin.Span, "binds the loopback interface of its container alone"
	case mode.Known && mode.Value == "yes" && s.Access() == inspect.Open && !s.Reachable():
		return protectedAt(s, mode)
	}
	return position.Span{}, ""
}

// protectedAt says where protected mode is on, and why. Bitnami's servers have it
// on by themselves, unlike those of the official images; of others that is not
// known.
func protectedAt(s *inspect.Service, mode inspect.Setting) (at position.Span, why string) {
	users, missing, inFile := s.DefaultUser()
	switch {
	case mode.Set:
		return mode.Origin.Span, "has protected mode on and no password, so it answers DENIED"
	case !s.Image.Family.Bitnami() || s.Built != nil:
		return position.Span{}, ""
	case inFile && missing:
		return users, `has protected mode on, as its image does, and no line for the user "default", so it answers DENIED to users with a password too`
	case inFile:
		return users, `has protected mode on, as its image does, and no password for the user "default", so it answers DENIED`
	}
	return s.Span(), "has protected mode on, as its image does, and no password, so it answers DENIED"
}

func onlyLoopback(addresses string) bool {
	words := strings.Fields(addresses)
	for _, word := range words {
		word = strings.TrimPrefix(word, "-")
		if word != "localhost" && word != "::1" && !strings.HasPrefix(word, "127.") {
			return false
		}
	}
	return len(words) > 0
}
