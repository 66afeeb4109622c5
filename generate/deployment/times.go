package deployment

import (
	"fmt"
	"strconv"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

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
