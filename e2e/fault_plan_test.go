package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// plainImage runs the plain stack, so that the comparison is with the release
// that most of such stacks run.
const plainImage = "redis:7.0.15"

// chosenPlan is the plan that RCOMP_FAULT_SEED and RCOMP_FAULT_COUNT ask for:
// by default every kind of the form once, always in the same order, so that a
// run can be repeated.
func chosenPlan(t *testing.T) faultPlan {
	t.Helper()
	seed := numberFrom(t, "RCOMP_FAULT_SEED", 1)
	count := numberFrom(t, "RCOMP_FAULT_COUNT", uint64(len(kindsOfForm())))
	t.Logf("RCOMP_FAULT_SEED=%d RCOMP_FAULT_COUNT=%d", seed, count)
	return faultPlan{rows: fmt.Sprintf("%s, seed %d", t.Name(), seed), faults: shuffled(seed, int(count)), bound: patience}
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

// kindsOfForm are the kinds of faults of the short form, or all.
func kindsOfForm() []fault {
	return slices.DeleteFunc(slices.Clone(faults), func(one fault) bool { return one.long && !long })
}

// shuffled returns a number of faults in an order that the seed decides; no
// kind comes again before all others came.
func shuffled(seed uint64, count int) []fault {
	random := rand.New(rand.NewPCG(seed, 0))
	kinds := kindsOfForm()
	var chosen []fault
	for len(chosen) < count {
		for _, i := range random.Perm(len(kinds)) {
			chosen = append(chosen, kinds[i])
		}
	}
	return chosen[:count]
}

// pauseSweep pauses the master for each length around the moment of failover:
// when a paused master comes back before or while another is chosen, it may
// still have a replica that confirms its writes to WAIT.
func pauseSweep(t *testing.T, start func() *set, from, to, step time.Duration) faultReport {
	t.Helper()
	plan := faultPlan{rows: t.Name(), bound: patience}
	for length := from; length <= to; length += step {
		plan.faults = append(plan.faults, pauseOf(length))
	}
	return runFaults(t, start, plan)
}
