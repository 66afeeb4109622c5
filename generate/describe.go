package generate

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/units"
)

// describe fills in what follows from the decisions.
func (d *decider) describe() {
	d.describeContainer()
	d.describeConf()
	if len(d.plan.Members) > 0 {
		d.describeReplication()
	}
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
	p.Conf = confOf(c)
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
