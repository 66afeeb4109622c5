package readme

import (
	"fmt"

	"github.com/rcomp/rcomp/generate/deployment/memory"
)

// Watch is what to look at, and when to act.
func (r Readme) Watch() []WatchLine {
	lines := append(r.watchOfCluster(),
		r.healthWatch(),
		r.memoryWatch(),
		r.fullWatch(),
		WatchLine{"clients", "`INFO clients`: `connected_clients`", "above 80 % of `maxclients`"},
		WatchLine{"slow events", "`LATENCY DOCTOR`, `SLOWLOG GET`", "any that users feel"},
	)
	if r.RDB {
		lines = append(lines, WatchLine{"snapshots", "`INFO persistence`: `rdb_last_bgsave_status`", "not `ok`: writes are refused until one succeeds"})
	}
	if r.AOF {
		lines = append(lines, WatchLine{"append-only file", "`INFO persistence`: `aof_last_write_status`, `aof_delayed_fsync`", "not `ok`, or growing: the disk is full or too slow"})
	}
	return append(lines, r.watchOfSet()...)
}

// watchOfCluster is whether a cluster is whole, which what forms it says.
func (r Readme) watchOfCluster() []WatchLine {
	switch {
	case r.Cluster == nil:
		return nil
	case r.Stack != nil:
		return []WatchLine{{"cluster", fmt.Sprintf("`docker service logs --tail 1 %s_%s`", r.Name, r.Creator()), "not `whole`"}}
	}
	return []WatchLine{{"cluster", "`docker compose ps " + r.Creator() + "`", "unhealthy"}}
}

// watchOfSet is what to watch of several servers beside each of them.
func (r Readme) watchOfSet() []WatchLine {
	if len(r.Members) == 0 {
		return nil
	}
	lines := []WatchLine{{"replicas", "`INFO replication` of the master: `connected_slaves`, `lag`", fmt.Sprintf("fewer than %d, or a lag of more than a few seconds", r.Replicas)}}
	if len(r.Sentinels) > 0 {
		lines = append(lines, WatchLine{"sentinels", "`SENTINEL CKQUORUM " + r.PrimaryName() + "`, `INFO sentinel`: `sentinel_tilt`", "not `OK`, or 1"})
	}
	if r.Proxy != nil {
		lines = append(lines, WatchLine{"proxy", "`docker compose ps " + r.Proxy.Name + "`", "unhealthy: it has no master to pass"})
	}
	return lines
}

// healthWatch is where the health checks are seen.
func (r Readme) healthWatch() WatchLine {
	if r.Stack != nil {
		return WatchLine{"tasks", fmt.Sprintf("`docker stack ps %s`", r.Name), "`Failed` or `Pending`: the swarm replaces what is unhealthy, and says why"}
	}
	return WatchLine{"health", "`docker compose ps`", "unhealthy: nothing restarts a container for that"}
}

// memoryWatch is about the container where a full server evicts: there its
// memory is full all the time, as it should be.
func (r Readme) memoryWatch() WatchLine {
	if r.Policy == "noeviction" {
		return WatchLine{"memory", "`INFO memory`: `used_memory` against `maxmemory`", "above 90 % for long"}
	}
	return WatchLine{"memory", "`INFO memory`: `used_memory_rss` against `maxmemory`; to be full is normal", fmt.Sprintf("above %d %% for long: the allocator loses more than is set aside", 100+memory.Fragmentation)}
}

// fullWatch is how a server is seen to be too small. One that evicts is full on
// every ordinary day.
func (r Readme) fullWatch() WatchLine {
	if r.Policy == "noeviction" {
		return WatchLine{"refused writes", "`INFO errorstats`: `errorstat_OOM`", "more than 0: it is full"}
	}
	return WatchLine{"evictions", "`INFO stats`: `evicted_keys`", "growing faster than the use of the service explains"}
}

// Alerts are those that Prometheus can give.
func (r Readme) Alerts() []string {
	rows := []string{row("a member does not answer", "`redis_up == 0`")}
	add := func(has bool, alert, when string) {
		if has {
			rows = append(rows, row(alert, "`"+when+"`"))
		}
	}
	add(!r.evicts(), "memory is nearly full", "redis_memory_used_bytes / redis_memory_max_bytes > 0.9")
	add(r.evicts(), "more is lost to fragmentation than is set aside (that the data reach `maxmemory` is normal)", "redis_memory_used_rss_bytes / redis_memory_max_bytes > "+r.residentShare())
	add(true, "clients are refused", "increase(redis_rejected_connections_total[5m]) > 0")
	add(r.RDB, "a snapshot failed", "redis_rdb_last_bgsave_status == 0")
	add(r.AOF, "the append-only file cannot be written", "redis_aof_last_write_status == 0")
	add(r.isSet(), "a replica has no master", "redis_master_link_up == 0")
	add(r.Cluster != nil, "slots are not served", "redis_cluster_state == 0")
	add(r.hasSentinels(), "sentinels hold the master for lost", `redis_sentinel_master_status{master_status!="ok"}`)
	add(r.hasSentinels(), "a failover would find no majority", "redis_sentinel_master_ckquorum_status == 0")
	return rows
}

// evicts tells that a full server makes room.
func (r Readme) evicts() bool { return r.Policy != "noeviction" }

// Measured is whom the exporter asks.
func (r Readme) Measured() string {
	if r.isSet() {
		return "every member measures"
	}
	return "the server measures"
}

// ExporterOnHost is where the host listens for it.
func (r Readme) ExporterOnHost() string {
	return where(r.ExporterPublished(), " and at `"+r.Exporter.Publish+"` of the host")
}

// AndSentinels is whom it logs in to beside the servers.
func (r Readme) AndSentinels() string {
	return where(r.hasSentinels(), ", and to sentinels with theirs")
}

// AndRestart is when it has to be restarted.
func (r Readme) AndRestart() string {
	return where(r.byCompose(), ", and has to be restarted as well after a change of `exporter-password`"+where(r.hasSentinels(), " or `sentinel-password`"))
}
