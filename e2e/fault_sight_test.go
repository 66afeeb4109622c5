//go:build long

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The harness is worth nothing if it would not see what it looks for: here it
// must find losses that were made, a writer on a node that nobody names, and a
// set that does not heal.
func TestFaultHarnessSees(t *testing.T) {
	asOneRow(t)
	report := runFaults(t, func() *set { return newPlainSet(t) }, faultPlan{bound: 40 * time.Second, faults: []fault{
		{name: "emptied", strike: emptied},
		{name: "a sentinel stays off", strike: func(r *faultRun, _ string) { r.set.onContainers("stop", r.set.sentinels[1]) }},
		{name: "released", strike: released},
	}})
	require.Len(t, report, 3)

	assert.NotEmpty(t, report[0].lost)
	assert.Empty(t, report[0].failure)
	assert.Zero(t, report[0].assents)

	assert.Contains(t, report[1].failure, "OK 2 usable")

	assert.Empty(t, report[2].lost, "losses of the set before were counted again")
	assert.Empty(t, report[2].failure)
	assert.NotZero(t, report[2].assents)
}

// emptied takes all keys from the master, which its replicas follow.
func emptied(r *faultRun, master string) {
	client := r.set.node(master, r.set.writer, r.where.plainly)
	defer client.Close()
	require.NoError(r.t, client.FlushAll(context.Background()).Err())
}

// released makes a replica a master on its own, until the sentinels notice.
func released(r *faultRun, master string) {
	replica := r.others(master)[0]
	r.bringBack(replica, func() {
		client := r.set.node(replica, r.set.writer, r.where.plainly)
		defer client.Close()
		require.NoError(r.t, client.Do(context.Background(), "replicaof", "no", "one").Err())
	})
}
