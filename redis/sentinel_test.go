package redis

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSentinelDirective(t *testing.T) {
	down, ok := redis86.SentinelDirective("Down-After-Milliseconds")
	require.True(t, ok)
	assert.Equal(t, SentinelDirective{
		Name: "down-after-milliseconds", Master: true, Words: []int{2}, Type: Int, Default: "30000", HasDefault: true,
		Syntax: "sentinel down-after-milliseconds <name> <ms>",
	}, down)
	password, _ := redis86.SentinelDirective("auth-pass")
	assert.True(t, password.Secret && password.Master && !password.HasDefault)
	resolve, _ := redis86.SentinelDirective("resolve-hostnames")
	assert.True(t, resolve.Type == Bool && !resolve.Master && resolve.Default == "no")
	for _, c := range []struct {
		release Release
		word    string
		ok      bool
	}{
		{redis62, "master-reboot-down-after-period", false},
		{redis70, "master-reboot-down-after-period", true},
		{redis82, "master-reboot-down-after-period", true}, // as in 8.0, before it
		{redis86, "primary-reboot-down-after-period", false},
		{valkey80, "primary-reboot-down-after-period", true},
		{redis86, "down-after", false},
		{noRelease, "monitor", false},
	} {
		_, ok := c.release.SentinelDirective(c.word)
		assert.Equal(t, c.ok, ok, "%s %s", c.release, c.word)
	}
	assert.Equal(t, "failover-timeout", redis70.SuggestSentinel("failover-timout"))
}

const monitor = "sentinel monitor m 10.0.0.1 6379 2\n"

// The cases were tried on 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2, which agree.
func TestApplySentinel(t *testing.T) {
	for _, c := range []struct {
		name, text string
		fatal      bool
		message    string // "": no problem
	}{
		{"monitor", monitor, false, ""},
		{"password before monitor", "sentinel auth-pass m secret\n" + monitor, false, ""},
		{"names with signs", "sentinel monitor a-b.c@d 10.0.0.1 6379 2\nsentinel parallel-syncs a-b.c@d 1", false, ""},
		{"data node directives pass", monitor + "maxmemory 1mb\nappendonly yes", false, ""},
		{"the option that enters the mode", "sentinel\n" + monitor, false, ""},
		{"unknown master", "sentinel auth-pass other secret", true, `sentinel auth-pass names "other", which no monitor line does`},
		{"quorum 0", "sentinel monitor m 10.0.0.1 6379 0", true, `sentinel monitor needs a quorum of at least 1, not "0"`},
		{"no quorum", "sentinel monitor m 10.0.0.1 6379", true, `sentinel monitor must be written as "sentinel monitor <name> <host> <port> <quorum>"`},
		{"port", "sentinel monitor m 10.0.0.1 70000 2", true, `sentinel monitor needs a port between 0 and 65535, not "70000"`},
		{"twice", monitor + monitor, true, `sentinel monitor names "m" twice`},
		{"typing error", monitor + "sentinel down-after m 5000", true, `sentinel has no "down-after" in redis 7.0`},
		{"seconds", monitor + "sentinel down-after-milliseconds m 5s", false, `sentinel: down-after-milliseconds "5s" is read as 5 milliseconds`},
		{"nothing", monitor + "sentinel down-after-milliseconds m 0", true, `sentinel down-after-milliseconds must be at least 1, not "0"`},
		{"bool", "sentinel resolve-hostnames true", true, `sentinel must be yes or no, not "true"`},
		{"id", "sentinel myid abc", true, `sentinel myid must have 40 characters, not 3`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := redis70.Apply(assign(c.text))
			if c.message == "" {
				assert.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			assert.Equal(t, c.message, problems[0].Message)
			assert.Equal(t, c.fatal, problems[0].Fatal)
		})
	}
}
