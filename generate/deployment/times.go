package deployment

import (
	"fmt"
	"strconv"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Times are how long servers may take, and what for.
type Times struct {
	StartPeriod         time.Duration // until a server is healthy
	StartPeriodReason   string
	StopGrace           time.Duration // until a server that stops is killed
	StopGraceReason     string
	SentinelStartPeriod time.Duration
	ClusterStartPeriod  time.Duration // of a node, and of what forms the cluster
}

const (
	// A slow disk reads and writes this much a second.
	diskRate = 16 * units.MiB
	// Long enough for the server to end its connections, and for an append-only
	// file to reach the disk.
	leastGrace = 30 * time.Second
	leastStart = 10 * time.Second
	// findingOut is how long sentinels need beside the servers: they ask for
	// what these are every ten seconds, first the master and then its replicas.
	findingOut = 30 * time.Second
	// forming is how long a healthy node may wait for the others: the cluster
	// is formed when the last of them answers.
	forming = time.Minute
	// defaultShutdownTimeout is the engines' own, in seconds.
	defaultShutdownTimeout = 10
)

// timesOf decides how long a server may take to load and to save.
func timesOf(i *intent.Intent, kept Persistence, s Set, m Memory) (Times, []intent.Problem) {
	moving := time.Duration(m.Budget.MaxMemory/diskRate) * time.Second
	t := Times{StartPeriod: leastStart, StopGrace: leastGrace, StartPeriodReason: "there is nothing to load", StopGraceReason: "there is nothing to save"}
	if kept.Persistent {
		t.StartPeriod += moving
		t.StartPeriodReason = fmt.Sprintf("loading %s from a slow disk", units.Readable(m.Budget.MaxMemory))
		t.StopGraceReason = "the append-only file has to reach the disk"
	}
	if kept.RDB {
		t.StopGrace += moving
		t.StopGraceReason = fmt.Sprintf("the last snapshot, %s onto a slow disk, comes before the end", units.Readable(m.Budget.MaxMemory))
	}
	if len(s.Sentinels) > 0 || s.Topology == intent.Cluster {
		t.StopGrace += s.HandOver
		t.StopGraceReason = "another server takes over first, and " + t.StopGraceReason
	}
	if text, ok := m.Overrides.Value("shutdown-timeout"); ok {
		seconds, _ := strconv.ParseInt(text, 10, 32)
		t.StopGrace += time.Duration(max(seconds-defaultShutdownTimeout, 0)) * time.Second
	}
	t.SentinelStartPeriod, t.ClusterStartPeriod = t.StartPeriod+findingOut, t.StartPeriod+forming
	if i.StopGrace == 0 {
		return t, nil
	}
	refused := i.Refusals()
	if i.StopGrace < t.StopGrace && m.Budget.MaxMemory > 0 {
		refused.Refuse(intent.Faultf(fmt.Sprintf("write at least stop-grace = %q", units.Seconds(t.StopGrace)),
			"after %s the server would be killed, although %s", units.Seconds(i.StopGrace), t.StopGraceReason), "stop-grace")
	}
	t.StopGrace, t.StopGraceReason = i.StopGrace, "as the intent says"
	return t, refused.Problems
}
