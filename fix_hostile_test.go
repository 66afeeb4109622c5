package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFixesOfAConfHidePasswords: weak ones are hidden where they stand, in what
// was there as in what takes its place.
func TestFixesOfAConfHidePasswords(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "redis.conf", "requirepas redis\nmasterauth hunter22\nuser default on >sesame ~* +@all\nrename-command FLUSHALL a1\nmaxmemory 1.5gb\n")
	result := rcomp("lint", "--diff", "--unsafe-fixes", "redis.conf")
	assert.Equal(t, statusFound, result.status, result.stderr)
	assert.Contains(t, result.stdout, "-requirepas (secret)\n")
	assert.Contains(t, result.stdout, "+requirepass (secret)\n")
	for _, password := range []string{" redis\n", "hunter22", "sesame", " a1\n"} {
		assert.NotContains(t, result.stdout+result.stderr, password)
	}
}

// TestFixesThatWriteAPasswordAreNotShown: one that nobody could tell from a word
// of the file is hidden by its place, and its fix stands in no report.
func TestFixesThatWriteAPasswordAreNotShown(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server /etc/a.conf\n    volumes: [\"./one.conf:/etc/a.conf\"]\n"+
		"  two:\n    image: redis:7.4.6\n    command: redis-server /etc/a.conf\n    volumes: [\"./two.conf:/etc/a.conf\"]\n"+
		"  three:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PW:-three}\n")
	write(t, "one.conf", "requirepass redis\n")
	write(t, "two.conf", "replicaof one 6379\n")
	diff := rcomp("lint", "--diff", "--unsafe-fixes")
	assert.Contains(t, diff.stdout, "+masterauth (secret)\n")
	assert.Contains(t, diff.stdout, "/run/secrets/three-requirepass")
	for _, format := range formatNames() {
		result := rcomp("lint", "--format", format, "--only", "replica-without-masterauth", "--only", "password-in-argv")
		assert.Contains(t, result.stdout, "masterauth", format)
		assert.NotContains(t, result.stdout, "masterauth redis", format)
		assert.NotContains(t, result.stdout, "PW:-three", format)
	}
}

// TestWhyThereIsNoFixRepeatsNoPassword: what a variable or an escape makes of a
// password is not what stands there.
func TestWhyThereIsNoFixRepeatsNoPassword(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".env", "PW=redis\n")
	write(t, composeFile, "services:\n  a:\n    image: bitnami/redis:7.0\n    environment: [\"REDIS_PASSWORD=${PW}\"]\n"+
		"  b:\n    image: bitnami/redis:7.0\n    environment: [\"REDIS_PASSWORD=sesa\\x6De\"]\n")
	for _, format := range formatNames() {
		result := rcomp("lint", "--format", format, "--only", "password-in-environment")
		assert.NotRegexp(t, `PASSWORD=redis|sesame|\)ame|\)dis`, result.stdout, format)
	}
	assert.Contains(t, rcomp("lint", "--only", "password-in-environment").stdout, "by hand, since it is not written plainly")
}

// TestFixesLeaveExcludedConfsAlone: what is not judged is not mended.
func TestFixesLeaveExcludedConfsAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".rcomp.toml", "exclude = [\"redis.conf\"]\n")
	write(t, "redis.conf", "maxmemory 1.5gb\n")
	rcomp("lint", "--fix", "redis.conf")
	assert.Equal(t, "maxmemory 1.5gb\n", textOf(t, "redis.conf"))
}

// TestFixesWriteNoDirectiveTwice: one fix spells what another one misses.
func TestFixesWriteNoDirectiveTwice(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, "services:\n  redis:\n    image: redis:7.4.6\n    command: redis-server /etc/redis.conf --save \"\"\n    volumes: [\"./redis.conf:/etc/redis.conf\"]\n"+
		"  app:\n    image: app:1\n    environment: [\"CACHE_URL=redis://redis:6379/0\"]\n")
	write(t, "redis.conf", "maxmemory 1.5gb\nmaxmemory-polcy allkeys-lru\n")
	rcomp("lint", "--fix", "--unsafe-fixes")
	assert.Equal(t, "maxmemory 1536mb\nmaxmemory-policy allkeys-lru\n", textOf(t, "redis.conf"))
}

// TestFixesMeetNoLinks: a link where one fix makes or changes a file keeps no
// other fix from being written, and nothing behind it is.
func TestFixesMeetNoLinks(t *testing.T) {
	for _, link := range []struct{ at, to string }{
		{".gitignore", "/etc/hostname"}, {".gitignore", "nowhere"}, {".gitignore", ".git/config"}, {"secrets", ".git"}, {"secrets", os.TempDir()},
		{"secrets/redis-requirepass.conf", "../x"}, {"secrets", "redis.txt"},
	} {
		t.Run(link.at+" to "+link.to, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, ".git/config", "[core]\n")
			write(t, "redis.txt", "x")
			write(t, composeFile, "version: \"3\"\nservices:\n  redis:\n    image: redis:7.4.6\n    command: redis-server --requirepass hunter22hunter\n")
			require.NoError(t, os.MkdirAll(filepath.Dir(link.at), 0o755))
			require.NoError(t, os.Symlink(link.to, link.at))
			result := rcomp("lint", "--fix", "--unsafe-fixes")
			assert.Equal(t, statusFound, result.status, result.stderr)
			content := textOf(t, composeFile)
			assert.NotContains(t, content, "version:")
			assert.Contains(t, content, "hunter22hunter", "the password stays where it is")
			assert.Equal(t, "[core]\n", textOf(t, ".git/config"))
			for _, path := range filesIn(t, ".") {
				assert.False(t, strings.HasSuffix(path, "journal") || strings.HasSuffix(path, ".rcomp-fix"), path)
			}
		})
	}
}

func textOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}
