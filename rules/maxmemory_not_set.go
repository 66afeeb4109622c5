package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var maxmemoryNotSet = &lint.Rule{
	ID:       "maxmemory-not-set",
	Group:    "memory",
	Severity: lint.Warning,
	Alone:    true,
	Summary:  "The server has no ceiling for its data",
	Why: `
A server without maxmemory grows with its data until the kernel kills a process,
which may well be another container's. With maxmemory set, the server itself
decides what to drop or which writes to refuse.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/reference/eviction/"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			setting := s.Get("maxmemory")
			switch {
			case !setting.Known || setting.Value != "0":
			case setting.Set:
				p.Report(setting.Origin.Span, s.Service, "%q sets maxmemory to 0: there is no ceiling for its data", s.Name)
			case !p.IsAlone(): // a command may set it beside the file
				p.Report(s.Span(), s.Service, "%q sets no maxmemory: there is no ceiling for its data", s.Name)
			}
		}
	},
}
