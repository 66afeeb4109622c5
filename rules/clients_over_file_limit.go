package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var clientsOverFileLimit = &lint.Rule{
	ID:       "clients-over-file-limit",
	Group:    "operation",
	Severity: lint.Warning,
	Summary:  "The container may open fewer files than maxclients asks for",
	Why: `
Each client is an open file, and the server keeps 32 for itself. Where ulimits
allow fewer it lowers maxclients at its start, says so in the log, and turns away
the clients beyond with an error. A limit that a user other than root has is not
raised, so the soft one counts there.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/reference/clients/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --maxclients 20000\n    ulimits: {nofile: 4096}\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --maxclients 4000\n    ulimits: {nofile: 4096}\n",
		Mend:     "Raise nofile above maxclients by 32 and more, or lower maxclients.",
		Ignore:   "Never: one of the two is not what it says.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.Sometimes}},
	},
	Help: &lint.Help{Where: "in the service, more than maxclients:", Lines: []string{"ulimits:", "  nofile: <files>"}, Choose: "<files>"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			clients, certain := s.Certain("maxclients")
			if certain && clients.Origin.Kind == inspect.FromContainer && len(clients.Parts) > 1 && starts(s) {
				p.Report(clients.Origin.Span, s.Service, "%q is given room for %s clients, and asks for more (%s:%d)", s.Name, clients.Value, clients.Parts[0].Span.File, clients.Parts[0].Span.Start.Line)
			}
		}
	},
}
