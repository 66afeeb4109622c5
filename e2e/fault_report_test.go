package e2e

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// faultRow is what one fault did.
type faultRow struct {
	fault        string
	master       string // named when the fault struck
	begin, end   time.Time
	acknowledged int
	lost         []acknowledgement
	longest      time.Duration // longest time without an acknowledgement
	without      time.Duration // all such times of a second or more
	assents      int           // OKs of a returned node to a direct write while the sentinels named another
	confirmed    int           // of these, on enough replicas by WAIT
	overlaps     []overlap
	failure      string // why the set did not heal; then lost is not known
}

// faultReport is a row for each fault of a run, in its order.
type faultReport []faultRow

// listed is how many losses and overlaps a row prints.
const listed = 10

// String is the row with its evidence, for a test's log.
func (r faultRow) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s at %s on %s: %d acknowledged, %d lost, %.1f s without writes (%.1f s in all), %d assents (%d confirmed), %d overlaps %s\n",
		r.fault, r.begin.Format(clock), r.master, r.acknowledged, len(r.lost), r.longest.Seconds(), r.without.Seconds(),
		r.assents, r.confirmed, len(r.overlaps), r.failure)
	for _, one := range r.lost[:min(listed, len(r.lost))] {
		fmt.Fprintf(&text, "  lost: %s\n", one)
	}
	for _, one := range r.overlaps[:min(listed, len(r.overlaps))] {
		fmt.Fprintf(&text, "  overlap: %s\n", one)
	}
	return text.String()
}

// markdown is the report as a table.
func (r faultReport) markdown() string {
	var text strings.Builder
	text.WriteString("| fault | writes acknowledged | lost | seconds without writes | OKs of the returned master | acknowledged by two at once |\n" +
		"|---|---|---|---|---|---|\n")
	for _, row := range r {
		text.WriteString(row.markdown() + "\n")
	}
	text.WriteString(r.summary() + "\n")
	return text.String()
}

// markdown is the row as one line of a table.
func (r faultRow) markdown() string {
	lost := fmt.Sprint(len(r.lost))
	if r.failure != "" {
		lost = "not healed"
	}
	return fmt.Sprintf("| %s | %d | %s | %.1f | %d (WAIT satisfied: %d) | %d |",
		r.fault, r.acknowledged, lost, r.longest.Seconds(), r.assents, r.confirmed, len(r.overlaps))
}

// summary is the last line of the table: sums, and median and worst of the time without writes.
func (r faultReport) summary() string {
	var sum faultRow
	lost, unhealed := 0, 0
	var times []time.Duration
	for _, row := range r {
		sum.acknowledged += row.acknowledged
		lost += len(row.lost)
		sum.assents += row.assents
		sum.confirmed += row.confirmed
		sum.overlaps = append(sum.overlaps, row.overlaps...)
		times = append(times, row.longest)
		if row.failure != "" {
			unhealed++
		}
	}
	median, worst := medianAndWorst(times)
	return fmt.Sprintf("| **%d faults, %d not healed** | %d | %d | median %.1f, worst %.1f | %d (WAIT satisfied: %d) | %d |",
		len(r), unhealed, sum.acknowledged, lost, median.Seconds(), worst.Seconds(), sum.assents, sum.confirmed, len(sum.overlaps))
}

// medianAndWorst returns the middle (the lower mean of the two middle ones of an even number) and the greatest.
func medianAndWorst(times []time.Duration) (median, worst time.Duration) {
	if len(times) == 0 {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(times))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[n-1]
}
