package generate

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/units"
)

// describe fills in what follows from the decisions.
func (d *decider) describe() {
	d.describeContainer()
	d.describeServer()
	d.describeClients()
	d.describePersistence()
	if len(d.plan.Members) > 0 {
		d.describeReplication()
	}
	d.describeCluster()
	d.dropOverridden()
	d.describeProxy()
	d.describeReadme()
	d.describeStack()
}

func (d *decider) describeContainer() {
	i, p := d.intent, &d.plan
	p.Title = d.role.Title
	p.Restart = yamlWord(cmp.Or(i.Restart, "unless-stopped"))
	p.MemoryLimit = units.Compose(i.Memory)
	// What the server holds when it is full and nothing else happens.
	p.MemoryReservation = units.Compose((d.budget.Process + d.budget.Modules + d.budget.MaxMemory) / units.MiB * units.MiB)
	p.CPUs = i.CPUs
	p.LogSize = units.Compose(cmp.Or(i.LogSize, 10*units.MiB))
	p.LogFiles = cmp.Or(i.LogFiles, 3)
	p.Capabilities = []Capability{
		{"CHOWN", "gives the data and the joined redis.conf to the server's user"},
		{"DAC_OVERRIDE", "reads the password and redis.conf whoever owns them on the host"},
		{"SETGID", "steps down"},
		{"SETUID", "steps down"},
	}
	if d.release.LoadsModules() { // the entrypoint of Redis 8 also empties the bounding set
		p.Capabilities = append(p.Capabilities, Capability{"SETPCAP", "gives up every capability for good"})
	}
}

// known returns the value where the release has the directive, and "" where it has not.
func (d *decider) known(name, value string) string {
	if directive, ok := d.release.Directive(name); !ok || directive.Ignored {
		return ""
	}
	return value
}

func (d *decider) describeServer() {
	p := &d.plan
	p.TCPKeepalive = "60"
	p.LogLevel = "notice"
	p.LatencyThreshold = "100"
	p.HideUserData = d.known("hide-user-data-from-log", "yes")
	p.ShutdownTimeout = d.known("shutdown-timeout", strconv.Itoa(defaultShutdownTimeout))
	p.IOThreads = d.ioThreads()
	p.LazyEviction = "no"
	for _, name := range []string{"lazyfree-lazy-expire", "lazyfree-lazy-server-del", "lazyfree-lazy-user-del"} {
		if d.known(name, name) != "" {
			p.LazyFree = append(p.LazyFree, name)
		}
	}
	p.Policy = cmp.Or(p.Policy, d.role.Policy)
	p.PolicyComment = wrap(d.policyReason())
	p.MaxMemory = units.Conf(d.budget.MaxMemory)
	p.MemorySum = d.budget.Sum() + "."
	p.MemoryComment = wrap(d.memoryReason())
}

// ioThreads leaves one CPU to the thread that runs commands. Fewer than four CPUs gain nothing; more than eight threads neither.
func (d *decider) ioThreads() string {
	cpus, err := strconv.ParseFloat(d.intent.CPUs, 64)
	if err != nil || cpus < 4 {
		return ""
	}
	return d.known("io-threads", strconv.Itoa(min(int(cpus)-1, 8)))
}

func (d *decider) policyReason() string {
	if d.plan.Policy == d.role.Policy {
		return d.role.Full
	}
	return policyText[d.plan.Policy]
}

func (d *decider) memoryReason() string {
	b := d.budget
	text := fmt.Sprintf("Data of %s may cost %d %% more by fragmentation", units.Readable(b.MaxMemory), memory.Fragmentation)
	if d.workload.Forks {
		text += fmt.Sprintf(", and %s again while a child saves them: %s", units.Readable(b.CopyOnWrite), b.CopyText())
	}
	if b.ReplicaBuffer > 0 {
		text += fmt.Sprintf("; %s wait at most while replicas get a full copy", units.Readable(b.ReplicaBuffer))
	}
	text += ". The README has the table."
	if d.workload.PubSub {
		text += fmt.Sprintf(" Buffers count in maxmemory too: while subscribers are slow keys cannot be written. They have %s besides.", units.Readable(b.ClientMemory))
	}
	return text
}

func (d *decider) describeClients() {
	p, b := &d.plan, d.budget
	p.ValueLimit, p.QueryLimit = units.Conf(b.LargestValue), units.Conf(b.ClientShare)
	p.ClientMemory = d.known("maxmemory-clients", units.Conf(b.ClientMemory))
	p.BacklogSize = units.Conf(memory.Backlog(b.Limit, d.workload))
	p.OutputLimits = []string{
		fmt.Sprintf("normal %s 0 0", units.Conf(b.ClientShare)),
		d.replicaOutputLimit(),
		d.pubsubLimit(),
	}
	clients := min(max(b.ClientMemory/memory.IdleClient, 64), 10000)
	p.MaxClientsLine = strconv.FormatInt(clients, 10)
	p.MaxClients = p.MaxClientsLine
	if text, ok := d.rawValue("maxclients"); ok {
		p.MaxClients = text
		clients, _ = strconv.ParseInt(text, 10, 64)
	}
	p.OpenFiles = max(clients+128, 1024) // the server itself takes 32, the image's shell and modules some
}

// replicaOutputLimit lets as much wait for a replica as the budget has room for. In a set it is no matter for how long: a replica that is cut off
// in the middle of its copy begins again, and would be cut off again.
func (d *decider) replicaOutputLimit() string {
	limit := d.budget.ReplicaLimit
	if d.workload.Replicas > 0 {
		return fmt.Sprintf("replica %s 0 0", units.Conf(limit))
	}
	return fmt.Sprintf("replica %s %s 60", units.Conf(limit), units.Conf(limit/2))
}

// pubsubLimit lets a slow subscriber hold an eighth of what all may hold where that is what the server is for.
func (d *decider) pubsubLimit() string {
	hard := d.budget.ClientShare
	if d.workload.PubSub {
		hard = max(d.budget.ClientMemory/8, units.MiB) / units.KiB * units.KiB
	}
	return fmt.Sprintf("pubsub %s %s 60", units.Conf(hard), units.Conf(hard/4))
}

func (d *decider) describePersistence() {
	p := &d.plan
	reason := d.role.Why
	if d.persistence != d.role.Persistence || len(d.intent.Save) > 0 || p.Fsync != "everysec" {
		reason = persistenceText[d.persistence]
	}
	p.PersistenceComment = wrap(reason)
	if p.RDB {
		p.StopWrites = "yes"
	}
	if !p.AOF {
		return
	}
	p.AppendDirName = d.known("appenddirname", "yes") != ""
	p.FsyncComment = wrap(fsyncText[p.Fsync])
	p.NoFsyncOnRewrite = "no"
	p.RewritePercentage = "100"
	p.RewriteMinSize = units.Conf(min(max(d.budget.MaxMemory/2/units.MiB*units.MiB, units.MiB), 64*units.MiB))
	p.LoadTruncated = "yes"
}

// dropOverridden leaves out what [redis] says, so that nothing is said twice.
func (d *decider) dropOverridden() {
	p := &d.plan
	generated := map[string]*string{
		"tcp-keepalive":                    &p.TCPKeepalive,
		"loglevel":                         &p.LogLevel,
		"hide-user-data-from-log":          &p.HideUserData,
		"latency-monitor-threshold":        &p.LatencyThreshold,
		"shutdown-timeout":                 &p.ShutdownTimeout,
		"io-threads":                       &p.IOThreads,
		"lazyfree-lazy-eviction":           &p.LazyEviction,
		"maxclients":                       &p.MaxClientsLine,
		"maxmemory-clients":                &p.ClientMemory,
		"proto-max-bulk-len":               &p.ValueLimit,
		"client-query-buffer-limit":        &p.QueryLimit,
		"repl-backlog-size":                &p.BacklogSize,
		"stop-writes-on-bgsave-error":      &p.StopWrites,
		"no-appendfsync-on-rewrite":        &p.NoFsyncOnRewrite,
		"auto-aof-rewrite-percentage":      &p.RewritePercentage,
		"auto-aof-rewrite-min-size":        &p.RewriteMinSize,
		"aof-load-truncated":               &p.LoadTruncated,
		"repl-diskless-sync-delay":         &p.DisklessDelay,
		"repl-ping-replica-period":         &p.ReplicaPing,
		"repl-timeout":                     &p.ReplicaTimeout,
		"dual-channel-replication-enabled": &p.DualChannel,
	}
	for _, raw := range d.raw {
		name := d.release.Name(raw.Name)
		if field, ok := generated[name]; ok {
			*field = ""
		}
		p.LazyFree = without(p.LazyFree, func(generated string) bool { return generated == name })
		if name == "client-output-buffer-limit" {
			p.OutputLimits = without(p.OutputLimits, func(limit string) bool { return namesClass(raw.Values, limit) })
		}
		p.Raw = append(p.Raw, raw.Lines(d.release)...)
	}
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
	var kept []string
	for _, item := range list {
		if !drop(item) {
			kept = append(kept, item)
		}
	}
	return kept
}
