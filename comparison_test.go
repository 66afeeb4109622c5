package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/rules"
)

// comparison has one fault a file, and what other linters said of each.
const (
	comparison     = "fixtures/comparison"
	comparisonPage = "docs/comparison.md"
)

// peers are the tools that peers.tsv has findings of, as the table's columns.
var peers = []string{"dclint", "KICS", "docker compose config"}

// taste are ids of dclint that are about the order of keys, whatever runs.
var taste = regexp.MustCompile(`-order$`)

// TestComparisonTable prints the measured table of docs/comparison.md: rcomp's
// column from what it says now, the peers' from what was recorded of them. The
// right answers were written down before, by hand.
func TestComparisonTable(t *testing.T) {
	findings := peerFindings(t)
	table := "\n| fault | rcomp | " + strings.Join(peers, " | ") + " |\n|---|---|---|---|---|\n"
	spoke := make([]int, 1+len(peers))
	faults := tabbed(t, "faults.tsv")
	for _, fault := range faults {
		name, beside, text, answer := fault[0], fault[1], fault[2], fault[3]
		assert.Empty(t, found(t, beside), "%s has no fault", beside)
		ids := found(t, name)
		reason, unanswered := strings.CutPrefix(answer, "no: ")
		cells := []string{"*no*: " + reason}
		if unanswered {
			assert.Empty(t, ids, "%s has an answer now: say so in faults.tsv", name)
		} else {
			assert.Contains(t, ids, answer, name)
			spoke[0]++
			cells = []string{linkedRules(ids)}
		}
		for i, peer := range peers {
			more := findings.more(peer, name, beside)
			if more != "" {
				spoke[1+i]++
			}
			cells = append(cells, more)
		}
		table += fmt.Sprintf("| [%s](../%s/%s.yml) | %s |\n", text, comparison, name, strings.Join(cells, " | "))
	}
	table += fmt.Sprintf("| **something is said, of %d** | %d | %d | %d | %d |\n\n", len(faults), spoke[0], spoke[1], spoke[2], spoke[3])
	place := regexp.MustCompile(`(?s)(<!-- measured -->\n).*(<!-- end of measured -->)`)
	page := read(t, comparisonPage)
	require.Regexp(t, place, page)
	compare(t, comparisonPage, place.ReplaceAllString(page, "${1}"+strings.ReplaceAll(table, "$", "$$")+"${2}"))
}

func linkedRules(ids []string) string {
	var links []string
	for _, id := range ids {
		links = append(links, fmt.Sprintf("[%s](rules/%s.md)", id, id))
	}
	return strings.Join(links, ", ")
}

// found returns the rules that have findings in a file of the comparison.
func found(t *testing.T, name string) (ids []string) {
	t.Helper()
	var report struct{ Findings []struct{ Rule string } }
	require.NoError(t, json.Unmarshal([]byte(rcomp("lint", "--format", "json", filepath.Join(comparison, name+".yml")).stdout), &report), name)
	for _, finding := range report.Findings {
		if !slices.Contains(ids, finding.Rule) {
			ids = append(ids, finding.Rule)
		}
	}
	return ids
}

// findingCounts counts findings by tool, file and id.
type findingCounts map[[3]string]int

func peerFindings(t *testing.T) findingCounts {
	all := findingCounts{}
	for _, row := range tabbed(t, "peers.tsv") {
		count, err := strconv.Atoi(row[3])
		require.NoError(t, err)
		assert.Contains(t, peers, row[1])
		all[[3]string{row[1], row[0], row[2]}] = count
	}
	return all
}

// more names what a tool says more often of a file than of the one beside it,
// which lacks only the fault.
func (c findingCounts) more(peer, name, beside string) string {
	var ids []string
	for key, count := range c {
		if key[0] == peer && key[1] == name && count > c[[3]string{peer, beside, key[2]}] && !taste.MatchString(key[2]) {
			ids = append(ids, key[2])
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

// tabbed returns the rows of a table of the comparison, below the names of its
// columns.
func tabbed(t *testing.T, name string) (rows [][]string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(read(t, filepath.Join(comparison, name))), "\n")
	for _, line := range lines[1:] {
		row := strings.Split(line, "\t")
		require.Len(t, row, 4, line)
		rows = append(rows, row)
	}
	return rows
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, path))
	require.NoError(t, err)
	return string(content)
}

// checksOf are how many checks each peer has that was listed in full, by the
// heading of its table.
var checksOf = map[string]int{"dclint": 17, "KICS": 21 + 2, "compose-lint": 27, "composelint": 12, "compose-lint in Go": 7, "DockSec": 17}

// TestComparisonAnswersEveryCheck holds each check of a peer to rules that there
// are, or to a reason why there is none.
func TestComparisonAnswersEveryCheck(t *testing.T) {
	_, sections, _ := strings.Cut(read(t, comparisonPage), "<!-- end of measured -->")
	listed := map[string]int{}
	for section := range strings.SplitSeq(sections, "\n## ") {
		title, body, _ := strings.Cut(section, "\n")
		for _, row := range regexp.MustCompile(`(?m)^\| .*$`).FindAllString(body, -1) {
			cells := strings.Split(strings.Trim(row, "| "), " | ")
			require.Len(t, cells, 3, row)
			if cells[0] == "check" {
				continue
			}
			listed[title] += strings.Count(cells[0], "`") / 2
			named := regexp.MustCompile(`\]\(rules/([a-z-]+)\.md\)`).FindAllStringSubmatch(cells[2], -1)
			for _, name := range named {
				assert.NotNil(t, rules.ByID(name[1]), "%s: there is no rule %s", cells[0], name[1])
			}
			assert.True(t, len(named) > 0 || regexp.MustCompile(`^no, \S`).MatchString(cells[2]), "%s has neither a rule nor a reason: %q", cells[0], cells[2])
		}
	}
	for title, count := range checksOf {
		assert.Equal(t, count, listed[title], "checks of %s", title)
	}
}
