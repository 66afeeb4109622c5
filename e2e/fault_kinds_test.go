package e2e

import (
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"
)

// fault is one way in which a set suffers. It puts the containers and their
// surroundings right again itself; what the servers and sentinels make of it is
// what is measured.
type fault struct {
	name   string
	strike func(r *faultRun, master string)
	long   bool // the same as another one where no time is measured
}

// faults are all kinds.
var faults = []fault{
	{name: "SIGTERM, back after 10 s", strike: func(r *faultRun, master string) { r.stopped(master, 10*time.Second) }},
	{name: "SIGKILL, back at once", strike: killed},
	{name: "pause of 20 s", strike: func(r *faultRun, master string) { r.paused(master, 20*time.Second) }},
	{name: "network cut of 20 s", strike: func(r *faultRun, master string) { r.cut(master, 20*time.Second) }},
	{name: "volume lost, back at once", strike: volumeLost},
	{name: "recreated with another address", strike: recreated},
	{name: "all off, all on", strike: allOff},
	{name: "master stays off", strike: staysOff, long: true},
	{name: "two failovers in a row", strike: killedTwice},
	{name: "master and a sentinel killed", strike: killedWithSentinel},
}

const (
	// takeover is how long a fault waits for another node to take over before
	// it goes on as it is.
	takeover = 3 * time.Minute
	// offTime is how long writes are measured while a master stays off.
	offTime = 10 * time.Second
)

// away keeps a struck master away until another node acknowledges, which it
// does when the rest follows it. The long form measures, and keeps it away for
// the fault's length.
func (r *faultRun) away(master string, struck time.Time, length time.Duration) {
	if long {
		time.Sleep(time.Until(struck.Add(length)))
		return
	}
	require.NotEmpty(r.t, r.awaitAcknowledgedBy(r.others(master), struck), "nobody takes over")
}

// stopped stops the master in order, with the grace that its deployment gives it.
func (r *faultRun) stopped(master string, length time.Duration) {
	r.set.onContainers("stop", master)
	r.away(master, time.Now(), length)
	r.start(master)
}

func killed(r *faultRun, master string) {
	r.set.onContainers("kill", master)
	r.start(master)
}

func (r *faultRun) paused(master string, length time.Duration) {
	r.set.onContainers("pause", master)
	r.away(master, time.Now(), length)
	r.bringBack(master, func() { r.set.onContainers("unpause", master) })
}

func (r *faultRun) cut(master string, length time.Duration) {
	networks := r.set.disconnect(master)
	r.away(master, time.Now(), length)
	r.bringBack(master, func() { r.set.connect(master, networks) })
}

func volumeLost(r *faultRun, master string) {
	r.set.onContainers("kill", master)
	r.set.emptyVolume(master)
	r.start(master)
}

func recreated(r *faultRun, master string) {
	former := r.set.attachments(master)
	if r.set.movesWhole {
		r.allOff = time.Now()
	}
	r.set.onContainers("kill", master)
	r.set.docker("rm", "--force", r.set.container(master))
	r.bringBack(master, func() { r.set.startElsewhere(master, former) })
	for i, present := range r.set.attachments(master) {
		require.NotEqual(r.t, former[i].IPAddress, present.IPAddress, "the fault did not happen: %s has its address again", master)
	}
}

func allOff(r *faultRun, master string) {
	r.allOff = time.Now()
	r.set.onContainers("kill", r.set.services()...)
	r.bringBack(master, func() { r.set.onContainers("start", r.set.services()...) })
}

func staysOff(r *faultRun, master string) {
	off := time.Now()
	r.set.onContainers("stop", master)
	r.awaitAcknowledgedBy(r.others(master), off)
	time.Sleep(offTime)
	r.start(master)
}

// killedTwice kills the master and, as soon as it acknowledges, the next one;
// the first returns when the second dies, so that there is a replica again to
// confirm writes.
func killedTwice(r *faultRun, first string) {
	off := time.Now()
	r.set.onContainers("kill", first)
	second := r.awaitAcknowledgedBy(r.others(first), off)
	if second == "" {
		r.start(first)
		return
	}
	off = time.Now()
	r.set.onContainers("kill", second)
	r.start(first)
	r.awaitAcknowledgedBy(r.others(second), off)
	r.start(second)
}

func killedWithSentinel(r *faultRun, master string) {
	sentinel := r.set.sentinels[0]
	off := time.Now()
	r.set.onContainers("kill", master, sentinel)
	r.awaitAcknowledgedBy(r.others(master), off)
	r.bringBack(master, func() { r.set.onContainers("start", master, sentinel) })
}

// pauseOf is a pause of the master of any length.
func pauseOf(length time.Duration) fault {
	return fault{name: fmt.Sprintf("pause of %g s", length.Seconds()), strike: func(r *faultRun, master string) { r.paused(master, length) }}
}

// others returns all nodes but one.
func (r *faultRun) others(but string) []string {
	return slices.DeleteFunc(slices.Clone(r.set.nodes), func(node string) bool { return node == but })
}

// start starts a stopped node.
func (r *faultRun) start(node string) {
	r.bringBack(node, func() { r.set.onContainers("start", node) })
}

// bringBack does what makes a node run or reachable again, and asks it to write
// from its first moment.
func (r *faultRun) bringBack(node string, heal func()) {
	back := &returning{prober: r.set.probe(node, r.where)}
	r.returned = append(r.returned, back)
	heal()
	back.at = time.Now()
}

// awaitAcknowledgedBy waits until one of some nodes acknowledges a write that
// was sent after a moment and returns it, or "" if none takes over in time.
func (r *faultRun) awaitAcknowledgedBy(nodes []string, since time.Time) string {
	for deadline := time.Now().Add(takeover); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		for _, node := range nodes {
			if r.ledger.countSince(since, node) > 0 {
				return node
			}
		}
	}
	return ""
}
