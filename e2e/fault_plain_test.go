//go:build long

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFaultsOfPlainStack measures a stack as it is written by hand. It is the
// column that generated deployments are compared with: it may lose writes and
// may need a hand, but it must have been tried.
func TestFaultsOfPlainStack(t *testing.T) {
	report := runFaults(t, func() *set { return newPlainSet(t) }, chosenPlan(t))
	t.Log("\n" + report.markdown())
	for _, row := range report {
		assert.NotZero(t, row.acknowledged, row.fault)
	}
}

func TestPausesOfPlainStack(t *testing.T) {
	report := pauseSweep(t, func() *set { return newPlainSet(t) }, 3*time.Second, 9*time.Second, 500*time.Millisecond)
	t.Log("\n" + report.markdown())
	for _, row := range report {
		assert.NotZero(t, row.acknowledged, row.fault)
	}
}

// newPlainSet starts the stack of testdata/plain.
func newPlainSet(t *testing.T) *set {
	t.Helper()
	require.True(t, slices.ContainsFunc(releases(t), func(one release) bool { return one.image == plainImage }))
	stack := newStack(t)
	for _, name := range []string{"docker-compose.yml", "sentinel.conf"} {
		content, err := os.ReadFile(filepath.Join("testdata", "plain", name))
		require.NoError(t, err)
		stack.write(name, string(content))
	}
	stack.write(".env", "IMAGE="+plainImage+"\n")
	s := &set{
		stack:         stack,
		image:         plainImage,
		nodes:         []string{"redis-1", "redis-2", "redis-3"},
		sentinels:     []string{"sentinel-1", "sentinel-2", "sentinel-3"},
		masterName:    "mymaster",
		writer:        login{password: plainPassword},
		observer:      login{password: plainPassword},
		confirmations: int(numberFrom(t, "RCOMP_FAULT_WAIT", 1)),
		data:          "/data",
	}
	elsewhere := &elsewhere{set: s}
	t.Cleanup(elsewhere.release)
	s.startElsewhere = elsewhere.start
	s.renew = func() {
		elsewhere.release()
		stack.mustCompose("down", "--volumes", "--timeout", "0")
		stack.mustCompose("up", "--detach")
	}
	stack.mustCompose("up", "--detach")
	return s
}

// plainPassword is the password in the fixture's files.
const plainPassword = "compared-only"

// elsewhere starts services at other addresses by occupying those that they had.
type elsewhere struct {
	set      *set
	releases []func()
}

func (e *elsewhere) start(service string, former []attachment) {
	e.releases = append(e.releases, e.set.occupy(service, former))
	e.set.stack.mustCompose("up", "--detach", "--no-deps", service)
}

// release gives the addresses back.
func (e *elsewhere) release() {
	for _, release := range e.releases {
		release()
	}
	e.releases = nil
}
