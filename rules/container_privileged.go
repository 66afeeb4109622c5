package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/edit"
)

var containerPrivileged = &lint.Rule{
	ID:       "container-privileged",
	Group:    "compose",
	Severity: lint.Warning,
	Summary:  "Whoever gets into the server gets the host",
	Why: `
A server is a program that strangers talk to. With privileged, the host's process
space or Docker's socket in its container, a fault in it or a stolen password is
worth the whole machine. A server needs none of these: settings of the kernel
belong on the host.
`,
	Refs: []string{"https://docs.docker.com/engine/security/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    privileged: true\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    privileged: false\n",
		Mend:     "Take it out; set kernel settings on the host.",
		Ignore:   "Never for a server.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "nothing: delete the line, and give a capability by its name where one is needed:",
		Lines:  []string{"cap_add: [<capability>]"},
		Choose: "<capability>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Stores(p.Project), inspect.Sentinels(p.Project)...) {
			for _, key := range []string{"privileged", "pid"} {
				value := s.Value.Get(key)
				if value != nil && (value.Text == "true" || value.Text == "host") {
					offer(p.Report(s.KeyAt(key), s.Service, "%q runs with %s: %s, which a server does not need, and gives away the host", s.Name, key, value.Text), edit.New(p.Project, "delete %s", key).Unsafe("what runs there has fewer rights").Delete(s.Service, key))
				}
			}
			for _, mount := range s.Mounts {
				if strings.HasSuffix(mount.Source, "/docker.sock") {
					offer(p.Report(mount.Span, s.Service, "%q has Docker's socket, which a server does not need, and gives away the host", s.Name), unmount(s, mount))
				}
			}
		}
	},
}
