package redis

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Tried on Valkey 8.1.1 and 9.1.2 with CONFIG GET; "" is a server that stops.
func TestParseArgvOfPatchReleases(t *testing.T) {
	for _, c := range []struct{ word, escaped, bare string }{
		{`a'b`, `a'b`, `a'b`},
		{`a b`, `a b`, `a b`},
		{"a\tb", "a\tb", "a\tb"},
		{`a\b`, `a\b`, "a\b"},
		{`a\x41`, `a\x41`, `aA`},
		{`a\"b`, `a\"b`, `a"b`},
		{`a"b`, `a"b`, ""},
		{`\`, `\`, ""},
		{`"q"`, `"q"`, ""},
	} {
		for _, version := range []string{"8.1.0", "8.1.1", "8.1.2", "8.1", "9.1.2", "8.0.1"} {
			image, err := ParseImage("valkey/valkey:" + version)
			require.NoError(t, err)
			want := c.escaped
			if version == "8.1.0" || version == "8.1.1" {
				want = c.bare
			}
			argv, err := image.ParseArgv([]string{"--requirepass", c.word}, image.Release)
			if want == "" {
				assert.Error(t, err, "%s on %s", c.word, version)
				continue
			}
			require.NoError(t, err, "%s on %s", c.word, version)
			assert.Equal(t, want, argv.Options[0].Args[0], version)
		}
	}
}

// Tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2; the rest is read in the sources.
func TestDatabasesOfClusterNode(t *testing.T) {
	for image, want := range map[string]string{
		"redis:6.2": "64", "redis:7.0.15": "64", "redis:7.2.0": "1", "redis:7.4": "1", "redis:8.0.2": "1", "redis:8.6": "1",
		"valkey/valkey:7.2": "1", "valkey/valkey:8.0": "1", "valkey/valkey:8.1.1": "1", "valkey/valkey:9.0": "64", "valkey/valkey:9.1.2": "64",
		"eqalpha/keydb:x86_64_v6.3.4": "64",
	} {
		parsed, err := ParseImage(image)
		require.NoError(t, err)
		effective, problems := parsed.Release.Apply(assign("databases 64\ncluster-enabled yes"))
		assert.Empty(t, problems)
		assert.Equal(t, want, effective["databases"].Value, image)
		effective, _ = parsed.Release.Apply(assign("databases 64\ncluster-enabled no"))
		assert.Equal(t, "64", effective["databases"].Value, image)
	}
}

// Tried on the servers of TestDatabasesOfClusterNode.
func TestSentinelIgnores(t *testing.T) {
	for release, want := range map[Release][2]bool{
		{Redis, 6, 2}: {false, false}, {Redis, 7, 0}: {false, true}, {Redis, 8, 0}: {true, true}, {Redis, 8, 6}: {true, true},
		{Valkey, 8, 1}: {false, true}, {Valkey, 9, 1}: {false, true}, {KeyDB, 6, 3}: {false, false}, {}: {false, false},
	} {
		assert.Equal(t, want, [2]bool{release.SentinelIgnores("maxmemry"), release.SentinelIgnores("my.module")}, release.String())
	}
}

// Tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2: each stops at FLUSHAL
// and at JSON.SET.
func TestRenamedCommands(t *testing.T) {
	for _, c := range []struct {
		text string
		bad  bool
	}{
		{"rename-command FLUSHALL \"\"\nrename-command Config \"\"", false},
		{"rename-command CONFIG hidden\nrename-command hidden other", false},
		{"rename-command FLUSHAL \"\"", true},
		{"rename-command JSON.SET \"\"", true},
		{"rename-command CONFIG hidden\nrename-command hiden other", true},
		{"rename-command STRALGO \"\"", false},
	} {
		for _, release := range []Release{{Redis, 6, 2}, {Redis, 7, 0}, {Redis, 8, 0}, {Valkey, 8, 1}, {Valkey, 9, 1}} {
			_, problems := release.Apply(assign(c.text))
			assert.Equal(t, c.bad, len(problems) == 1, "%s on %s", c.text, release)
		}
		_, problems := Release{Redis, 8, 6}.Apply(assign(c.text))
		assert.Empty(t, problems, c.text)
	}
}
