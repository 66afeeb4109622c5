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

// Conf is redis.conf as far as it follows from the memory and what is kept.
type Conf struct {
	IOThreads, MaxMemory, RewriteMinSize              string
	ClientMemory, ValueLimit, QueryLimit, BacklogSize string
	NormalOutput, ReplicaOutput, PubsubOutput         string // limits
	DualChannel                                       string // yes or empty
	AppendDirName                                     bool
	Raw                                               []string // lines of [redis]
}

// confBasis is what redis.conf follows from.
type confBasis struct {
	release     redis.Release
	raw         []intent.RawDirective // of [redis]
	cpus        string
	topology    string
	persistence Persistence
	budget      memory.Budget
	workload    memory.Workload
}

// confOf writes the values of redis.conf.
func confOf(c confBasis) Conf {
	conf := Conf{
		IOThreads:      c.ioThreads(),
		MaxMemory:      units.Conf(c.budget.MaxMemory),
		RewriteMinSize: units.Conf(min(max(c.budget.MaxMemory/2/units.MiB*units.MiB, units.MiB), 64*units.MiB)),
		ClientMemory:   units.Conf(c.budget.ClientMemory),
		ValueLimit:     units.Conf(c.budget.LargestValue),
		QueryLimit:     units.Conf(c.budget.ClientShare),
		BacklogSize:    units.Conf(memory.Backlog(c.budget.Limit, c.workload)),
		NormalOutput:   units.Conf(c.budget.ClientShare) + " 0 0",
		ReplicaOutput:  c.replicaOutputLimit(),
		PubsubOutput:   c.pubsubLimit(),
		AppendDirName:  c.persistence.AOF && knows(c.release, "appenddirname"),
	}
	// The second channel of a replica is listed by its address, without the name that the replica announces: sentinels then know each replica twice (seen on
	// Valkey 8.1.1). Clusters were not tried with it.
	if c.topology == intent.Replicated && c.workload.CopiesBeside() {
		conf.DualChannel = "yes"
	}
	for _, raw := range c.raw {
		conf.Raw = append(conf.Raw, raw.Lines(c.release)...)
	}
	return conf
}

// knows tells whether the release has a directive that still does something.
func knows(release redis.Release, name string) bool {
	directive, ok := release.Directive(name)
	return ok && !directive.Ignored
}

// rawValue is the last value of a directive that [redis] sets.
func rawValue(release redis.Release, raw []intent.RawDirective, name string) (string, bool) {
	for _, directive := range raw {
		if release.Name(directive.Name) == release.Name(name) {
			return directive.Values[len(directive.Values)-1], true
		}
	}
	return "", false
}

// ioThreads leaves one CPU to the thread that runs commands. Fewer than four CPUs gain nothing; more than eight threads neither.
func (c confBasis) ioThreads() string {
	cpus, err := strconv.ParseFloat(c.cpus, 64)
	if err != nil || cpus < 4 {
		return ""
	}
	return strconv.Itoa(min(int(cpus)-1, 8))
}

// maxClients is how many clients the memory for them is enough for, each of which does nothing.
func (c confBasis) maxClients() int64 {
	return min(max(c.budget.ClientMemory/memory.IdleClient, 64), 10000)
}

// replicaOutputLimit lets as much wait for a replica as the budget has room for. In a set it is no matter for how long: a replica that is cut off
// in the middle of its copy begins again, and would be cut off again.
func (c confBasis) replicaOutputLimit() string {
	limit := c.budget.ReplicaLimit
	if c.workload.Replicas > 0 {
		return fmt.Sprintf("%s 0 0", units.Conf(limit))
	}
	return fmt.Sprintf("%s %s 60", units.Conf(limit), units.Conf(limit/2))
}

// pubsubLimit lets a slow subscriber hold an eighth of what all may hold where that is what the server is for.
func (c confBasis) pubsubLimit() string {
	hard := c.budget.ClientShare
	if c.workload.PubSub {
		hard = max(c.budget.ClientMemory/8, units.MiB) / units.KiB * units.KiB
	}
	return fmt.Sprintf("%s %s 60", units.Conf(hard), units.Conf(hard/4))
}

// namesClass tells whether lines of client-output-buffer-limit name the class of a generated one. slave is the old name of replica.
func namesClass(lines []string, generated string) bool {
	class, _, _ := strings.Cut(generated, " ")
	for _, line := range lines {
		for _, word := range strings.Fields(strings.ToLower(line)) {
			if word == class || word == "slave" && class == "replica" {
				return true
			}
		}
	}
	return false
}

func without(list []string, drop func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(list), drop)
}
