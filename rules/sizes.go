package rules

import (
	"fmt"
	"strconv"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/redis"
)

// shareOf is what of a container's limit maxmemory may take, in percent.
func shareOf(s *inspect.Service) int64 {
	if s.Saves() {
		return shareWithFork
	}
	return shareWithoutFork
}

// besideData is what a server needs beside its data, however few those are: for
// itself and for a health check, and for the modules of Redis 8's image (tried on
// Redis 7.0.15: with a maxmemory of 8 MiB it is killed in 12 MiB, not in 24).
func besideData(s *inspect.Service) int64 {
	if s.ReleaseKnown && s.Release.LoadsModules() {
		return 28 << 20
	}
	return 16 << 20
}

// maxmemoryWithin is the maxmemory that a container's limit leaves room for, in
// whole MiB; 0 where that is none.
func maxmemoryWithin(s *inspect.Service, limit int64) int64 {
	return max(0, min(limit*shareOf(s)/100, limit-besideData(s))>>20<<20)
}

// limitFor is the limit that maxmemory asks for: half as much again and no less
// than the server needs, in whole MiB.
func limitFor(s *inspect.Service, maxmemory int64) int64 {
	return (max(maxmemory*3/2, maxmemory+besideData(s)) + 1<<20 - 1) >> 20 << 20
}

// setCeiling plans a maxmemory that a container's limit leaves room for, and
// says what becomes of writes then.
func setCeiling(s *inspect.Service) *edit.Plan {
	limit, _, known := s.MemoryLimit()
	value := maxmemoryWithin(s, limit)
	plan := edit.New(s.Project, "set maxmemory to %s, %d %% of the container's %s", redis.FormatMemory(value), 100*value/max(limit, 1), redis.FormatMemory(limit))
	switch {
	case !known || limit <= 0:
		return plan.Refuse("the container has no memory limit that a size could be derived from")
	case value <= 0:
		return plan.Refuse("the container's %s are taken by the server itself, without any data", redis.FormatMemory(limit))
	}
	all := []directive{{"maxmemory", redis.FormatMemory(value)}}
	then := "writes are refused where the kernel would have killed it"
	if s.Absent("maxmemory-policy") {
		policy := policyFor(s)
		if policy == "" {
			policy = "noeviction" // what it has without a word
		}
		if policy != "noeviction" {
			then = "the keys that are used least are dropped where the kernel would have killed it"
		}
		all = append(all, directive{"maxmemory-policy", policy})
	}
	return setDirectives(plan, s, all...).Unsafe(then)
}

// policyFor is the policy that the role of a server asks for, "" where its role
// is not seen.
func policyFor(s *inspect.Service) string {
	if s.Cache() != "" {
		return "allkeys-lru"
	}
	for _, use := range topology.Of(s.Project).UsesOf(s) {
		if use.Queue != "" && isClient(use) {
			return "noeviction"
		}
	}
	if s.MustKeepKeys() {
		return "noeviction"
	}
	return ""
}

// setPolicy plans the policy of a server that has a maxmemory.
func setPolicy(s *inspect.Service) *edit.Plan {
	policy := policyFor(s)
	plan := edit.New(s.Project, "set maxmemory-policy to %s", policy)
	switch policy {
	case "":
		return plan.Refuse("nothing tells whether it is a cache")
	case "noeviction": // which it has already, without a word
	default:
		plan.Unsafe("keys are dropped when it is full, where writes were refused")
	}
	return setDirectives(plan, s, directive{"maxmemory-policy", policy})
}

// setLimit plans a limit of the container that maxmemory asks for.
func setLimit(s *inspect.Service) *edit.Plan {
	setting := s.Get("maxmemory")
	maxmemory, err := strconv.ParseInt(setting.Value, 10, 64)
	size := limitFor(s, maxmemory)
	text := fmt.Sprintf("%dm", size>>20)
	why := "half as much again as maxmemory"
	if maxmemory/2 < besideData(s) {
		why = "what maxmemory and the server itself take"
	}
	plan := edit.New(s.Project, "limit the container to %s, %s", text, why)
	if err != nil || !setting.Known || maxmemory <= 0 {
		return plan.Refuse("it has no maxmemory that a limit could be derived from")
	}
	plan.Unsafe("the kernel ends the server where the container takes more")
	switch {
	case s.Has("mem_limit"):
		plan.Set(s.Service, edit.Plain(text), "mem_limit")
	case s.Project.IsStack || s.Has("deploy", "resources"):
		plan.Set(s.Service, edit.Plain(text), "deploy", "resources", "limits", "memory")
	default:
		plan.Set(s.Service, edit.Plain(text), "mem_limit")
	}
	return plan.Means(s.Name+": maxclients", s.Name+": maxmemory-clients")
}
