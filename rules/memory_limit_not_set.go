package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

var memoryLimitNotSet = &lint.Rule{
	ID:       "memory-limit-not-set",
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
		for _, s := range inspect.Servers(p.Project) {
			if limit, at, known := memoryLimit(s); known && limit == 0 && !s.Partial {
				p.Report(at, s.Service, "the container of %q has no memory limit", s.Name)
			}
		}
	},
}

// memoryLimit returns a container's limit in bytes, 0 for none, and where it
// is written. known is false where a variable decides.
func memoryLimit(s *inspect.Service) (bytes int64, at position.Span, known bool) {
	deploy := []any{"deploy", "resources", "limits", "memory"}
	if len(s.Unresolved("mem_limit")) > 0 || len(s.Unresolved(deploy...)) > 0 {
		return 0, s.Span(), false
	}
	if s.Config.MemLimit > 0 {
		return s.Config.MemLimit, s.At("mem_limit"), true
	}
	if s.Config.Deploy.MemoryLimit > 0 {
		return s.Config.Deploy.MemoryLimit, s.At(deploy...), true
	}
	return 0, s.Span(), true
}
