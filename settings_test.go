package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSettingsLeadNowhere: what a stranger's settings name is opened as what a
// project names, or not at all; what the user names may be anywhere.
func TestSettingsLeadNowhere(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "outside/baseline.json", `{"version": 1, "findings": [{"rule": "LEAKED-VALUE"`)
	write(t, "outside/own.toml", "baseline = \"known.json\"\n")
	write(t, "outside/known.json", `{"version": 1, "findings": []}`)
	write(t, "repository/.git/HEAD", "")
	write(t, "repository/compose.yml", server)
	for _, path := range []string{"../outside/baseline.json", "link.json", "/dev/zero", "/proc/self/environ", ".git/HEAD"} {
		write(t, "repository/.rcomp.toml", "baseline = \""+path+"\"\n")
		_ = os.Symlink("../outside/baseline.json", "repository/link.json")
		result := rcomp("lint", "repository")
		assert.Equal(t, statusTrouble, result.status, path)
		assert.Contains(t, result.stderr, "cannot read the baseline", path)
		assert.NotContains(t, result.stderr+result.stdout, "LEAKED", path)
	}
	result := rcomp("lint", "--config", "outside/own.toml", "repository")
	require.Empty(t, result.stderr)
	assert.Equal(t, statusFound, result.status)

	write(t, "repository/.rcomp.toml", "[rules]\naccess = \"off\"\nmemory = \"off\"\npersistence = \"off\"\n")
	assert.Equal(t, statusClean, rcomp("lint", "repository").status, "a stranger's settings turn findings off")
	assert.Equal(t, statusFound, rcomp("lint", "--config", "outside/own.toml", "repository").status, "and not where the user names others")
}

// TestARunOfTwoSettings: each project has its own.
func TestARunOfTwoSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a/compose.yml", server)
	write(t, "a/.rcomp.toml", "fail-on = \"never\"\n[rules]\nimage = \"off\"\n")
	write(t, "b/compose.yml", server)
	write(t, "b/.rcomp.toml", "fail-on = \"error\"\n[rules]\naccess = \"error\"\n")
	assert.Equal(t, statusClean, rcomp("lint", "a").status)
	assert.Equal(t, statusFound, rcomp("lint", "b").status)
	assert.Equal(t, statusFound, rcomp("lint").status)
	assert.Equal(t, statusClean, rcomp("lint", "--fail-on", "never").status, "a flag comes before them")
}

// TestRolesAreAsked: what a service is for decides where rules depend on it.
func TestRolesAreAsked(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, server+"    command: redis-server --maxmemory 100mb --appendonly yes\n    mem_limit: 1g\n")
	for role, found := range map[string][]bool{
		"": {true, true}, "cache": {true, false}, "pubsub": {true, false}, "queue": {false, true}, "database": {false, true}, "session-store": {true, true},
	} {
		write(t, ".rcomp.toml", "")
		if role != "" {
			write(t, ".rcomp.toml", "[services.cache]\nrole = \""+role+"\"\n")
		}
		output := rcomp("lint").stdout
		assert.Equal(t, found[0], strings.Contains(output, "[eviction-policy-not-set]"), role)
		assert.Equal(t, found[1], strings.Contains(output, "[data-volume-missing]"), role)
	}
}
