package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
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
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			for _, name := range []string{"enable-debug-command", "enable-module-command", "enable-protected-configs"} {
				if setting, given := s.Certain(name); given && setting.Value == "yes" {
					p.Report(setting.Origin.Span, s.Service, "%q lets every client use what %s is there to keep away: write no, or local", s.Name, name)
				}
			}
		}
	},
}
