package generate

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

// Conf is redis.conf. The value of a directive that the release lacks, or that [redis] says, is empty, and so leaves its line out.
type Conf struct {
	TCPKeepalive, LogLevel, HideUserData, LatencyThreshold, ShutdownTimeout, IOThreads string
	LazyEviction                                                                       string
	LazyFree                                                                           []string // directives
	MaxMemory                                                                          string
	MaxClientsLine, ClientMemory, ValueLimit, QueryLimit, BacklogSize                  string
	OutputLimits                                                                       []string
	StopWrites, NoFsyncOnRewrite, RewritePercentage, RewriteMinSize, LoadTruncated     string
	AppendDirName                                                                      bool
	DisklessDelay, ReplicaPing, ReplicaTimeout                                         string // seconds
	DualChannel                                                                        string // yes or empty
	DeletesSyncFiles                                                                   bool
	Raw                                                                                []string // lines of [redis]
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
		TCPKeepalive:     c.line("tcp-keepalive", "60"),
		LogLevel:         c.line("loglevel", "notice"),
		LatencyThreshold: c.line("latency-monitor-threshold", "100"),
		HideUserData:     c.line("hide-user-data-from-log", "yes"),
		ShutdownTimeout:  c.line("shutdown-timeout", strconv.Itoa(defaultShutdownTimeout)),
		IOThreads:        c.line("io-threads", c.ioThreads()),
		LazyEviction:     c.line("lazyfree-lazy-eviction", "no"),
		LazyFree:         c.lazyFree(),
		MaxMemory:        units.Conf(c.budget.MaxMemory),
		MaxClientsLine:   c.line("maxclients", strconv.FormatInt(c.maxClients(), 10)),
		ClientMemory:     c.line("maxmemory-clients", units.Conf(c.budget.ClientMemory)),
		ValueLimit:       c.line("proto-max-bulk-len", units.Conf(c.budget.LargestValue)),
		QueryLimit:       c.line("client-query-buffer-limit", units.Conf(c.budget.ClientShare)),
		BacklogSize:      c.line("repl-backlog-size", units.Conf(memory.Backlog(c.budget.Limit, c.workload))),
		OutputLimits:     c.outputLimits(),
	}
	c.persist(&conf)
	c.replicate(&conf)
	for _, raw := range c.raw {
		conf.Raw = append(conf.Raw, raw.Lines(c.release)...)
	}
	return conf
}

// persist writes how snapshots and the append-only file behave.
func (c confBasis) persist(conf *Conf) {
	if c.persistence.RDB {
		conf.StopWrites = c.line("stop-writes-on-bgsave-error", "yes")
	}
	if !c.persistence.AOF {
		return
	}
	conf.AppendDirName = knows(c.release, "appenddirname")
	conf.NoFsyncOnRewrite = c.line("no-appendfsync-on-rewrite", "no")
	conf.RewritePercentage = c.line("auto-aof-rewrite-percentage", "100")
	conf.RewriteMinSize = c.line("auto-aof-rewrite-min-size", units.Conf(min(max(c.budget.MaxMemory/2/units.MiB*units.MiB, units.MiB), 64*units.MiB)))
	conf.LoadTruncated = c.line("aof-load-truncated", "yes")
}

// replicate writes how replicas of a set get their copies. The second channel of a replica is listed by its address, without the name that the replica
// announces: sentinels then know each replica twice (seen on Valkey 8.1.1). Clusters were not tried with it.
func (c confBasis) replicate(conf *Conf) {
	if c.topology == intent.Standalone {
		return
	}
	if c.topology == intent.Replicated && c.workload.CopiesBeside() {
		conf.DualChannel = c.line("dual-channel-replication-enabled", "yes")
	}
	conf.DisklessDelay = c.line("repl-diskless-sync-delay", "1")
	conf.ReplicaPing = c.line("repl-ping-replica-period", "1")
	conf.ReplicaTimeout = c.line("repl-timeout", "20")
	conf.DeletesSyncFiles = !c.persistence.Persistent
}

// knows tells whether the release has a directive that still does something.
func knows(release redis.Release, name string) bool {
	directive, ok := release.Directive(name)
	return ok && !directive.Ignored
}

// line is the value that is written for a directive, empty where somebody else says it or nobody knows it.
func (c confBasis) line(name, value string) string {
	if _, said := rawValue(c.release, c.raw, name); said || !knows(c.release, name) {
		return ""
	}
	return value
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

func (c confBasis) lazyFree() []string {
	var names []string
	for _, name := range []string{"lazyfree-lazy-expire", "lazyfree-lazy-server-del", "lazyfree-lazy-user-del"} {
		if c.line(name, name) != "" {
			names = append(names, name)
		}
	}
	return names
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

// outputLimits are the classes of client-output-buffer-limit that [redis] does not name.
func (c confBasis) outputLimits() []string {
	limits := []string{
		fmt.Sprintf("normal %s 0 0", units.Conf(c.budget.ClientShare)),
		c.replicaOutputLimit(),
		c.pubsubLimit(),
	}
	for _, raw := range c.raw {
		if c.release.Name(raw.Name) == "client-output-buffer-limit" {
			limits = without(limits, func(limit string) bool { return namesClass(raw.Values, limit) })
		}
	}
	return limits
}

// replicaOutputLimit lets as much wait for a replica as the budget has room for. In a set it is no matter for how long: a replica that is cut off
// in the middle of its copy begins again, and would be cut off again.
func (c confBasis) replicaOutputLimit() string {
	limit := c.budget.ReplicaLimit
	if c.workload.Replicas > 0 {
		return fmt.Sprintf("replica %s 0 0", units.Conf(limit))
	}
	return fmt.Sprintf("replica %s %s 60", units.Conf(limit), units.Conf(limit/2))
}

// pubsubLimit lets a slow subscriber hold an eighth of what all may hold where that is what the server is for.
func (c confBasis) pubsubLimit() string {
	hard := c.budget.ClientShare
	if c.workload.PubSub {
		hard = max(c.budget.ClientMemory/8, units.MiB) / units.KiB * units.KiB
	}
	return fmt.Sprintf("pubsub %s %s 60", units.Conf(hard), units.Conf(hard/4))
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
