package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
	for _, row := range rows {
		table += row.line(loads)
	}
	page := measuredTable.ReplaceAllStringFunc(string(content), func(found string) string {
		parts := measuredTable.FindStringSubmatch(found)
		return fmt.Sprintf("%s\n%d deployments:\n\n%s\n%s", parts[1], len(rows), table, parts[2])
	})
	compare(t, "docs/memory.md", page)
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

func (r measuredRow) line(loads []string) string {
	worst, withDirty := 0, 0
	for n, peak := range r.peaks {
		if peak[0] > r.peaks[worst][0] {
			worst = n
		}
		withDirty = max(withDirty, peak[1])
	}
	return fmt.Sprintf("| %s | %s | %s | %s %s | %d MiB | %s | %.1f %% | %.1f %% |\n", r.role, r.topology, r.limit, r.engine, r.version,
		r.maxmemory>>20, loads[worst], float64(r.peaks[worst][0])/10, float64(withDirty)/10)
}
