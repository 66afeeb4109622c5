package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The parts of docs/faults.md that are no table of faults.

// pausesOfBoth has a line for each pause that both stacks lived through, and
// what all pauses of the generated set came to.
func pausesOfBoth(_ *testing.T, r faultRows) string {
	plain, generated := r.ofTest("TestPausesOfPlainStack"), r.ofTest("TestPausesOfGeneratedSet")
	lines := []string{"| pause of the master | plain stack: lost | of | generated: lost | of |", "|---|---:|---:|---:|---:|"}
	for _, pause := range plain.faults() {
		beside := " | "
		if same := generated.ofFault(pause); len(same) > 0 {
			beside = conspicuous(same.lost()) + " | " + fmt.Sprint(same.acknowledged())
		}
		one := plain.ofFault(pause)
		lines = append(lines, fmt.Sprintf("| %s | %s | %d | %s |", strings.TrimPrefix(pause, "pause of "), conspicuous(one.lost()), one.acknowledged(), beside))
	}
	lines = append(lines, fmt.Sprintf("\nThe generated set was paused %d times, from %s to %s: lost %d of %d, OKs of a returned server %d, two at once %d, healed without a hand %d.",
		len(generated), pauseLength(generated[0]), pauseLength(generated[len(generated)-1]), generated.lost(), generated.acknowledged(), generated.assents(), generated.overlaps(), generated.healed()))
	return strings.Join(lines, "\n")
}

func pauseLength(row faultRow) string { return strings.TrimPrefix(row.fault, "pause of ") }

// startSaid is the result of a start order.
var startSaid = regexp.MustCompile(`a fresh set in ([\d.]+) s, an existing set in ([\d.]+) s, led by (\S+)`)

// startOrders tells of sets that were started in random orders. What each has
// to be in the end is the test's to ask.
func startOrders(t *testing.T, r faultRows) string {
	var fresh, existing []float64
	leaders := map[string]int{}
	for _, row := range r.ofTest("TestStartOrders") {
		found := startSaid.FindStringSubmatch(row.said)
		require.NotNil(t, found, row.said)
		fresh, existing = append(fresh, number(t, found[1])), append(existing, number(t, found[2]))
		leaders[found[3]]++
	}
	freshMedian, freshWorst := medianAndWorst(fresh)
	median, worst := medianAndWorst(existing)
	return fmt.Sprintf("%d orders. A fresh set was whole after %.1f s in the median, %.1f s at worst; an existing one after %.1f s and %.1f s.\n"+
		"The existing one was led by the server that had led before in %d of them.", len(fresh), freshMedian, freshWorst, median, worst, leaders[firstServer])
}

// firstServer leads a set that is started for the first time.
const firstServer = "shop-1"

// restoreSaid is the result of a cluster's restore.
var restoreSaid = regexp.MustCompile(`all keys are as they were, after (\d+) s`)

// restoresOfClusters tells how often a cluster was brought back.
func restoresOfClusters(t *testing.T, r faultRows) string {
	var times []float64
	for _, row := range r.ofTest("TestClusterRestores") {
		found := restoreSaid.FindStringSubmatch(row.said)
		require.NotNil(t, found, row.said)
		times = append(times, number(t, found[1]))
	}
	return fmt.Sprintf("%d times, and each time all keys were as they were, after %.0f to %.0f s.", len(times), slices.Min(times), slices.Max(times))
}
