package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generatedName is the name in the intents of sets.
const generatedName = "shop"

// TestFaultsOfGeneratedSet lets what gen writes suffer every kind of fault: all
// of it heals by itself, and no acknowledged write is lost.
func TestFaultsOfGeneratedSet(t *testing.T) {
	longest(t)
	rowsOfReleases(t, 0, func(t *testing.T, release release) {
		report := runFaults(t, func() *set { return newGeneratedSet(t, release) }, chosenPlan(t))
		t.Log("\n" + report.markdown())
		requireSafe(t, report)
	})
}

func requireSafe(t *testing.T, report faultReport) {
	t.Helper()
	for _, row := range report {
		assert.NotZero(t, row.acknowledged, row.fault)
		assert.Empty(t, row.lost, row.fault)
		assert.Empty(t, row.overlaps, row.fault)
		assert.Zero(t, row.assents, "%s: a returned master said OK", row.fault)
	}
}

// newGeneratedSet starts a master, two replicas and three sentinels as gen writes them.
func newGeneratedSet(t *testing.T, release release, more ...string) *set {
	t.Helper()
	stack := newStack(t)
	g := &generated{stack: stack, release: release, more: strings.Join(more, "")}
	g.write()
	stack.up()
	password := func(of string) string {
		content, err := os.ReadFile(filepath.Join(stack.directory, "secrets", of+"-password"))
		require.NoError(t, err)
		return strings.TrimSpace(string(content))
	}
	return &set{
		stack:         stack,
		image:         release.image,
		nodes:         numbered(generatedName, 3),
		sentinels:     numbered(generatedName+"-sentinel", 3),
		masterName:    generatedName,
		writer:        login{password: password("redis")},
		observer:      login{user: "health", password: password("health")},
		sentinel:      login{password: password("sentinel")},
		confirmations: 1,
		data:          "/data",
		movesWhole:    true,
		startElsewhere: func(string, []attachment) {
			g.write()
			stack.up()
		},
	}
}

// generated is a set and the intent that it is made from.
type generated struct {
	stack   *stack
	release release
	more    string // lines of the intent
}

// write runs gen with an intent whose subnet is another one each time.
func (g *generated) write() {
	g.stack.t.Helper()
	g.stack.write("redis.toml", fmt.Sprintf(`name = %q
role = "queue"
memory = "256M"
topology = "sentinel"
engine = %q
version = %q
subnet = "%s.0/24"
%s`, generatedName, g.release.engine, g.release.version, newSubnet(), g.more))
	mustRun(g.stack.t, g.stack.directory, rcompPath(g.stack.t), "gen")
}

func numbered(prefix string, count int) []string {
	var names []string
	for n := 1; n <= count; n++ {
		names = append(names, fmt.Sprintf("%s-%d", prefix, n))
	}
	return names
}
