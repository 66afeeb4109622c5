package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var memoryLimitNotSet = &lint.Rule{
	ID:       "memory-limit-not-set",
	Group:    "memory",
	Severity: lint.Note,
	Summary:  "The container has no memory limit",
	Why: `
maxmemory counts the data. Buffers of clients and replicas, fragmentation and the
copy that a snapshot makes come on top. Without a limit of the container they
take the memory of everything else on the host. Set mem_limit, or
deploy.resources.limits.memory, above maxmemory. Where maxmemory is missing too,
maxmemory-not-set says both.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/services/#mem_limit"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n    mem_limit: 512m\n",
		Mend:     "Set mem_limit, or deploy.resources.limits.memory, above maxmemory by what a fork and the clients take.",
		Ignore:   "Where the container has the host to itself.",
		Cases:    []lint.Case{{When: "maxmemory bounds the data", Hurt: lint.Neighbours, Surely: lint.Possible, Soon: lint.Sometimes}, {When: "nothing that is seen bounds the data", Hurt: lint.Neighbours, Surely: lint.Conditional, Soon: lint.Sometimes}},
	},
	Help: &lint.Help{
		Where:  "in the service, half as much again as its data take:",
		Lines:  []string{"mem_limit: <size>"},
		Choose: "<size>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Stores(p.Project) {
			limit, at, known := s.MemoryLimit()
			ceiling := s.Get("maxmemory")
			switch {
			case !known || limit > 0 || s.Partial || !starts(s):
			case s.Kind == inspect.Compatible && !ceiling.Set:
				offer(p.Report(at, s.Service, "the container of %q has no memory limit: it takes what the host has", s.Name), setLimit(s)).Severity = lint.Warning
			case s.Kind != inspect.Compatible && !ceiling.Known && !ceiling.Set:
				offer(p.Report(at, s.Service, "the container of %q has no memory limit, and it is not seen whether its data have one: without either it takes what the host has", s.Name), setLimit(s))
			case s.Kind == inspect.Compatible || ceiling.Value != "0":
				offer(p.Report(at, s.Service, "the container of %q has no memory limit: buffers and forks come on top of maxmemory", s.Name), setLimit(s))
			}
		}
	},
}

// starts reports whether a service is seen to start a server: of one whose
// start cannot be followed a note says so, and nothing else is certain.
func starts(s *inspect.Service) bool {
	return s.Program != "" || s.Kind == inspect.Compatible
}
