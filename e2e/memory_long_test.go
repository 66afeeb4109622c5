//go:build long

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// memoryResults is where the long form writes what it measured, one deployment
// a line below the names of the columns. docs/memory.md is printed from it by
// go test . -update.
const memoryResults = "../docs/memory.tsv"

// TestMemoryOfEveryRole measures each role, limit, topology and release. What
// memoryResults has already for the same maxmemory is not measured again, so
// that a run that was cut short goes on where it was. RCOMP_MEMORY_CELLS
// chooses deployments by words that their names have.
func TestMemoryOfEveryRole(t *testing.T) {
	for _, topology := range []string{"standalone", "replicated"} {
		for _, limit := range []string{"128M", "256M", "1G"} {
			for _, release := range releases(t) {
				for _, role := range roles {
					cell := memoryCell{role.name, limit, topology, release}
					if !chosen(cell) || alreadyMeasured(t, cell) {
						continue
					}
					t.Run(cell.String(), func(t *testing.T) { record(t, measureMemory(t, cell)) })
				}
			}
		}
	}
}

func chosen(cell memoryCell) bool {
	for _, word := range strings.Fields(os.Getenv("RCOMP_MEMORY_CELLS")) {
		if !strings.Contains(cell.String(), word) {
			return false
		}
	}
	return true
}

// alreadyMeasured tells whether there is a line of the deployment. That lines
// are of today's budget is held by a test of the root package.
func alreadyMeasured(t *testing.T, cell memoryCell) bool {
	t.Helper()
	content, err := os.ReadFile(memoryResults)
	require.NoError(t, err)
	return strings.Contains("\n"+string(content), "\n"+cell.columns()+"\t")
}

func (c memoryCell) columns() string {
	return strings.Join([]string{c.role, c.limit, c.topology, c.release.engine, c.release.version}, "\t")
}

// record appends a line: the deployment, maxmemory, and for each load what was
// held in per mille of the limit, without and with dirty pages.
func record(t *testing.T, m measuredMemory) {
	t.Helper()
	require.False(t, t.Failed())
	line := fmt.Sprintf("%s\t%d", m.cell.columns(), m.maxmemory)
	for _, peak := range m.peaks {
		line += fmt.Sprintf("\t%d/%d", peak.held*1000/m.limit, peak.withDirty*1000/m.limit)
	}
	file, err := os.OpenFile(filepath.FromSlash(memoryResults), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	require.NoError(t, err)
	defer file.Close()
	_, err = fmt.Fprintln(file, line)
	require.NoError(t, err)
	t.Log(m)
}
