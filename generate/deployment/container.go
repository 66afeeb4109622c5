package deployment

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// describe fills in what follows from the decisions.
func (d *decider) describe() {
	d.describeContainer()
	d.describeConf()
	d.describeCluster()
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
	base := capabilitiesOf(d.release)
	p.Capabilities = base
	if p.Topology != intent.Standalone {
		p.SentinelCapabilities = base
		// The start program signals a server that runs as another user.
		p.Capabilities = append(slices.Clone(base), Capability{"KILL", "lets the start program, which stays root, stop the server"})
	}
}

// capabilitiesOf are what a server of a release starts with.
func capabilitiesOf(release redis.Release) []Capability {
	all := []Capability{
		{"CHOWN", "gives the data and the joined redis.conf to the server's user"},
		{"DAC_OVERRIDE", "reads the password and redis.conf whoever owns them on the host"},
		{"SETGID", "steps down"},
		{"SETUID", "steps down"},
	}
	if release.LoadsModules() { // the entrypoint of Redis 8 also empties the bounding set
		all = append(all, Capability{"SETPCAP", "gives up every capability for good"})
	}
	return all
}

// known returns the value where the release has the directive, and "" where it has not.
func (d *decider) known(name, value string) string {
	if !knows(d.release, name) {
		return ""
	}
	return value
}

// describeConf fills in redis.conf, and the reasons that stand in it.
func (d *decider) describeConf() {
	p := &d.plan
	c := confBasis{
		release: d.release, raw: d.raw, cpus: d.intent.CPUs, topology: p.Topology, persistence: p.Persistence, budget: d.budget, workload: d.workload,
	}
	p.basis, p.Conf = c, confOf(c)
	clients := c.maxClients()
	p.MaxClients = strconv.FormatInt(clients, 10)
	if text, ok := d.rawValue("maxclients"); ok {
		p.MaxClients = text
		clients, _ = strconv.ParseInt(text, 10, 64)
	}
	p.OpenFiles = max(clients+128, 1024) // the server itself takes 32, the image's shell and modules some
	p.PolicyComment = wrap(d.policyReason())
	p.MemorySum = d.budget.Sum() + "."
	p.MemoryComment = wrap(d.memoryReason())
	p.PersistenceComment = wrap(d.persistenceReason())
	if p.AOF {
		p.FsyncComment = wrap(fsyncText[p.Fsync])
	}
	switch p.Topology {
	case intent.Standalone:
	case intent.Cluster:
		p.MinReplicasComment = wrap(d.clusterReplicasReason())
	default:
		p.MinReplicasComment = wrap(d.minReplicasReason())
	}
}

func (d *decider) persistenceReason() string {
	p := d.plan
	if p.Kind != d.role.Persistence || len(d.intent.Save) > 0 || p.Fsync != "everysec" {
		return persistenceText[p.Kind]
	}
	return d.role.Why
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

const (
	// A slow disk reads and writes this much a second.
	diskRate = 16 * units.MiB
	// Long enough for the server to end its connections, and for an append-only file to reach the disk.
	leastGrace = 30 * time.Second
	leastStart = 10 * time.Second
	// findingOut is how long sentinels need beside the servers: they ask for what these are every ten seconds, first the master and then its replicas.
	findingOut = 30 * time.Second
	// defaultShutdownTimeout is the engines' own, in seconds.
	defaultShutdownTimeout = 10
)

func (d *decider) chooseTimes() {
	p := &d.plan
	moving := time.Duration(d.budget.MaxMemory/diskRate) * time.Second
	start, grace := leastStart, leastGrace
	p.StartPeriodReason = "there is nothing to load"
	p.StopGraceReason = "there is nothing to save"
	if p.Persistent {
		start += moving
		p.StartPeriodReason = fmt.Sprintf("loading %s from a slow disk", units.Readable(d.budget.MaxMemory))
		p.StopGraceReason = "the append-only file has to reach the disk"
	}
	if p.RDB {
		grace += moving
		p.StopGraceReason = fmt.Sprintf("the last snapshot, %s onto a slow disk, comes before the end", units.Readable(d.budget.MaxMemory))
	}
	if len(p.Sentinels) > 0 || p.Cluster != nil {
		grace += handOver
		p.StopGraceReason = "another server takes over first, and " + p.StopGraceReason
	}
	if text, ok := d.rawValue("shutdown-timeout"); ok {
		seconds, _ := strconv.ParseInt(text, 10, 32)
		grace += time.Duration(max(seconds-defaultShutdownTimeout, 0)) * time.Second
	}
	if asked := d.intent.StopGrace; asked != 0 {
		if asked < grace && d.budget.MaxMemory > 0 {
			d.refuse(intent.Faultf(fmt.Sprintf("write at least stop-grace = %q", units.Seconds(grace)),
				"after %s the server would be killed, although %s", units.Seconds(asked), p.StopGraceReason), "stop-grace")
		}
		grace = asked
		p.StopGraceReason = "as the intent says"
	}
	p.StartPeriod, p.StopGrace = units.Seconds(start), units.Seconds(grace)
	p.SentinelStartPeriod = units.Seconds(start + findingOut)
}
