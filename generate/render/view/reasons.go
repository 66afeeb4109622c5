package view

import (
	"fmt"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Why values are as they are: redis.conf says it in comments, and the README in its text.

// policyText says what each policy does when memory is full.
var policyText = map[string]string{
	"noeviction":      "When memory is full, commands that need more get an OOM error; nothing is evicted.",
	"allkeys-lru":     "When memory is full, the keys that were not used for longest are evicted.",
	"allkeys-lfu":     "When memory is full, the keys that are used least often are evicted.",
	"allkeys-lrm":     "When memory is full, the keys that were not written for longest are evicted.",
	"allkeys-random":  "When memory is full, keys are evicted at random.",
	"volatile-lru":    "When memory is full, keys with a time to live that were not used for longest are evicted; the others stay.",
	"volatile-lfu":    "When memory is full, keys with a time to live that are used least often are evicted; the others stay.",
	"volatile-lrm":    "When memory is full, keys with a time to live that were not written for longest are evicted; the others stay.",
	"volatile-random": "When memory is full, keys with a time to live are evicted at random; the others stay.",
	"volatile-ttl":    "When memory is full, the keys that would expire next are evicted; keys without a time to live stay.",
}

// persistenceText says what each persistence means where it is not the role's own.
var persistenceText = map[string]string{
	intent.PersistNone: "Nothing is kept: a restart begins empty.",
	intent.PersistRDB:  "Snapshots are taken as save says and on a planned stop. A crash loses what was written since the last one.",
	intent.PersistAOF:  "A restart reads the append-only file. A crash loses what had not reached the disk.",
	intent.PersistBoth: "A restart reads the append-only file. The snapshots are a second copy in another format, and what backups take.",
}

var fsyncText = map[string]string{
	"everysec": "The disk is a second behind at most, unless it cannot keep up.",
	"always":   "Every write is on the disk before its reply. Each one waits for the disk.",
	"no":       "The kernel decides when to write: a crash of the host can lose half a minute.",
}

// PersistenceReason is the role's own where the intent leaves everything to it.
func (v View) PersistenceReason() string {
	if v.Kind != v.Role.Persistence || v.OwnSave || v.Fsync != "everysec" {
		return persistenceText[v.Kind]
	}
	return v.Role.Why
}

// FsyncReason says how far the disk is behind, "" without an append-only file.
func (v View) FsyncReason() string {
	if !v.AOF {
		return ""
	}
	return fsyncText[v.Fsync]
}

// PolicyReason says what a full server does.
func (v View) PolicyReason() string {
	if v.Policy == v.Role.Policy {
		return v.Role.Full
	}
	return policyText[v.Policy]
}

// memoryReason says what the memory is for that the data do not get.
func (v View) memoryReason() string {
	b := v.Budget
	text := fmt.Sprintf("Data of %s may cost %d %% more by fragmentation", units.Readable(b.MaxMemory), memory.Fragmentation)
	if v.Workload.Forks {
		text += fmt.Sprintf(", and %s again while a child saves them: %s", units.Readable(b.CopyOnWrite), v.CopyReason())
	}
	if b.ReplicaBuffer > 0 {
		text += fmt.Sprintf("; %s wait at most while replicas get a full copy", units.Readable(b.ReplicaBuffer))
	}
	text += ". The README has the table."
	if v.Workload.PubSub {
		text += fmt.Sprintf(" Buffers count in maxmemory too: while subscribers are slow keys cannot be written. They have %s besides.", units.Readable(b.ClientMemory))
	}
	return text
}

// MinReplicasReason says what min-replicas-to-write costs.
func (v View) MinReplicasReason() string {
	if v.Cluster != nil {
		return v.clusterReplicasReason()
	}
	if v.MinReplicas == 0 && v.Role.MinReplicas > 0 && v.SpareReplicas() == 0 {
		alone := "while its one replica restarts it has nobody behind it"
		if len(v.Sentinels) > 0 {
			alone = "of two servers, the promoted one has nobody behind it until the other is back"
		}
		return "The master accepts writes alone: " + alone + ", and would refuse every write until then. What it accepts then is lost should it be lost too. " +
			"With replicas = 2 a " + v.Role.Name + " waits for one of them."
	}
	if v.MinReplicas == 0 {
		return "The master accepts writes alone, so a " + v.Role.Name + " goes on while every replica is away. What it accepts then is lost should it be lost too, " +
			"and a master that is cut off accepts writes that are thrown away when it returns."
	}
	return fmt.Sprintf("The master refuses writes (NOREPLICAS) unless %s acknowledged within %d seconds. A master that is cut off therefore stops before another one "+
		"is promoted. The price: without %s nothing can be written.", units.Count(v.MinReplicas, "replica"), v.MinReplicasMaxLag, units.Count(v.MinReplicas, "replica"))
}

// clusterReplicasReason says what min-replicas-to-write costs in a cluster.
func (v View) clusterReplicasReason() string {
	if v.MinReplicas > 0 {
		return fmt.Sprintf("A master refuses writes (NOREPLICAS) unless %s of its own acknowledged within %d seconds. The price: while fewer follow, "+
			"this master's share of the keys cannot be written.", units.Count(v.MinReplicas, "replica"), v.MinReplicasMaxLag)
	}
	if v.Role.MinReplicas > 0 && v.Replicas == 1 {
		return "A master accepts writes alone: with one replica each, the promoted one has nobody behind it until the lost node is back, and would refuse every " +
			"write until then. A client that has to know waits for the replica itself (WAIT 1)."
	}
	return "A master accepts writes alone. What nobody else has is lost with it; a client that has to know waits for a replica itself (WAIT 1)."
}

// CopyReason says what copies of pages are for.
func (v View) CopyReason() string {
	return fmt.Sprintf("%d %% of the data and their fragmentation may change while a child saves them", v.Budget.CopyShare())
}
