package generate

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

func demands() []demand {
	var all []demand
	for _, release := range releases() {
		for _, d := range []demand{
			{forks: true, aof: true}, {forks: true}, {}, {pubsub: true}, {forks: true, aof: true, replicas: 2}, {forks: true, pubsub: true, replicas: 1},
			{forks: true, replicas: 2, asked: asked{value: 2 * units.MiB, client: 6 * units.MiB, clients: 9 * units.MiB, backlog: 3 * units.MiB, replica: 5 * units.MiB}},
		} {
			d.release = release
			all = append(all, d)
		}
	}
	return all
}

func TestBudgetAddsUpToTheLimit(t *testing.T) {
	for _, d := range demands() {
		for _, limit := range []int64{smallestLimit(d), 96*units.MiB + 4097, 128 * units.MiB, 512 * units.MiB, 3*units.GiB + 5, 64 * units.GiB} {
			b := newBudget(limit, d)
			sum := b.fixed() + b.MaxMemory + b.Fragmentation + b.CopyOnWrite + b.ReplicaBuffer + b.RewriteBuffer + b.Spare
			require.Equal(t, limit, sum, "%v %d", d, limit)
			assert.GreaterOrEqual(t, b.Spare, int64(0))
			assert.Less(t, b.Spare, 3*units.MiB, "only rounding is left over")
			assert.GreaterOrEqual(t, b.MaxMemory, smallestData)
			if d.forks {
				assert.GreaterOrEqual(t, b.CopyOnWrite*100, (b.MaxMemory+b.Fragmentation)*copied, "all data may be written while a child saves")
			}
		}
	}
}

func TestLimitOneMebibyteBelowTheSmallestIsRefused(t *testing.T) {
	for _, d := range demands() {
		smallest := smallestLimit(d)
		assert.Less(t, newBudget(smallest-units.MiB, d).MaxMemory, smallestData)
		assert.LessOrEqual(t, smallest, 76*units.MiB, "%v", d)
	}
}

func TestMaxMemoryByHandKeepsTheRest(t *testing.T) {
	d := demand{release: redis.DefaultRelease(redis.Redis), forks: true, aof: true}
	b := newBudget(512*units.MiB, d)
	largest := b.largestMaxMemory(d)
	b.setMaxMemory(largest, d)
	assert.GreaterOrEqual(t, b.Spare, int64(0))
	assert.GreaterOrEqual(t, b.CopyOnWrite*100, (b.MaxMemory+b.Fragmentation)*leastCopied)
	assert.Greater(t, largest, newBudget(512*units.MiB, d).MaxMemory)
}

// What [redis] sets is taken from the data, so that the sum still is the limit.
func TestSizesOfRedisAreInTheSum(t *testing.T) {
	for line, data := range map[string]string{
		"":                                   "maxmemory 68mb",
		`maxmemory-clients = "40mb"`:         "maxmemory 62mb",
		`proto-max-bulk-len = "16mb"`:        "maxmemory 45mb",
		`repl-backlog-size = "32mb"`:         "maxmemory 58mb",
		`client-query-buffer-limit = "32mb"`: "maxmemory 53mb",
		`client-output-buffer-limit = "slave 32mb 16mb 60"`: "maxmemory 59mb",
	} {
		assert.Equal(t, data, maxMemoryLine(t, line), line)
	}
}

// maxMemoryLine is how much data a database may hold with a line in [redis].
func maxMemoryLine(t *testing.T, line string) string {
	t.Helper()
	intent, problems := intent.Read("intent.toml", []byte("name = \"store\"\nrole = \"database\"\nmemory = \"256M\"\nversion = \"7.0\"\n[redis]\n"+line+"\n"))
	require.Empty(t, problems)
	plan, problems := Decide(intent)
	require.Empty(t, problems, line)
	return "maxmemory " + plan.MaxMemory
}
