package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var signalsLost = &lint.Rule{
	ID:       "signals-lost",
	Group:    "lifecycle",
	Severity: lint.Warning,
	Summary:  "A shell stands before the server, and docker stop does not reach it",
	Why: `
Docker tells the first process of a container to stop, and here that is a shell,
which passes nothing on. The server learns nothing of it and is killed after
stop_grace_period: the last snapshot is not written, and every stop takes ten
seconds. exec puts the server in the place of the shell. A script that has a trap
is taken to pass signals on.
`,
	Refs: []string{"https://docs.docker.com/reference/dockerfile/#exec-form-entrypoint-example"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: sh -c 'redis-server --maxmemory 300mb'\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: sh -c 'exec redis-server --maxmemory 300mb'\n",
		Mend:     "Write exec in front of the server, in its script too.",
		Ignore:   "Where the data may go and nobody waits for a stop.",
		Cases: []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault},
			{When: "it saves nothing, and only the stop takes long", Hurt: lint.Neighbours, Surely: lint.Possible, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the script, in front of the server:",
		Lines:  []string{"exec redis-server <options>"},
		Choose: "<options>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			at, kept := s.KeptFromSignals()
			switch {
			case !kept || s.Unread || s.Opaque != "" || !starts(s) || s.StartsMore():
			case s.Saves():
				p.Report(at, s.Service, "a shell stands before the server of %q and keeps signals from it: docker stop kills it, and what it has not saved is lost; write exec", s.Name)
			default:
				p.Report(at, s.Service, "a shell stands before the server of %q and keeps signals from it: docker stop waits until it may kill it; write exec", s.Name).Severity = lint.Note
			}
		}
	},
}
