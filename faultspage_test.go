package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// faultBlocks are the parts of docs/faults.md that are printed from the
// results, by the name that their marks have.
var faultBlocks = map[string]func(*testing.T, faultRows) string{
	"commit": faultCommits,
	"sets": func(_ *testing.T, r faultRows) string {
		return r.ofTest("TestFaultsOfGeneratedSet").safety(acknowledgedCell, withoutCell)
	},
	"clusters": func(_ *testing.T, r faultRows) string {
		return r.ofTest("TestClusterKeepsWhatItAcknowledged").losses(acknowledgedCell, wholeCell)
	},
	"swarm sets": func(_ *testing.T, r faultRows) string {
		return r.ofTest("TestSwarmWithSentinels").losses(acknowledgedCell, wholeCell)
	},
	"swarm clusters": func(_ *testing.T, r faultRows) string {
		return r.ofTest("TestSwarmCluster").losses(acknowledgedCell, wholeCell)
	},
	"plain": func(_ *testing.T, r faultRows) string {
		return r.ofTest("TestFaultsOfPlainStack").table(acknowledgedCell, lostCell, withoutCell, assentsCell)
	},
	"pauses":       pausesOfBoth,
	"start orders": startOrders,
	"restores":     restoresOfClusters,
}

var faultBlock = regexp.MustCompile(`(?s)(<!-- measured: ([a-z ]+) -->\n).*?(<!-- end of measured -->)`)

// TestFaultsPage prints into docs/faults.md what the long end-to-end tests
// came to.
func TestFaultsPage(t *testing.T) {
	rows := readFaultRows(t)
	content, err := os.ReadFile(filepath.Join(repository, "docs", "faults.md"))
	require.NoError(t, err)
	printed := map[string]bool{}
	page := faultBlock.ReplaceAllStringFunc(string(content), func(found string) string {
		parts := faultBlock.FindStringSubmatch(found)
		block := faultBlocks[parts[2]]
		require.NotNil(t, block, parts[2])
		printed[parts[2]] = true
		return fmt.Sprintf("%s\n%s\n\n%s", parts[1], block(t, rows), parts[3])
	})
	assert.Len(t, printed, len(faultBlocks), "blocks of the page")
	compare(t, "docs/faults.md", page)
}

// TestFaultResultsAreWhole holds the results to the same faults on every
// release: what did not heal left no row.
func TestFaultResultsAreWhole(t *testing.T) {
	rows := readFaultRows(t)
	for _, test := range []string{"TestFaultsOfGeneratedSet", "TestClusterKeepsWhatItAcknowledged", "TestSwarmWithSentinels", "TestSwarmCluster"} {
		all := rows.ofTest(test)
		require.NotEmpty(t, all, test)
		first := all.ofRelease(all.releases()[0])
		for _, row := range all {
			assert.NotZero(t, row.Acknowledged, "%s, %s: %s", test, row.release, row.fault)
		}
		for _, release := range all.releases() {
			assert.Equal(t, sortedFaults(first), sortedFaults(all.ofRelease(release)), "%s on %s", test, release)
		}
	}
}

// TestFaultResultsAreAll holds what has no table to how often it was asked for:
// a start, a pause or a restore that failed left no row.
func TestFaultResultsAreAll(t *testing.T) {
	rows := readFaultRows(t)
	for test, times := range map[string]int{"TestStartOrders": 30, "TestPausesOfGeneratedSet": 41, "TestPausesOfPlainStack": 13, "TestFaultsOfPlainStack": 10, "TestClusterRestores": 20} {
		assert.Len(t, rows.ofTest(test), times, test)
	}
}

func sortedFaults(rows faultRows) (names []string) {
	for _, row := range rows {
		names = append(names, row.fault)
	}
	slices.Sort(names)
	return names
}

// faultCell is a column of a table for each release.
type faultCell struct {
	title string
	of    func(faultRows) string
}

var (
	acknowledgedCell = faultCell{"acknowledged", func(r faultRows) string { return fmt.Sprint(r.acknowledged()) }}
	lostCell         = faultCell{"lost", func(r faultRows) string { return conspicuous(r.lost()) }}
	assentsCell      = faultCell{"OKs of a returned server", func(r faultRows) string { return fmt.Sprint(r.assents()) }}
	withoutCell      = faultCell{"seconds without writes", func(r faultRows) string { return r.spread(func(row faultRow) float64 { return row.Seconds }) }}
	wholeCell        = faultCell{"seconds until whole", func(r faultRows) string { return r.spread(func(row faultRow) float64 { return row.whole }) }}
)

// conspicuous prints a number in bold unless it is none.
func conspicuous(number int) string {
	if number == 0 {
		return "0"
	}
	return fmt.Sprintf("**%d**", number)
}

// spread is the median and the worst of some times.
func (r faultRows) spread(of func(faultRow) float64) string {
	if len(r) == 0 {
		return ""
	}
	var times []float64
	for _, row := range r {
		times = append(times, of(row))
	}
	if len(times) == 1 {
		return fmt.Sprintf("%.1f", times[0])
	}
	median, worst := medianAndWorst(times)
	return fmt.Sprintf("%.1f, %.1f", median, worst)
}

func medianAndWorst(times []float64) (median, worst float64) {
	times = slices.Sorted(slices.Values(times))
	n := len(times)
	return (times[(n-1)/2] + times[n/2]) / 2, times[n-1]
}

// table has a line for each fault and one for all, and the cells for each
// release.
func (r faultRows) table(cells ...faultCell) string {
	header, rule := "| fault |", "|---|"
	for _, release := range r.releases() {
		for n, cell := range cells {
			title := cell.title
			if n == 0 && release != "" {
				title = spelled(release) + ": " + title
			}
			header += " " + title + " |"
			rule += "---:|"
		}
	}
	lines := []string{header, rule}
	for _, fault := range r.faults() {
		lines = append(lines, r.ofFault(fault).line(fault, r.releases(), cells))
	}
	lines = append(lines, r.line("**all**", r.releases(), cells))
	return strings.Join(lines, "\n")
}

func (r faultRows) line(name string, releases []string, cells []faultCell) string {
	line := "| " + name + " |"
	for _, release := range releases {
		for _, cell := range cells {
			line += " " + cell.of(r.ofRelease(release)) + " |"
		}
	}
	return line
}

// spelled is a release as people write it.
func spelled(release string) string {
	engine, version, _ := strings.Cut(release, "-")
	return strings.ToUpper(engine[:1]) + engine[1:] + " " + version
}

// losses is a table and what it comes to.
func (r faultRows) losses(cells ...faultCell) string {
	return r.table(cells...) + fmt.Sprintf("\n\n**Lost: %d of %d. Healed without a hand: %d of %d.**", r.lost(), r.acknowledged(), r.healed(), len(r))
}

// safety is losses for sets, whose servers are asked to write past the
// sentinels.
func (r faultRows) safety(cells ...faultCell) string {
	return r.table(cells...) + fmt.Sprintf("\n\n**Lost: %d of %d. OKs of a returned server: %d. Two at once: %d. Healed without a hand: %d of %d.** Gone with the whole set: %d.",
		r.lost(), r.acknowledged(), r.assents(), r.overlaps(), r.healed(), len(r), r.unwritten())
}

// faultCommits names the commits at which the rows were measured, most of
// them first.
func faultCommits(_ *testing.T, r faultRows) string {
	counts := map[string]int{}
	for _, row := range r {
		counts[row.commit]++
	}
	var commits []string
	for commit := range counts {
		commits = append(commits, commit)
	}
	slices.SortFunc(commits, func(a, b string) int { return counts[b] - counts[a] })
	var said []string
	for _, commit := range commits {
		said = append(said, fmt.Sprintf("%d rows at commit `%.12s`", counts[commit], commit))
	}
	return "Measured: " + strings.Join(said, ", ") + "."
}
