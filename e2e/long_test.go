//go:build long

package e2e

import (
	"testing"
	"time"
)

// The long form takes hours, and goes on where it was: e2e/long
const long = true

// Short beside the seconds that a failover takes, long beside an answer on one machine.
const (
	dialTimeout   = 500 * time.Millisecond
	answerTimeout = time.Second
)

// TestPausesOfGeneratedSet looks for the moment in which a paused master that
// comes back could still be confirmed by a replica.
func TestPausesOfGeneratedSet(t *testing.T) {
	report := pauseSweep(t, func() *set { return newGeneratedSet(t, releases(t)[0]) }, 4*time.Second, 9*time.Second, 125*time.Millisecond)
	t.Log("\n" + report.markdown())
	requireSafe(t, report)
}
