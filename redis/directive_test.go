package redis

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDirective(t *testing.T) {
	for _, c := range []struct {
		release  Release
		spelling string
		name     string // "": unknown
	}{
		{redis86, "maxmemory", "maxmemory"},
		{redis86, "MaxMemory", "maxmemory"},
		{redis62, "hash-max-ziplist-entries", "hash-max-ziplist-entries"},
		{redis62, "hash-max-listpack-entries", ""},
		{redis70, "hash-max-ziplist-entries", "hash-max-listpack-entries"},
		{redis70, "slaveof", "replicaof"},
		{valkey80, "masterauth", "primaryauth"},
		{valkey91, "primaryof", ""},
		{redis72, "server-cpulist", ""},
		{redis74, "server_cpulist", "server-cpulist"},
		{valkey72, "server-cpulist", ""},
		{valkey81, "slowlog-max-len", "commandlog-slow-execution-max-len"},
		{redis62, "cluster-announce-hostname", ""},
		{redis62, "maxmemory-clients", ""},
		{redis70, "gopher-enabled", ""},
		{redis70, "list-max-ziplist-entries", "list-max-ziplist-entries"},
		{redis80, "io-threads-do-reads", "io-threads-do-reads"},
		{redis86, "search-timeout", ""},
		{redis72, "req-res-logfile", ""}, // only in debug builds
		{keydb63, "server-threads", "server-threads"},
		{keydb63, "io-threads", "server-threads"},
		{keydb63, "cluster-announce-hostname", ""},
		{noRelease, "maxmemory", ""},
	} {
		d, ok := c.release.Directive(c.spelling)
		assert.Equal(t, c.name != "", ok, "%s %s", c.release, c.spelling)
		assert.Equal(t, c.name, d.Name, "%s %s", c.release, c.spelling)
	}
}

func TestDirectiveFields(t *testing.T) {
	maxmemory, _ := redis70.Directive("maxmemory")
	assert.Equal(t, Directive{Name: "maxmemory", Type: Memory, Max: 1<<64 - 1, HasRange: true, Default: "0", HasDefault: true,
		Section: "memory management"}, maxmemory)
	requirepass, _ := redis70.Directive("requirepass")
	assert.True(t, requirepass.Sensitive && requirepass.HasDefault)
	assert.Empty(t, requirepass.Default)
	dead, _ := redis70.Directive("lua-replicate-commands")
	assert.True(t, dead.Ignored)
	dir, _ := redis70.Directive("dir")
	assert.False(t, dir.HasDefault, "the image's working directory decides")
	user, _ := redis70.Directive("user")
	assert.Equal(t, FileOnly, user.Type)
	permissions, _ := redis70.Directive("unixsocketperm")
	assert.Equal(t, uint64(0o777), permissions.Max)
	percent, _ := redis70.Directive("maxmemory-clients")
	assert.Equal(t, int64(-100), percent.Min)
	buffers, _ := redis70.Directive("client-output-buffer-limit")
	assert.Equal(t, defaultBufferLimits.String(), buffers.Default)
}

func TestRangesAndEnumsChangeWithTheRelease(t *testing.T) {
	for _, c := range []struct {
		release Release
		name    string
		value   string
		ok      bool
	}{
		{redis86, "maxmemory-policy", "allkeys-lrm", true},
		{redis80, "maxmemory-policy", "allkeys-lrm", false},
		{valkey91, "maxmemory-policy", "allkeys-lrm", false},
		{redis86, "io-threads", "200", false},
		{valkey91, "io-threads", "200", true},
		{valkey91, "io-threads", "257", false},
		{redis72, "loglevel", "nothing", true},
		{redis70, "loglevel", "nothing", false},
		{redis74, "maxmemory-samples", "65", false},
		{redis72, "maxmemory-samples", "65", true},
		{redis86, "notify-keyspace-events", "KEoc", true},
		{valkey91, "notify-keyspace-events", "KEoc", false},
		{redis86, "notify-keyspace-events", "Q", false},
		{redis86, "cluster-slot-stats-enabled", "cpu net", true},
		{valkey91, "shutdown-on-sigterm", "failover save", true},
		{valkey91, "slot-migration-max-failover-repl-bytes", "-1", true},
		{valkey91, "slot-migration-max-failover-repl-bytes", "-2", false},
		{valkey91, "cluster-announce-client-ipv4", "10.0.0.1", true},
		{valkey91, "cluster-announce-client-ipv4", "::1", false},
		{keydb63, "server-thread-affinity", "true", true},
	} {
		d, ok := c.release.Directive(c.name)
		require.True(t, ok, "%s %s", c.release, c.name)
		_, err := c.release.Canonical(d, []string{c.value})
		assert.Equal(t, c.ok, err == nil, "%s %s %s: %v", c.release, c.name, c.value, err)
	}
}

func TestDefaultsAreCanonical(t *testing.T) {
	notWords := []string{"replicaof", "save", "client-output-buffer-limit", "oom-score-adj-values", "bind"} // of several words, or none
	for _, release := range catalogue().releases {
		for _, d := range release.Directives() {
			if !d.HasDefault || slices.Contains(notWords, d.Name) {
				continue
			}
			got, err := release.Canonical(d, []string{d.Default})
			assert.NoError(t, err, "%s %s", release, d.Name)
			assert.Equal(t, d.Default, got, "%s %s", release, d.Name)
		}
	}
}

func TestDirectivesAreSorted(t *testing.T) {
	// The sizes of the servers' own tables and the five that only a file knows,
	// without the two of debug builds.
	for release, want := range map[Release]int{redis62: 161, redis70: 183, redis72: 190 - 2, redis86: 209 - 2, valkey91: 232 - 2} {
		directives := release.Directives()
		names := make([]string, len(directives))
		for i, d := range directives {
			names[i] = d.Name
		}
		assert.True(t, slices.IsSorted(names))
		live := slices.DeleteFunc(directives, func(d Directive) bool { return d.Ignored })
		assert.Equal(t, want, len(live), release.String())
	}
	assert.Empty(t, noRelease.Directives())
}

func TestSinceAndRemovedIn(t *testing.T) {
	for _, c := range []struct {
		engine         Engine
		name           string
		since, removed Release
	}{
		{Redis, "maxmemory", redis62, Release{}},
		{Redis, "maxmemory-clients", redis70, Release{}},
		{Redis, "gopher-enabled", redis62, redis70},
		{Redis, "io-threads-do-reads", redis62, redis80}, // accepted from then on, without effect
		{Redis, "hash-max-ziplist-entries", redis62, Release{}},
		{Valkey, "dynamic-hz", valkey72, valkey81},
		{Valkey, "availability-zone", valkey80, Release{}},
		{Redis, "availability-zone", Release{}, Release{}},
		{KeyDB, "server-threads", keydb63, Release{}},
		{Redis, "no-such", Release{}, Release{}},
	} {
		since, ok := Since(c.engine, c.name)
		assert.Equal(t, c.since, since, c.name)
		assert.Equal(t, c.since != Release{}, ok, c.name)
		removed, ok := RemovedIn(c.engine, c.name)
		assert.Equal(t, c.removed, removed, c.name)
		assert.Equal(t, c.removed != Release{}, ok, c.name)
	}
}

func TestModuleDirective(t *testing.T) {
	for _, name := range []string{"search-timeout", "TS-retention-policy", "bf-error-rate", "cf-bucket-size", "vset-force-single-threaded-execution"} {
		assert.True(t, ModuleDirective(name), name)
	}
	for _, name := range []string{"maxmemory", "search", "vset-other", ""} {
		assert.False(t, ModuleDirective(name), name)
	}
}

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		d := decode(catalogueText)
		d.table(d.facts[redis86].number)
	}
}

func BenchmarkDirective(b *testing.B) {
	for b.Loop() {
		redis86.Directive("maxmemory-policy")
	}
}

func BenchmarkSuggest(b *testing.B) {
	for b.Loop() {
		redis86.Suggest("maxmemory-polcy")
	}
}
