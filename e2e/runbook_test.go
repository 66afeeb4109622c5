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

// TestRunbooksWithoutSentinels types what the README of one server, and of a
// master with replicas, tells people to type.
func TestRunbooksWithoutSentinels(t *testing.T) {
	inParts(t)
	release := releases(t)[0]
	for topology, lines := range map[string]string{
		"standalone": "",
		"replicated": fmt.Sprintf("topology = \"replicated\"\nsubnet = \"%s.0/24\"\n", newSubnet()),
	} {
		t.Run(topology, func(t *testing.T) {
			sideBySide(t)
			asOneRow(t)
			s := newStack(t)
			s.write("redis.toml", fmt.Sprintf("name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\nengine = %q\nversion = %q\n%s", release.engine, release.version, lines))
			mustRun(t, s.directory, rcompPath(t), "gen")
			master := s.server(map[string]string{"standalone": "shop", "replicated": "shop-1"}[topology])
			s.typeRunbook(master)
			assert.Equal(t, "before the backup", master.withPassword(s.secret("redis")).command("get", "kept"), "restored")
		})
	}
}

// typeRunbook types the README's blocks of commands in their order. The master
// gets a key before the backup, and another value after it.
func (s *stack) typeRunbook(master *server) {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.directory, "README.md"))
	require.NoError(s.t, err)
	blocks := commandBlock.FindAllStringSubmatch(string(content), -1)
	require.GreaterOrEqual(s.t, len(blocks), 5)
	for _, block := range blocks {
		backup := strings.Contains(block[1], "bgsave")
		if backup {
			master.withPassword(s.secret("redis")).command("set", "kept", "before the backup")
		}
		typed(s.t, s.directory, block[1], "COMPOSE_PROJECT_NAME="+s.project)
		if backup {
			master.withPassword(s.secret("redis")).command("set", "kept", "after the backup")
		}
	}
	master.withPassword(s.secret("redis")).waitUntilReady()
}
