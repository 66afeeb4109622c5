package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

var dangerousCommandsEnabled = &lint.Rule{
	ID:       "dangerous-commands-enabled",
	Group:    "access",
	Severity: lint.Warning,
	Summary:  "Commands are let in that take over the server's process",
	Why: `
DEBUG stops, fills and crashes the server; MODULE LOAD runs any file as code;
with enable-protected-configs a client says where files are written. They are
off by default, so that a stolen password opens the data alone. "local" lets in
who is on the loopback interface of the container, which is enough for a tool.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --enable-debug-command yes\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --enable-debug-command local\n",
		Mend:     "Take the directive out, or write local.",
		Ignore:   "On a machine for tests of the server itself.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Possible, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file, a user for the clients without the commands that they do not need:",
		Lines:  []string{"user <name> on ><password> ~* &* +@all -@dangerous"},
		Choose: "<name> on ><password>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			var enabled, open []string
			var first position.Span
			for _, command := range dangers {
				if setting, given := s.Certain(command.directive); given && setting.Value == "yes" {
					if enabled == nil {
						first = setting.Origin.Span
					}
					enabled, open = append(enabled, command.directive), append(open, command.opens)
				}
			}
			if enabled != nil {
				p.Report(first, s.Service, "%q sets %s to yes: every client may %s; write no, or local", s.Name, enumerated(enabled), enumerated(open))
			}
		}
	},
}

// dangers are the directives that open the server's process, and to what.
var dangers = []struct{ directive, opens string }{
	{"enable-debug-command", "stop, fill and crash it"},
	{"enable-module-command", "run code in it"},
	{"enable-protected-configs", "say where it writes its files"},
}
