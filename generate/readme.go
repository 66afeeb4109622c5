package generate

import (
	"fmt"
	"strconv"
	"strings"
)

func (d *decider) describeReadme() {
	p, b := &d.plan, d.budget
	p.RoleText = d.role.use
	p.LimitText = readableSize(b.Limit)
	p.Budget = b.table(d.demand)
	p.PolicyText = d.policyReason()
	p.ResidentShare = strconv.FormatFloat(float64(100+fragmentation)/100, 'f', -1, 64)
	p.ValueLimitText = fmt.Sprintf("%s; what clients send or get at the same moment may be %s together, as of %s at once with the largest",
		readableSize(b.LargestValue), readableSize(b.largestAtOnce(d.demand)*b.LargestValue), count(b.largestAtOnce(d.demand), "client"))
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
	return lines
}

// memoryWatch is about the container where a full server evicts: there its memory is full all the time, as it should be.
func (d *decider) memoryWatch() WatchLine {
	if d.plan.Policy == "noeviction" {
		return WatchLine{"memory", "`INFO memory`: `used_memory` against `maxmemory`", "above 90 % for long"}
	}
	return WatchLine{"memory", "`INFO memory`: `used_memory_rss` against `maxmemory`; to be full is normal", fmt.Sprintf("above %d %% for long: the allocator loses more than is set aside", 100+fragmentation)}
}

// fullWatch is how a server is seen to be too small. One that evicts is full on every ordinary day.
func (d *decider) fullWatch() WatchLine {
	if d.plan.Policy == "noeviction" {
		return WatchLine{"refused writes", "`INFO errorstats`: `errorstat_OOM`", "more than 0: it is full"}
	}
	return WatchLine{"evictions", "`INFO stats`: `evicted_keys`", "growing faster than the use of the service explains"}
}
