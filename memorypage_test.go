package main

import (
	"cmp"
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

	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/generate/intent"
)

var measuredTable = regexp.MustCompile(`(?s)(<!-- measured -->\n).*(<!-- end of measured -->)`)

// TestMemoryPage prints into docs/memory.md what the long end-to-end tests
// measured, as they left it in docs/memory.tsv.
func TestMemoryPage(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(repository, "docs", "memory.md"))
	require.NoError(t, err)
	require.Regexp(t, measuredTable, string(content))
	table := "| role | topology | limit | release | `maxmemory` | worst load | held | with dirty pages |\n|---|---|---:|---|---:|---|---:|---:|\n"
	loads, rows := measuredRows(t)
	slices.SortStableFunc(rows, inOrder)
	for _, row := range rows {
		table += row.line(loads)
	}
	page := measuredTable.ReplaceAllStringFunc(string(content), func(found string) string {
		parts := measuredTable.FindStringSubmatch(found)
		return fmt.Sprintf("%s\nThe most that any release held of its limit, and with the pages that were not on the disk yet:\n\n%s\n%d deployments:\n\n%s\n%s", parts[1], summary(rows), len(rows), table, parts[2])
	})
	compare(t, "docs/memory.md", page)
}

// TestMeasuredPeaks holds that every role was measured with every limit on every
// release, that no container came near its limit, and that the limit of each
// role is made use of.
func TestMeasuredPeaks(t *testing.T) {
	_, rows := measuredRows(t)
	measured := map[string]map[string]bool{}
	for _, row := range rows {
		name := row.role + " " + row.limit
		if measured[name] == nil {
			measured[name] = map[string]bool{}
		}
		measured[name][row.engine+" "+row.version] = true
		_, withDirty := row.most()
		assert.LessOrEqual(t, withDirty, 950, "per mille of the limit: %+v", row)
	}
	for _, role := range measuredRoles {
		for _, limit := range measuredLimits {
			name := role + " " + limit
			assert.Len(t, measured[name], 4, "releases of %s", name)
			_, withDirty := mostOf(rows, role, limit)
			assert.GreaterOrEqual(t, withDirty, 750, "per mille of %s: more could be given to the data", name)
		}
	}
}

// Every role and limit is measured.
var (
	measuredRoles  = []string{"cache", "session-store", "queue", "rate-limit", "pubsub", "database"}
	measuredLimits = []string{"128M", "256M", "1G"}
)

// inOrder has the rows of a role and a limit stand together, as they do in the summary.
func inOrder(a, b measuredRow) int {
	return cmp.Or(
		cmp.Compare(slices.Index(measuredRoles, a.role), slices.Index(measuredRoles, b.role)),
		cmp.Compare(slices.Index(measuredLimits, a.limit), slices.Index(measuredLimits, b.limit)),
		-strings.Compare(a.topology, b.topology), // one server before a set
		strings.Compare(a.engine+a.version, b.engine+b.version),
	)
}

// mostOf is the most that a role with a limit held, of all releases and topologies.
func mostOf(rows []measuredRow, role, limit string) (held, withDirty int) {
	for _, row := range rows {
		if row.role == role && row.limit == limit {
			h, d := row.most()
			held, withDirty = max(held, h), max(withDirty, d)
		}
	}
	return held, withDirty
}

// summary is a table of roles and limits.
func summary(rows []measuredRow) string {
	table := "| role | " + strings.Join(measuredLimits, " | ") + " |\n|---|" + strings.Repeat("---:|", len(measuredLimits)) + "\n"
	for _, role := range measuredRoles {
		table += "| " + role
		for _, limit := range measuredLimits {
			held, withDirty := mostOf(rows, role, limit)
			table += fmt.Sprintf(" | %.1f %%, %.1f %%", float64(held)/10, float64(withDirty)/10)
		}
		table += " |\n"
	}
	return table
}

// TestMeasuredBudgetsAreTodays refuses measurements of another division of the
// memory. After a change of the budget, remove the lines and measure anew:
// RCOMP_E2E=1 go test -tags long -run TestMemoryOfEveryRole -timeout 8h ./e2e
func TestMeasuredBudgetsAreTodays(t *testing.T) {
	_, rows := measuredRows(t)
	for _, row := range rows {
		source := fmt.Sprintf("name = \"store\"\nrole = %q\nmemory = %q\ntopology = %q\nengine = %q\nversion = %q\n", row.role, row.limit, row.topology, row.engine, row.version)
		plan, problems := generate.Compile("redis.toml", []byte(source), intent.Surroundings{})
		require.Empty(t, problems, source)
		assert.Equal(t, plan.Budget.MaxMemory, row.maxmemory, source)
	}
}

// measuredRow is a line of docs/memory.tsv. Peaks are per mille of the limit,
// without and with pages that wait for the disk.
type measuredRow struct {
	role, limit, topology, engine, version string
	maxmemory                              int64
	peaks                                  [][2]int
}

func measuredRows(t *testing.T) (loads []string, rows []measuredRow) {
	t.Helper()
	const columns = 6 // before the loads
	content, err := os.ReadFile(filepath.Join(repository, "docs", "memory.tsv"))
	require.NoError(t, err)
	for number, line := range strings.Split(strings.TrimSuffix(string(content), "\n"), "\n") {
		words := strings.Split(line, "\t")
		require.Greater(t, len(words), columns, line)
		if number == 0 {
			loads = words[columns:]
			continue
		}
		row := measuredRow{role: words[0], limit: words[1], topology: words[2], engine: words[3], version: words[4]}
		row.maxmemory, err = strconv.ParseInt(words[5], 10, 64)
		require.NoError(t, err, line)
		require.Len(t, words[columns:], len(loads), line)
		for _, peak := range words[columns:] {
			var held, withDirty int
			_, err := fmt.Sscanf(peak, "%d/%d", &held, &withDirty)
			require.NoError(t, err, line)
			row.peaks = append(row.peaks, [2]int{held, withDirty})
		}
		rows = append(rows, row)
	}
	return loads, rows
}

// most is what was held under the worst load, per mille of the limit.
func (r measuredRow) most() (held, withDirty int) {
	for _, peak := range r.peaks {
		held, withDirty = max(held, peak[0]), max(withDirty, peak[1])
	}
	return held, withDirty
}

func (r measuredRow) line(loads []string) string {
	held, withDirty := r.most()
	worst := slices.IndexFunc(r.peaks, func(peak [2]int) bool { return peak[0] == held })
	return fmt.Sprintf("| %s | %s | %s | %s %s | %d MiB | %s | %.1f %% | %.1f %% |\n", r.role, r.topology, r.limit, r.engine, r.version,
		r.maxmemory>>20, loads[worst], float64(held)/10, float64(withDirty)/10)
}
