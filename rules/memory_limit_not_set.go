package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var memoryLimitNotSet = &lint.Rule{
	ID:       "memory-limit-not-set",
	Group:    "memory",
	Severity: lint.Warning,
	Summary:  "The container has no memory limit",
	Why: `
maxmemory counts the data. Buffers of clients and replicas, fragmentation and the
copy that a snapshot makes come on top. Without a limit of the container they
take the memory of everything else on the host. Set mem_limit, or
deploy.resources.limits.memory, above maxmemory.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/services/#mem_limit"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Stores(p.Project) {
			if limit, at, known := s.MemoryLimit(); known && limit == 0 && !s.Partial {
				p.Report(at, s.Service, "the container of %q has no memory limit", s.Name)
			}
		}
	},
}
