package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCheckOfWhatIsFound: whatever a repository holds, a check of all of it is
// red for what somebody can mend in it, and for nothing else.
func TestCheckOfWhatIsFound(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".git/HEAD", "")
	gen := func(arguments ...string) {
		t.Helper()
		require.Zero(t, rcomp(append([]string{"gen"}, arguments...)...).status, arguments)
	}
	check := func(arguments ...string) outcome { return rcomp(append([]string{"gen", "--check"}, arguments...)...) }

	write(t, "a/redis.toml", anIntent)
	gen("a/redis.toml")
	write(t, "intents/shop.redis.toml", strings.Replace(anIntent, "pages", "shop", 1))
	gen("-o", "deployed/shop", "intents/shop.redis.toml")
	write(t, "several/one.redis.toml", strings.Replace(anIntent, "pages", "one", 1))
	write(t, "several/two.redis.toml", strings.Replace(anIntent, "pages", "two", 1))
	gen("several/one.redis.toml")
	write(t, "vendor/redis.toml", "no TOML")
	require.NoError(t, os.RemoveAll("a/secrets/redis-password")) // as in a clone

	got := check(".")
	assert.Equal(t, outcome{stdout: "several/two.redis.toml is not checked: no deployment that was found here is made from it; to have its files here, run rcomp gen, or name it to be held to it\n"}, got)
	got = check("--format", "github", ".")
	assert.Zero(t, got.status)
	assert.True(t, strings.HasPrefix(got.stdout, "::notice file=several/two.redis.toml,line=1,"), got.stdout)
	assert.Equal(t, statusFound, check("several/two.redis.toml").status, "who is named is held to it")

	// Each is held to its intent where its files are.
	for _, file := range []string{"a/redis.conf", "deployed/shop/redis.conf", "deployed/shop/backup/.gitignore", "several/docker-compose.yml"} {
		before, err := os.ReadFile(file)
		require.NoError(t, err)
		write(t, file, string(before)+"# mine\n")
		for _, arguments := range [][]string{{"."}, {file}, {filepath.Dir(file), file}} {
			got := check(arguments...)
			assert.Equal(t, statusFound, got.status, "%s: %s%s", arguments, got.stdout, got.stderr)
			assert.Equal(t, 1, strings.Count(got.stdout, file+" was edited by hand since it was made from "), got.stdout)
		}
		write(t, file, string(before))
		assert.Zero(t, check(file).status)
	}
	require.NoError(t, os.Remove("deployed/shop/redis.conf"))
	assert.Contains(t, check(".").stdout, "deployed/shop/redis.conf is missing: intents/shop.redis.toml asks for it")

	// An intent that is wrong is wrong wherever its files are.
	write(t, "away/redis.toml", "name = 1\n")
	assert.Equal(t, statusTrouble, check(".").status)
	require.NoError(t, os.Remove("away/redis.toml"))

	// Files of others, and what a stranger writes into one, lead nowhere.
	write(t, "other/docker-compose.yml", harmless)
	assert.Equal(t, outcome{}, check("other/docker-compose.yml", "other"))
	header := "# Made by `rcomp gen` from %s. To change it, change that file and run `rcomp gen` again.\n"
	outside := filepath.Join(t.TempDir(), "x.toml")
	write(t, outside, "secret = \"of the runner\"\n")
	require.NoError(t, os.Symlink(outside, "link.toml"))
	for _, way := range []string{outside, strings.Repeat("../", 20) + outside[1:], "../link.toml", "../none.toml", "/proc/self/environ", "docker-compose.yml"} {
		write(t, "other/docker-compose.yml", strings.Replace(header, "%s", way, 1)+harmless)
		got := check("other/docker-compose.yml", "other")
		assert.NotContains(t, got.stdout+got.stderr, "of the runner", way)
		assert.Equal(t, outcome{}, got, way)
	}
	assert.Equal(t, statusTrouble, rcomp("gen", "a").status, "a directory is for --check")
}

// TestWithoutAnIntent runs gen where it has nothing to read.
func TestWithoutAnIntent(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "shop/redis.toml", anIntent)
	const none = "rcomp: there is no intent \"redis.toml\": name the one that is meant, or write it, at least name = \"sessions\", role = \"cache\" and memory = \"512M\""
	assert.Equal(t, outcome{status: statusTrouble, stderr: none + "\n"}, rcomp("gen"))
	assert.Equal(t, outcome{status: statusTrouble, stderr: none + "; --check DIRECTORY finds all that are below one\n"}, rcomp("gen", "--check"))
	assert.Equal(t, outcome{status: statusTrouble, stderr: "rcomp: \"shop\" is a directory: name the intent in it, as in \"shop/redis.toml\"\n"}, rcomp("gen", "shop"))
}

// TestCheckWithoutTheKey: certificates of one's own are on the machine that
// needs them, and seldom in a clone.
func TestCheckWithoutTheKey(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".git/HEAD", "")
	write(t, "redis.toml", anIntent+"\n[tls]\nauthority = \"own\"\ncert-file = \"tls/cert.pem\"\nkey-file = \"tls/key.pem\"\nca-cert-file = \"tls/ca.pem\"\n")
	got := rcomp("gen", "--check", "redis.toml")
	assert.Equal(t, statusFound, got.status, "its files are missing: %s%s", got.stdout, got.stderr)
	assert.Contains(t, got.stderr, `redis.toml: "tls/key.pem" is not here, and so not judged`)
	assert.Contains(t, got.stdout, "docker-compose.yml is missing")
	assert.Equal(t, statusTrouble, rcomp("gen", "redis.toml").status, "gen itself needs them")
	write(t, "tls/key.pem", "no key")
	assert.NotContains(t, rcomp("gen", "--check", "redis.toml").stderr, "tls/key.pem")

	// What was generated where they are is no drift where they are not.
	borrowFiles(t, "certs")
	write(t, "redis.toml", fmt.Sprintf(ownIntent, "certs/redis.pem", "certs/redis-key.pem", "certs/ca.pem"))
	require.Zero(t, rcomp("gen", "redis.toml").status)
	require.NoError(t, os.RemoveAll("certs"))
	got = rcomp("gen", "--check", ".")
	assert.Zero(t, got.status, "%s%s", got.stdout, got.stderr)
	assert.Contains(t, got.stderr, `"certs/redis-key.pem" is not here, and so not judged`)
}
