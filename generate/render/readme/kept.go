package readme

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// DataText says what a restart and a crash leave.
func (r Readme) DataText() string {
	return strings.TrimSpace(r.PersistenceReason() + " " + r.FsyncReason())
}

// LossText says what is lost when the server or its host dies.
func (r Readme) LossText() string {
	lost := map[string]string{"everysec": "up to about a second of writes", "always": "no write that was answered", "no": "up to half a minute of writes"}
	switch r.Kind {
	case intent.PersistNone:
		return "all of them are gone with every restart."
	case intent.PersistRDB:
		return "a crash loses what was written since the last snapshot, and a lost disk all but the backups."
	}
	return "a crash of the host loses " + lost[r.Fsync] + ", and a lost disk all but the backups."
}

// DiskText says how much room the files of a server need. A server with 54 MiB
// of data, of the role database, that was written over at 17,700 sets of a
// kilobyte a second took 484 MiB on Redis 7.0.15: rewrites begin at twice the
// size, and what is written meanwhile is appended beside both.
func (r Readme) DiskText() string {
	need := func(times int64) string { return units.Readable(times * r.Budget.MaxMemory) }
	switch {
	case r.AOF:
		return fmt.Sprintf(" Have %s of disk for a server, ten times `maxmemory`: the append-only file grows to twice its size and by what is written while it is rewritten, and stands beside the new one until "+
			"that is complete. Data that were written over at full speed took nine times their size.", need(10))
	case r.RDB:
		return fmt.Sprintf(" Have %s of disk for a server, twice `maxmemory`: a snapshot is written beside the one before.", need(2))
	}
	return ""
}

// WaitText says what WAIT is worth.
func (r Readme) WaitText() string {
	if len(r.Sentinels) == 0 {
		return "`WAIT 1` is worth something here only when the master's volume is lost: then that replica has the write. The master itself has it after a crash, see below."
	}
	return "`WAIT 1` holds against the loss of any one server, and was tried so. It does not hold when the master and the one replica that confirmed are lost together: " +
		fmt.Sprintf("`WAIT %d`, every replica, does, at the price that one replica that is away keeps writes from being confirmed.", r.Replicas) + r.waitForDisksText()
}

// waitForDisksText is for the loss of power, which takes what all servers still
// had in memory.
func (r Readme) waitForDisksText() string {
	if !r.AOF || r.Release.Engine == redis.Redis && !r.Release.AtLeast(7, 2) {
		return ""
	}
	return " Against the loss of power on the host, where every disk may be a second behind, `WAITAOF 1 1 500` waits until the write is on the disk of the master and of a replica."
}

// WaitForAll is how a client waits for more than one replica.
func (r Readme) WaitForAll() string {
	return where(r.Replicas > 1, fmt.Sprintf("; `WAIT %d`\nwaits for all replicas of its master", r.Replicas))
}

// MinReplicasText says what min-replicas-to-write costs.
func (r Readme) MinReplicasText() string { return r.MinReplicasReason() }

// HostText bounds what a set survives.
func (r Readme) HostText() string {
	return "All of it runs on one host. It survives the loss of containers, processes and volumes, not the loss of that host."
}

// VolumeName is the volume of the one server, as the engine calls it.
func (r Readme) VolumeName() string { return r.Name + "_data" }

// KeepsVolume is what docker compose down leaves.
func (r Readme) KeepsVolume() string { return where(r.Persistent, "; the volume stays") }

// AppendDirName tells that the append-only file is several, in a directory.
func (r Readme) AppendDirName() bool { return r.AOF && r.Knows("appenddirname") }

// DataFiles are what a server of this release may have left in /data.
func (r Readme) DataFiles() string {
	files := []string{"dump.rdb"}
	switch {
	case r.AOF && r.AppendDirName():
		files = append(files, "appendonlydir")
	case r.AOF:
		files = append(files, "appendonly.aof")
	}
	return strings.Join(files, " ")
}

// RestoreAs is what a backup is called where a server reads it.
func (r Readme) RestoreAs() string {
	if r.AOF {
		return "appendonly.aof"
	}
	return "dump.rdb"
}

// RestoreBase and OlderFiles are lines where something is kept.
func (r Readme) RestoreBase() string {
	return where(r.AOF, "A server with an append-only file ignores `dump.rdb`, so the backup becomes the base of a new append-only file.")
}

// OlderFiles is a line where something is kept.
func (r Readme) OlderFiles() string {
	return where(r.Persistent, "A newer release reads the files of an older one; the way back is only the backup, read by the release that wrote it.")
}

// OfEachVolume says that there are several.
func (r Readme) OfEachVolume() string { return where(r.isSet(), " of each volume") }

// UpgradeStep and KeepsVolume are words about what is kept.
func (r Readme) UpgradeStep() string {
	if r.Persistent {
		return "Make a backup. Change"
	}
	return "Change"
}
