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
	unwritten    []acknowledgement // gone with the whole set, whose master had not written them down yet
	longest      time.Duration     // longest time without an acknowledgement
	without      time.Duration     // all such times of a second or more
	assents      int               // OKs of a returned node to a direct write while the sentinels named another
	confirmed    int               // of these, on enough replicas by WAIT
	overlaps     []overlap
	failure      string // why the set did not heal; then lost is not known
}

// bad tells whether the fault did what must not happen.
func (r faultRow) bad() bool { return len(r.lost)+len(r.overlaps)+r.assents > 0 }

// faultResult is a row as the long form remembers it: what its evidence counts,
// without the evidence.
type faultResult struct {
	Fault              string
	Acknowledged, Lost int
	Unwritten          int     `json:",omitempty"`
	Seconds            float64 // longest time without an acknowledgement
	Assents, Confirmed int
	Overlaps           int
	Failure            string `json:",omitempty"`
}

func (r faultRow) result() faultResult {
	return faultResult{Fault: r.fault, Acknowledged: r.acknowledged, Lost: len(r.lost), Unwritten: len(r.unwritten), Seconds: r.longest.Seconds(),
		Assents: r.assents, Confirmed: r.confirmed, Overlaps: len(r.overlaps), Failure: r.failure}
}

func (r faultResult) row() faultRow {
	return faultRow{fault: r.Fault, acknowledged: r.Acknowledged, lost: make([]acknowledgement, r.Lost),
		unwritten: make([]acknowledgement, r.Unwritten), longest: time.Duration(r.Seconds * float64(time.Second)),
		assents: r.Assents, confirmed: r.Confirmed, overlaps: make([]overlap, r.Overlaps), failure: r.Failure}
}

// faultReport is a row for each fault of a run, in its order.
type faultReport []faultRow

// listed is how many losses and overlaps a row prints.
const listed = 10

// String is the row with its evidence, for a test's log.
func (r faultRow) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s at %s on %s: %d acknowledged, %d lost, %d unwritten, %.1f s without writes (%.1f s in all), %d assents (%d confirmed), %d overlaps %s\n",
		r.fault, r.begin.Format(clock), r.master, r.acknowledged, len(r.lost), len(r.unwritten), r.longest.Seconds(), r.without.Seconds(),
		r.assents, r.confirmed, len(r.overlaps), r.failure)
	for _, one := range r.lost[:min(listed, len(r.lost))] {
		fmt.Fprintf(&text, "  lost: %s\n", one)
	}
	for _, one := range r.overlaps[:min(listed, len(r.overlaps))] {
		fmt.Fprintf(&text, "  overlap: %s\n", one)
	}
	return text.String()
}

// markdown is the report as a table with a line for each kind of fault, in the
// order in which they first struck, and one for all.
func (r faultReport) markdown() string {
	var text strings.Builder
	text.WriteString("| fault | struck | writes acknowledged | lost | seconds without writes (median, worst) | " +
		"OKs of a returned node to direct writes while another was named | acknowledged while another did |\n" +
		"|---|---|---|---|---|---|---|\n")
	for _, kind := range r.kinds() {
		text.WriteString(kind.line(kind[0].fault))
	}
	text.WriteString(r.line("**all**"))
	return text.String()
}

// kinds returns the rows of each kind of fault.
func (r faultReport) kinds() []faultReport {
	var kinds []faultReport
	place := map[string]int{}
	for _, row := range r {
		i, found := place[row.fault]
		if !found {
			i = len(kinds)
			place[row.fault], kinds = i, append(kinds, nil)
		}
		kinds[i] = append(kinds[i], row)
	}
	return kinds
}

// line is the sum of the report's rows as one line of the table. What a set
// lost that did not heal is not known.
func (r faultReport) line(name string) string {
	var acknowledged, lost, unhealed, assents, confirmed, overlaps int
	var times []time.Duration
	for _, row := range r {
		acknowledged += row.acknowledged
		lost += len(row.lost)
		assents += row.assents
		confirmed += row.confirmed
		overlaps += len(row.overlaps)
		times = append(times, row.longest)
		if row.failure != "" {
			unhealed++
		}
	}
	losses := fmt.Sprint(lost)
	if unhealed > 0 {
		losses += fmt.Sprintf(", not healed: %d", unhealed)
	}
	median, worst := medianAndWorst(times)
	return fmt.Sprintf("| %s | %d | %d | %s | %.1f, %.1f | %d (WAIT satisfied: %d) | %d |\n",
		name, len(r), acknowledged, losses, median.Seconds(), worst.Seconds(), assents, confirmed, overlaps)
}

// medianAndWorst returns the middle (the lower mean of the two middle ones of
// an even number) and the greatest.
func medianAndWorst(times []time.Duration) (median, worst time.Duration) {
	if len(times) == 0 {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(times))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[n-1]
}
