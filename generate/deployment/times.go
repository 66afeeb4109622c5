package deployment

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
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
	if text, ok := m.Overrides.value("shutdown-timeout"); ok {
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

// Container is what every server's container has.
type Container struct {
	Restart              string // no, always, unless-stopped, on-failure or on-failure:5
	CPUs                 string // a decimal number; empty for no bound
	LogSize, LogFiles    int64  // bytes of each
	Capabilities         []Capability
	SentinelCapabilities []Capability
}

// Capability is a Linux capability that the container starts with, and what for.
type Capability struct{ Name, Why string }

// containerOf decides what a container has that no other decision bears on.
func containerOf(i *intent.Intent, release redis.Release, s Set) Container {
	c := Container{
		Restart: cmp.Or(i.Restart, "unless-stopped"), CPUs: i.CPUs,
		LogSize: cmp.Or(i.LogSize, 10*units.MiB), LogFiles: cmp.Or(i.LogFiles, 3),
		Capabilities: capabilitiesOf(release),
	}
	if s.Alone() {
		return c
	}
	c.SentinelCapabilities = c.Capabilities
	// The start program signals a server that runs as another user.
	c.Capabilities = append(slices.Clone(c.Capabilities), Capability{"KILL", "lets the start program, which stays root, stop the server"})
	return c
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
