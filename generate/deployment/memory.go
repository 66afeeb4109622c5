package deployment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment/memory"
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
	Overrides  Overrides // of [redis]
}

// Overrides are the directives that an intent sets itself, for a release.
type Overrides struct {
	Release    redis.Release
	Directives []intent.RawDirective
}

// memoryOf divides the memory of a server. [redis] is judged with it, since it
// takes the release and the limit, and sets sizes.
func memoryOf(i *intent.Intent, role intent.Role, release redis.Release, kept Persistence, s Set) (Memory, []intent.Problem) {
	refused := i.Refusals()
	m := Memory{Policy: policyOf(refused, i, role, release)}
	if !release.Known() {
		return m, refused.Problems
	}
	m.Overrides = overridesOf(refused, i, release)
	if !i.Usable("memory", "role", "persistence", "maxmemory", "topology", "replicas") {
		return m, refused.Problems
	}
	m.Workload = memory.Workload{
		Release: release, Forks: kept.Persistent || s.Replicas > 0, AOF: kept.AOF, PubSub: role.Name == "pubsub", Replicas: s.Replicas,
		Asked: m.Overrides.asked(i.Memory),
	}
	m.Budget = budgetOf(refused, i, m.Workload, role, kept)
	if m.Budget.Limit == 0 {
		return m, refused.Problems
	}
	m.MaxClients = min(max(m.Budget.ClientMemory/memory.IdleClient, 64), 10000) // each of which does nothing
	if text, ok := m.Overrides.value("maxclients"); ok {
		m.MaxClients, _ = strconv.ParseInt(text, 10, 64)
	}
	m.OpenFiles = max(m.MaxClients+128, 1024) // the server itself takes 32, the image's shell and modules some
	return m, refused.Problems
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

// overridesOf judges [redis].
func overridesOf(refused *intent.Refusals, i *intent.Intent, release redis.Release) Overrides {
	limit := i.Memory
	if !i.Usable("memory") {
		limit = intent.LargestMemory
	}
	directives, problems := i.Overrides(release, limit)
	refused.Problems = append(refused.Problems, problems...)
	return Overrides{release, directives}
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

// of are the directives under a name, or under another one that the release has for it.
func (o Overrides) of(name string) []intent.RawDirective {
	return slices.DeleteFunc(slices.Clone(o.Directives), func(raw intent.RawDirective) bool { return o.Release.Name(raw.Name) != o.Release.Name(name) })
}

// value is that of a directive that [redis] sets.
func (o Overrides) value(name string) (string, bool) {
	for _, raw := range o.of(name) {
		return raw.Values[len(raw.Values)-1], true
	}
	return "", false
}

// Says tells whether [redis] has a line of redis.conf. Of the limits of output
// it may have those of some classes of clients.
func (o Overrides) Says(name string, arguments []string) bool {
	return slices.ContainsFunc(o.of(name), func(raw intent.RawDirective) bool {
		return name != "client-output-buffer-limit" || slices.ContainsFunc(limitsIn(raw), func(l outputLimit) bool { return l.class == arguments[0] })
	})
}

// asked reads what [redis] says of memory. That the words are right was judged before.
func (o Overrides) asked(limit int64) memory.Asked {
	return memory.Asked{
		Value:   o.size("proto-max-bulk-len", limit),
		Client:  max(o.size("client-query-buffer-limit", limit), o.outputLimit("normal")),
		Clients: o.size("maxmemory-clients", limit),
		Backlog: o.size("repl-backlog-size", limit),
		Replica: o.outputLimit("replica"),
	}
}

// size is a size of [redis]. A share of maxmemory is taken of the container,
// which is more.
func (o Overrides) size(name string, limit int64) int64 {
	text, ok := o.value(name)
	if !ok {
		return 0
	}
	if percent, share := strings.CutSuffix(text, "%"); share {
		number, _ := strconv.ParseInt(percent, 10, 64)
		return limit / 100 * number
	}
	bytes, _ := redis.ParseMemory(text)
	return bytes
}

// outputLimit is what [redis] lets the server hold for a client of a class.
func (o Overrides) outputLimit(class string) int64 {
	var bytes int64
	for _, raw := range o.of("client-output-buffer-limit") {
		for _, limit := range limitsIn(raw) {
			if limit.class == class {
				bytes, _ = redis.ParseMemory(limit.hard)
			}
		}
	}
	return bytes
}

// outputLimit is what a class of clients may leave unread. Beyond the hard
// limit a client is disconnected at once.
type outputLimit struct{ class, hard string }

// limitsIn reads lines of client-output-buffer-limit, of which each has a
// class, two limits and the seconds for the second, or several of these. slave
// is the old name of replica.
func limitsIn(raw intent.RawDirective) []outputLimit {
	var limits []outputLimit
	words := strings.Fields(strings.ToLower(strings.Join(raw.Values, " ")))
	for class := range slices.Chunk(words, 4) {
		if len(class) == 4 {
			limits = append(limits, outputLimit{strings.Replace(class[0], "slave", "replica", 1), class[1]})
		}
	}
	return limits
}
