package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var maxmemoryNotSet = &lint.Rule{
	ID:       "maxmemory-not-set",
	Group:    "memory",
	Severity: lint.Warning,
	Alone:    true,
	Summary:  "The server has no ceiling for its data",
	Why: `
A server without maxmemory grows with its data. Inside a container with a memory
limit the kernel kills it there; without one it goes on until the host has none
left, and the kernel may well kill another container's process. With maxmemory
set, the server itself decides what to drop or which writes to refuse. Set it to
what the data may take, and the container's limit half as high again. A replica
takes no more than its master has, as long as it is not made one.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/reference/eviction/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n",
		Mend:     "Set maxmemory to what the data may take: about two thirds of the container's limit.",
		Ignore:   "Where the data are bounded by what writes them, and you watch the memory of the host.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Conditional, Soon: lint.Sometimes}},
	},
	Help: &lint.Help{
		Where:  "in the command or the conf file, as much as the data may take, and what becomes of writes then; in the service, half as much again:",
		Lines:  []string{"maxmemory <size>", "maxmemory-policy noeviction"},
		Choose: "<size>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			setting := s.Get("maxmemory")
			switch {
			case !setting.Known || setting.Value != "0" || boundByMaster(s):
			case setting.Set:
				offer(p.Report(setting.Origin.Span, s.Service, "%q sets maxmemory to 0: %s", s.Name, unbounded(s)), setCeiling(s))
			case !p.IsAlone(): // a command may set it beside the file
				offer(p.Report(s.Span(), s.Service, "%q sets no maxmemory: %s", s.Name, unbounded(s)), setCeiling(s))
			}
		}
	},
}

// unbounded says what becomes of a server without a ceiling.
func unbounded(s *inspect.Service) string {
	what := "there is no ceiling for its data"
	if policy, given := s.Certain("maxmemory-policy"); given && policy.Value != "noeviction" {
		what = fmt.Sprintf("its policy %s never drops a key, since there is no ceiling for its data", policy.Value)
	}
	limit, _, known := s.MemoryLimit()
	switch {
	case !known || s.Partial:
		return what
	case limit > 0:
		return fmt.Sprintf("%s, and the kernel kills it when the container's %s are full", what, redis.FormatMemory(limit))
	}
	return what + ", and its container has no memory limit: it takes what the host has"
}

// boundByMaster reports whether a server is a replica of one in the project
// that has a ceiling, and no sentinel makes it a master.
func boundByMaster(s *inspect.Service) bool {
	master := topology.Of(s.Project).MasterOf(s)
	if master == nil || len(inspect.Sentinels(s.Project)) > 0 {
		return false
	}
	limit, given := master.Given("maxmemory")
	return given && limit.Value != "0" && s.Get("replica-ignore-maxmemory").Value != "no"
}
