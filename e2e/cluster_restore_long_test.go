//go:build long

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// restores is how often a cluster is brought back, after stops of every kind.
const restores = 20

// clusterStops are how a cluster ends before its backup is brought back. What
// nodes.conf says of links and masters then differs from one to the other; the
// restore itself stops what still runs.
var clusterStops = []struct {
	name string
	stop func(*testing.T, *cluster)
}{
	{"by the restore", func(*testing.T, *cluster) {}},
	{"all killed", func(_ *testing.T, c *cluster) { c.stack.mustCompose("kill") }},
	{"a master stopped before", func(t *testing.T, c *cluster) {
		lost := c.aMaster()
		c.engine("stop", lost)
		c.slotsLeft(t, lost)
	}},
	{"a master killed before", func(t *testing.T, c *cluster) {
		lost := c.aMaster()
		c.engine("kill", lost)
		c.slotsLeft(t, lost)
	}},
	{"taken down", func(_ *testing.T, c *cluster) { c.stack.down() }},
}

// TestClusterRestores types the backup and the restore of a cluster's README
// again and again, with all keys changed between.
func TestClusterRestores(t *testing.T) {
	var rows []string
	for round := range restores {
		rows = append(rows, fmt.Sprintf("restore %d, %s", round+1, clusterStops[round%len(clusterStops)].name))
	}
	left := unfinished(t, rows)
	c := newCluster(t, releases(t)[0])
	c.stack.up()
	c.heals(t, "up --wait")
	for round, row := range rows {
		if !left[row] {
			continue
		}
		began := time.Now()
		kept := fmt.Sprint("kept for restore ", round)
		c.fill(kept)
		require.NoError(t, os.RemoveAll(filepath.Join(c.stack.directory, "backup")))
		c.typeBlock("bgsave")
		c.fill("written after the backup")
		clusterStops[round%len(clusterStops)].stop(t, c)
		c.typeBlock("replaced-")
		c.heals(t, row)
		c.requireFilled(kept)
		finishRow(t, row, began, "all keys are as they were, after %.0f s", time.Since(began).Seconds())
	}
}

// typeBlock types the README's block of commands that holds a text.
func (c *cluster) typeBlock(has string) {
	c.stack.t.Helper()
	for n, step := range clusterRunbook {
		if step.has == has {
			function, commands := c.readmeBlock(n)
			commands = strings.ReplaceAll(commands, clusterName+"_data-", c.stack.project+"_data-")
			typed(c.stack.t, c.stack.directory, function+"\n"+commands, "COMPOSE_PROJECT_NAME="+c.stack.project)
			return
		}
	}
	require.FailNow(c.stack.t, "no block with "+has)
}
