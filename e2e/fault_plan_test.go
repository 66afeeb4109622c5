package e2e

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// plainImage runs the plain stack, so that the comparison is with the release that most of such stacks run.
const plainImage = "redis:7.0.15"

// healBound is how long a set may take to heal.
const healBound = 3 * time.Minute

// chosenPlan is the plan that RCOMP_FAULT_SEED and RCOMP_FAULT_COUNT ask for: by default every kind once, always in the
// same order, so that a run can be repeated.
func chosenPlan(t *testing.T) faultPlan {
	t.Helper()
	seed := numberFrom(t, "RCOMP_FAULT_SEED", 1)
	count := numberFrom(t, "RCOMP_FAULT_COUNT", uint64(len(faults)))
	t.Logf("RCOMP_FAULT_SEED=%d RCOMP_FAULT_COUNT=%d", seed, count)
	return faultPlan{faults: shuffled(seed, int(count)), bound: healBound}
}

// numberFrom returns a number from the environment.
func numberFrom(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	number, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, variable)
	return number
}

// shuffled returns a number of faults in an order that the seed decides; no kind comes again before all others came.
func shuffled(seed uint64, count int) []fault {
	random := rand.New(rand.NewPCG(seed, 0))
	var chosen []fault
	for len(chosen) < count {
		for _, i := range random.Perm(len(faults)) {
			chosen = append(chosen, faults[i])
		}
	}
	return chosen[:count]
}

// pauseSweep pauses the master for each length around the moment of failover: when a paused master comes back before or
// while another is chosen, it may still have a replica that confirms its writes to WAIT.
func pauseSweep(t *testing.T, s *set, from, to, step time.Duration) faultReport {
	t.Helper()
	plan := faultPlan{bound: healBound}
	for length := from; length <= to; length += step {
		plan.faults = append(plan.faults, pauseOf(length))
	}
	return runFaults(t, s, plan)
}
