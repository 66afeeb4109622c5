package generate

import (
	"strings"
)

func (d *decider) describeReadme() {
	p, b := &d.plan, d.budget
	p.RoleText = d.role.use
	p.LimitText = readableSize(b.Limit)
	p.Budget = b.table(d.demand)
	p.PolicyText = d.policyReason()
	p.ValueLimitText = readableSize(min(max(b.ClientShare/2, smallestValueLimit), largestValueLimit))
	if text, ok := d.rawValue("proto-max-bulk-len"); ok {
		p.ValueLimitText = text
	}
	if d.known("maxmemory-clients", "yes") == "" {
		p.ClientBoundMissing = p.Release + " bounds each client's buffers but not their sum: many slow clients at once can exceed the table's share."
	}
	p.DataText = strings.Join(append(p.PersistenceComment, p.FsyncComment...), " ")
	p.VolumeName = p.Name + "_data"
	p.UpgradeStep = "Change"
	if p.Persistent {
		p.KeepsVolume = "; the volume stays"
		p.UpgradeStep = "Make a backup. Change"
	}
	p.DataFiles = d.dataFiles()
	p.RestoreAs = map[bool]string{true: "appendonly.aof", false: "dump.rdb"}[p.AOF]
	p.LossText = lossText(d.persistence, p.Fsync)
	p.Watch = d.watch()
	if len(p.Members) > 0 {
		d.describeSet()
		d.describeProxySurvival()
	}
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
		{"health", "`docker compose ps`", "unhealthy: nothing restarts a container for that"},
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
	return lines
}

// fullWatch is how a server is seen to be too small. One that evicts is full on every ordinary day.
func (d *decider) fullWatch() WatchLine {
	if d.plan.Policy == "noeviction" {
		return WatchLine{"memory", "`INFO memory`: `used_memory` against `maxmemory`; `INFO errorstats`: `errorstat_OOM`", "above 90 % for long; more than 0: it is full, and refuses writes"}
	}
	return WatchLine{"evictions", "`INFO stats`: `evicted_keys`", "growing faster than the use of the service explains"}
}
