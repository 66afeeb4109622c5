package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const ownIntent = "name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\n[tls]\nauthority = \"own\"\ncert-file = %q\nkey-file = %q\nca-cert-file = %q\n"

// borrowFiles makes a certificate of a development authority and moves it to
// where somebody might have their own.
func borrowFiles(t *testing.T, directory string) {
	t.Helper()
	write(t, "made/redis.toml", "name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\n[tls]\nauthority = \"development\"\n")
	require.Zero(t, rcomp("gen", "made/redis.toml").status)
	require.NoError(t, os.MkdirAll(directory, 0o755))
	for from, to := range map[string]string{"tls-certificate.pem": "redis.pem", "tls-key.pem": "redis-key.pem", "tls-authority.pem": "ca.pem"} {
		require.NoError(t, os.Rename(filepath.Join("made/secrets", from), filepath.Join(directory, to)))
	}
	require.NoError(t, os.RemoveAll("made"))
}

// TestAnotherAuthorityIsSaid goes from the authority of gen to one's own, by
// which members of a set do not know each other.
func TestAnotherAuthorityIsSaid(t *testing.T) {
	t.Chdir(t.TempDir())
	borrowFiles(t, "certs")
	own := fmt.Sprintf(ownIntent, "certs/redis.pem", "certs/redis-key.pem", "certs/ca.pem")
	head, _, _ := strings.Cut(own, "authority")
	write(t, "redis.toml", head+"authority = \"development\"\n")
	require.Zero(t, rcomp("gen").status)
	write(t, "redis.toml", own)
	got := rcomp("gen")
	assert.Contains(t, got.stdout, "  another authority: clients have to trust the one in certs/ca.pem, beside the former, before servers restart\n", got.stderr)
	assert.Contains(t, got.stdout, "next:\n  docker compose up --detach --wait\n")
}

func TestOwnFilesStayWhereTheyAre(t *testing.T) {
	t.Chdir(t.TempDir())
	borrowFiles(t, "certs/2026")
	require.NoError(t, os.Symlink("2026", "certs/live"))
	absolute, err := filepath.Abs("certs/2026/ca.pem")
	require.NoError(t, err)
	write(t, "shop/redis.toml", fmt.Sprintf(ownIntent, "../certs/live/redis.pem", "../certs/2026/redis-key.pem", absolute))
	before := filesIn(t, "certs")
	for output, way := range map[string]string{"shop": "../certs", "out/deep": "../../certs", ".": "./certs"} {
		arguments := []string{"gen", "shop/redis.toml"}
		if output != "shop" {
			arguments = []string{"gen", "-o", output, "shop/redis.toml"}
		}
		got := rcomp(arguments...)
		require.Zero(t, got.status, got.stderr)
		content, err := os.ReadFile(filepath.Join(output, "docker-compose.yml"))
		require.NoError(t, err)
		assert.Contains(t, string(content), "\n    file: "+way+"/live/redis.pem\n")
		assert.Contains(t, string(content), "\n    file: "+way+"/2026/redis-key.pem\n")
		assert.Contains(t, string(content), "\n    file: "+absolute+"\n")
		assert.Equal(t, outcome{}, rcomp("lint", "--quiet", "--fail-on", "note", filepath.Join(output, "docker-compose.yml")))
		assert.Equal(t, outcome{}, rcomp(append(arguments, "--check")...))
		copied, err := filepath.Glob(filepath.Join(output, "secrets", "*.pem"))
		require.NoError(t, err)
		assert.Empty(t, copied, "no file of TLS is made or copied")
	}
	assert.Equal(t, before, filesIn(t, "certs"))
}

func TestOwnFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(path string) error
		wanted  string
	}{
		"missing":          {os.Remove, `there is no file "certs/redis.pem"; write its path from the intent's directory`},
		"a directory":      {func(path string) error { os.Remove(path); return os.Mkdir(path, 0o755) }, `cannot read "certs/redis.pem": it is not a regular file`},
		"a device":         {func(path string) error { os.Remove(path); return os.Symlink("/dev/zero", path) }, `cannot read "certs/redis.pem": what the system shows as a file is never read`},
		"one that waits":   {func(path string) error { os.Remove(path); return os.Symlink("/proc/kmsg", path) }, `cannot read "certs/redis.pem": what the system shows as a file is never read`},
		"an environment":   {func(path string) error { os.Remove(path); return os.Symlink("/proc/self/environ", path) }, `cannot read "certs/redis.pem": what the system shows as a file is never read`},
		"a pipe":           {func(path string) error { os.Remove(path); return exec.Command("mkfifo", path).Run() }, `cannot read "certs/redis.pem": it is not a regular file`},
		"larger than that": {func(path string) error { return os.Truncate(path, 1<<20+1) }, `cannot read "certs/redis.pem": it has more than 1048576 bytes`},
		"something else":   {func(path string) error { return os.WriteFile(path, []byte("root:x:0:0"), 0o600) }, `"certs/redis.pem" is not a certificate in PEM`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			borrowFiles(t, "certs")
			require.NoError(t, c.prepare("certs/redis.pem"))
			write(t, "redis.toml", fmt.Sprintf(ownIntent, "certs/redis.pem", "certs/redis-key.pem", "certs/ca.pem"))
			got := rcomp("gen")
			assert.Equal(t, statusTrouble, got.status)
			assert.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
			assert.True(t, strings.HasPrefix(got.stderr, "redis.toml:6:13: "+c.wanted), got.stderr)
			assert.NotContains(t, got.stderr, "root:x")
			assert.NoFileExists(t, "docker-compose.yml")
			assert.NoDirExists(t, "secrets")
		})
	}
}
