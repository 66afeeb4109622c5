package deployment

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/units"
)

func (d *decider) describeReadme() {
	p, b := &d.plan, d.budget
	p.RoleText = d.role.Use
	p.LimitText = units.Readable(b.Limit)
	p.Budget = b.Table(d.workload)
	p.PolicyText = d.policyReason()
	p.ResidentShare = strconv.FormatFloat(float64(100+memory.Fragmentation)/100, 'f', -1, 64)
	p.ValueLimitText = fmt.Sprintf("%s; what clients send or get at the same moment may be %s together, as of %s at once with the largest",
		units.Readable(b.LargestValue), units.Readable(b.LargestAtOnce(d.workload)*b.LargestValue), units.Count(b.LargestAtOnce(d.workload), "client"))
	if d.known("maxmemory-clients", "yes") == "" {
		p.ClientBoundMissing = p.Release + " bounds each client's buffers but not their sum: many slow clients at once can exceed the table's share."
	}
	p.DataText = strings.Join(append(p.PersistenceComment, p.FsyncComment...), " ")
	p.DiskText = d.diskText()
	p.VolumeName = p.Name + "_data"
	p.UpgradeStep = "Change"
	if p.Persistent {
		p.KeepsVolume = "; the volume stays"
		p.UpgradeStep = "Make a backup. Change"
	}
	p.DataFiles = d.dataFiles()
	p.RestoreAs = map[bool]string{true: "appendonly.aof", false: "dump.rdb"}[p.AOF]
	p.LossText = lossText(d.plan.Kind, p.Fsync)
	p.Watch = d.watch()
	p.BadDays = d.badDays()
	p.Survival = d.survival()
	if len(p.Members) > 0 {
		d.describeSet()
	}
	if p.Cluster != nil && p.Persistent {
		disk := d.fullDisk()
		p.Cluster.FullDisk = &disk
	}
}

// diskText says how much room the files of a server need. A server with 54 MiB of data, of the role database, that was written over at 17,700 sets of a kilobyte a second took 484 MiB on Redis
// 7.0.15: rewrites begin at twice the size, and what is written meanwhile is appended beside both.
func (d *decider) diskText() string {
	need := func(times int64) string { return units.Readable(times * d.budget.MaxMemory) }
	switch p := d.plan; {
	case p.AOF:
		return fmt.Sprintf(" Have %s of disk for a server, ten times `maxmemory`: the append-only file grows to twice its size and by what is written while it is rewritten, and stands beside the new one until "+
			"that is complete. Data that were written over at full speed took nine times their size.", need(10))
	case p.RDB:
		return fmt.Sprintf(" Have %s of disk for a server, twice `maxmemory`: a snapshot is written beside the one before.", need(2))
	}
	return ""
}

// dataFiles are what a server of this release may have left in /data.
func (d *decider) dataFiles() string {
	files := []string{"dump.rdb"}
	switch {
	case d.plan.AOF && d.plan.AppendDirName:
		files = append(files, "appendonlydir")
	case d.plan.AOF:
		files = append(files, "appendonly.aof")
	}
	return strings.Join(files, " ")
}

func (d *decider) watch() []WatchLine {
	lines := []WatchLine{
		d.healthWatch(),
		d.memoryWatch(),
		d.fullWatch(),
		{"clients", "`INFO clients`: `connected_clients`", "above 80 % of `maxclients`"},
		{"slow events", "`LATENCY DOCTOR`, `SLOWLOG GET`", "any that users feel"},
	}
	if d.plan.RDB {
		lines = append(lines, WatchLine{"snapshots", "`INFO persistence`: `rdb_last_bgsave_status`", "not `ok`: writes are refused until one succeeds"})
	}
	if d.plan.AOF {
		lines = append(lines, WatchLine{"append-only file", "`INFO persistence`: `aof_last_write_status`, `aof_delayed_fsync`", "not `ok`, or growing: the disk is full or too slow"})
	}
	return append(lines, d.watchOfSet()...)
}

// watchOfSet is what to watch of several servers beside each of them.
func (d *decider) watchOfSet() []WatchLine {
	p := d.plan
	if len(p.Members) == 0 {
		return nil
	}
	lines := []WatchLine{{"replicas", "`INFO replication` of the master: `connected_slaves`, `lag`", fmt.Sprintf("fewer than %d, or a lag of more than a few seconds", d.replicas())}}
	if len(p.Sentinels) > 0 {
		lines = append(lines, WatchLine{"sentinels", "`SENTINEL CKQUORUM " + p.PrimaryName + "`, `INFO sentinel`: `sentinel_tilt`", "not `OK`, or 1"})
	}
	if p.Proxy != nil {
		lines = append(lines, WatchLine{"proxy", "`docker compose ps " + p.Proxy.Name + "`", "unhealthy: it has no master to pass"})
	}
	return lines
}

// healthWatch is where the health checks are seen.
func (d *decider) healthWatch() WatchLine {
	if d.plan.Stack != nil {
		return WatchLine{"tasks", fmt.Sprintf("`docker stack ps %s`", d.plan.Name), "`Failed` or `Pending`: the swarm replaces what is unhealthy, and says why"}
	}
	return WatchLine{"health", "`docker compose ps`", "unhealthy: nothing restarts a container for that"}
}

// memoryWatch is about the container where a full server evicts: there its memory is full all the time, as it should be.
func (d *decider) memoryWatch() WatchLine {
	if d.plan.Policy == "noeviction" {
		return WatchLine{"memory", "`INFO memory`: `used_memory` against `maxmemory`", "above 90 % for long"}
	}
	return WatchLine{"memory", "`INFO memory`: `used_memory_rss` against `maxmemory`; to be full is normal", fmt.Sprintf("above %d %% for long: the allocator loses more than is set aside", 100+memory.Fragmentation)}
}

// fullWatch is how a server is seen to be too small. One that evicts is full on every ordinary day.
func (d *decider) fullWatch() WatchLine {
	if d.plan.Policy == "noeviction" {
		return WatchLine{"refused writes", "`INFO errorstats`: `errorstat_OOM`", "more than 0: it is full"}
	}
	return WatchLine{"evictions", "`INFO stats`: `evicted_keys`", "growing faster than the use of the service explains"}
}
