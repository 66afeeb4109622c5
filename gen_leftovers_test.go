package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLeftovers takes an exporter away, and looks after what it leaves.
func TestLeftovers(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "redis.toml", intentWith("exporter = true"))
	require.Zero(t, rcomp("gen").status)
	write(t, "secrets/of-our-own", "ours\n")
	write(t, "secrets/postgres-password", "another service's\n")
	password, err := os.ReadFile("secrets/exporter-password")
	require.NoError(t, err)

	write(t, "redis.toml", intentWith(""))
	got := rcomp("gen")
	require.Zero(t, got.status, got.stderr)
	assert.Contains(t, got.stdout, "left start-exporter.sh: redis.toml does not ask for it any more, see --prune\nleft secrets/exporter-password: ")
	checked := rcomp("gen", "--check")
	assert.Equal(t, statusFound, checked.status)
	assert.Contains(t, checked.stdout, "start-exporter.sh is left: redis.toml does not ask for it any more")
	assert.NotContains(t, checked.stdout, "secrets/", "they are not in git")

	script, err := os.ReadFile("start-exporter.sh")
	require.NoError(t, err)
	write(t, "start-exporter.sh", string(script)+"echo ours\n")
	assert.Contains(t, rcomp("gen", "--prune").stdout, "left start-exporter.sh: it was edited by hand")
	assert.FileExists(t, "start-exporter.sh")
	assert.NoFileExists(t, "secrets/exporter-password")
	moved, err := filepath.Glob("secrets/left-*/exporter-password")
	require.NoError(t, err)
	require.Len(t, moved, 1)
	kept, err := os.ReadFile(moved[0])
	require.NoError(t, err)
	assert.Equal(t, password, kept)

	assert.Contains(t, rcomp("gen", "--prune", "--force").stdout, "removed start-exporter.sh\n")
	assert.Equal(t, outcome{}, rcomp("gen", "--check"))
	assert.FileExists(t, "secrets/of-our-own")
	assert.FileExists(t, "secrets/postgres-password")
	assert.FileExists(t, "secrets/redis-password")
}

// TestMissingSecretIsDriftBesideOthers: a checkout has none of them, a machine has all.
func TestMissingSecretIsDriftBesideOthers(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "redis.toml", intentWith("[tls]\nauthority = \"development\""))
	require.Zero(t, rcomp("gen").status)
	require.NoError(t, os.Remove("secrets/tls-certificate.pem"))
	got := rcomp("gen", "--check")
	assert.Equal(t, statusFound, got.status)
	assert.True(t, strings.HasPrefix(got.stdout, "secrets/tls-certificate.pem is missing: redis.toml asks for it\n"), got.stdout)
	for _, path := range filesIn(t, "secrets") {
		if path != ".gitignore" {
			require.NoError(t, os.Remove(filepath.Join("secrets", path)))
		}
	}
	assert.Equal(t, outcome{}, rcomp("gen", "--check"))
}

// TestLostKeyIsNotReplaced: with a new one beside the old certificate no server
// would start again.
func TestLostKeyIsNotReplaced(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "redis.toml", intentWith("[tls]\nauthority = \"development\""))
	require.Zero(t, rcomp("gen").status)
	require.NoError(t, os.Remove("secrets/tls-key.pem"))
	before := filesIn(t, ".")
	for _, arguments := range [][]string{{"gen"}, {"gen", "--check"}, {"gen", "--diff"}} {
		got := rcomp(arguments...)
		assert.Equal(t, statusTrouble, got.status)
		assert.Empty(t, got.stdout, "nothing is said of a change that is not made")
		assert.Contains(t, got.stderr, "secrets/tls-key.pem is missing, the key of secrets/tls-certificate.pem: bring it back, or delete the certificate too")
		assert.Equal(t, before, filesIn(t, "."))
	}
	require.NoError(t, os.Remove("secrets/tls-certificate.pem"))
	assert.Zero(t, rcomp("gen").status)
	assert.Equal(t, outcome{}, rcomp("gen", "--check"))
}
