package deployment

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/deployment/overrides"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// Memory is how a server's memory is divided, and what of that redis.conf
// leaves to the intent.
type Memory struct {
	Policy     string // maxmemory-policy
	Workload   memory.Workload
	Budget     memory.Budget
	MaxClients int64
	OpenFiles  int64
	Overrides  overrides.Overrides // of [redis]
}

// memoryOf divides the memory of a server. [redis] is judged with it, since it
// takes the release and the limit, and sets sizes.
func memoryOf(i *intent.Intent, role intent.Role, release redis.Release, kept Persistence, s Set) (Memory, []intent.Problem) {
	refused := i.Refusals()
	m := Memory{Policy: policyOf(refused, i, role, release)}
	if !release.Known() {
		return m, refused.Problems
	}
	m.Overrides = overrides.Of(refused, i, release)
	if !i.Usable("memory", "role", "persistence", "maxmemory", "topology", "replicas") {
		return m, refused.Problems
	}
	m.Workload = memory.Workload{
		Release: release, Forks: kept.Persistent || s.Replicas > 0, AOF: kept.AOF, PubSub: role.Name == "pubsub", Replicas: s.Replicas,
		Beside: copiesBeside(release, s, m.Overrides), Asked: m.Overrides.Sizes(i.Memory),
	}
	m.Budget = budgetOf(refused, i, m.Workload, role, kept)
	if m.Budget.Limit == 0 {
		return m, refused.Problems
	}
	m.MaxClients = min(max(m.Budget.ClientMemory/memory.IdleClient, 64), 10000) // each of which does nothing
	if text, ok := m.Overrides.Value("maxclients"); ok {
		m.MaxClients, _ = strconv.ParseInt(text, 10, 64)
	}
	m.OpenFiles = max(m.MaxClients+128, 1024) // the server itself takes 32, the image's shell and modules some
	return m, refused.Problems
}

// copiesBeside tells whether a full copy has a connection of its own:
// repl-rdb-channel of Redis 8.0, on by default. That of Valkey 8.0 is off, and no
// room is counted for less where [redis] switches it on: a replica of 9.1.2 held
// eight times what had waited when it read it (docs/memory.md).
func copiesBeside(release redis.Release, s Set, o overrides.Overrides) bool {
	text, _ := o.Value("repl-rdb-channel")
	return s.Replicas > 0 && release.Engine == redis.Redis && release.AtLeast(8, 0) && text != "no"
}

// policyOf is what a full server does.
func policyOf(refused *intent.Refusals, i *intent.Intent, role intent.Role, release redis.Release) string {
	if i.Policy == "" || !i.Usable("maxmemory-policy") {
		return role.Policy
	}
	if directive, ok := release.Directive("maxmemory-policy"); ok {
		if fault := intent.OneOf(i.Policy, directive.Enum); fault != nil {
			fault.Message = fmt.Sprintf("maxmemory-policy of %s %s", release, fault.Message)
			refused.Refuse(fault, "maxmemory-policy")
		}
	}
	return i.Policy
}

// budgetOf divides the limit, and refuses one that is too small.
func budgetOf(refused *intent.Refusals, i *intent.Intent, w memory.Workload, role intent.Role, kept Persistence) memory.Budget {
	if smallest := memory.SmallestLimit(w); i.Memory < smallest {
		fed := ""
		if w.Replicas > 0 {
			fed = " that feeds " + units.Count(w.Replicas, "replica")
		}
		refused.Refuse(intent.Faultf(fmt.Sprintf("write at least memory = %q", strings.ToUpper(units.Compose(smallest))),
			"%s is too small for %s as a %s with persistence %q%s", units.Readable(i.Memory), w.Release, role.Name, kept.Kind, fed+w.Asked.Text()), "memory")
		return memory.Budget{}
	}
	if i.MaxMemory == 0 {
		return memory.New(i.Memory, w)
	}
	refuseMaxMemory(refused, i, memory.LargestMaxMemory(i.Memory, w))
	return memory.Divide(i.Memory, i.MaxMemory, w)
}

func refuseMaxMemory(refused *intent.Refusals, i *intent.Intent, largest int64) {
	switch {
	case i.MaxMemory > largest:
		refused.Refuse(intent.Faultf(fmt.Sprintf("write at most maxmemory = %q, or more memory", strings.ToUpper(units.Compose(largest))),
			"%s of data do not fit into a container of %s with what else it needs", units.Readable(i.MaxMemory), units.Readable(i.Memory)), "maxmemory")
	case i.MaxMemory < memory.SmallestData:
		refused.Refuse(intent.Faultf(`write at least maxmemory = "4M"`, "%s leaves no room for data", units.Readable(i.MaxMemory)), "maxmemory")
	}
}
