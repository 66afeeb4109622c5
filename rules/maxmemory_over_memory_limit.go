package rules

import (
	"strconv"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

// What of a container's limit maxmemory may take, in percent. Redis' own advice
// is 80 to 90 where nothing forks; while a snapshot is written or a replica
// fed, pages that are written to exist twice.
const (
	shareWithFork    = 75
	shareWithoutFork = 90
)

var maxmemoryOverMemoryLimit = &lint.Rule{
	ID:       "maxmemory-over-memory-limit",
	Group:    "memory",
	Severity: lint.Warning,
	Summary:  "The ceiling for the data leaves no room inside the container's memory limit",
	Why: `
The container's limit counts everything: the data, the buffers of clients and
replicas, the backlog, fragmentation, and the pages that are copied while a
snapshot or an append-only file is written. When maxmemory is near the limit,
the kernel kills the server before it evicts anything. Leave a quarter of the
limit free where something is saved or replicated, a tenth where not. With
maxmemory at or above the limit it is an error.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/admin/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 512mb\n    mem_limit: 512m\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb --save ''\n    mem_limit: 512m\n",
		Mend:     "Lower maxmemory or raise the limit. A server that saves needs room for a fork.",
		Ignore:   "Where the limit is a request that nothing enforces.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}, {When: "maxmemory is not below the limit", Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, half as much again as maxmemory:",
		Lines:  []string{"mem_limit: <size>"},
		Choose: "<size>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			limit, at, known := s.MemoryLimit()
			setting, certain := s.Certain("maxmemory")
			maxmemory, err := strconv.ParseInt(setting.Value, 10, 64)
			if !known || !certain || err != nil || limit == 0 || maxmemory == 0 {
				continue
			}
			share, why := int64(shareWithoutFork), "buffers and fragmentation need the rest"
			if s.Saves() {
				share, why = shareWithFork, "while it saves, pages that are written to exist twice"
			}
			switch {
			case maxmemory >= limit:
				offer(p.Report(setting.Origin.Span, s.Service, "maxmemory %s is not below the container's limit of %s: the kernel kills %q before maxmemory counts",
					redis.FormatMemory(maxmemory), redis.FormatMemory(limit), s.Name), setLimit(s)).Severity = lint.Error
			case maxmemory > limit*share/100:
				offer(p.Report(setting.Origin.Span, s.Service, "maxmemory %s of %q takes more than %d %% of the container's limit of %s (%s:%d): %s",
					redis.FormatMemory(maxmemory), s.Name, share, redis.FormatMemory(limit), at.File, at.Start.Line, why), setLimit(s))
			}
		}
	},
}
