package generate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/redis"
)

func demands() []demand {
	var all []demand
	for _, release := range releases() {
		for _, d := range []demand{
			{forks: true, aof: true}, {forks: true}, {}, {pubsub: true}, {forks: true, aof: true, replicas: 2}, {forks: true, pubsub: true, replicas: 1},
			{forks: true, replicas: 2, asked: asked{value: 2 * mebibyte, client: 6 * mebibyte, clients: 9 * mebibyte, backlog: 3 * mebibyte, replica: 5 * mebibyte}},
		} {
			d.release = release
			all = append(all, d)
		}
	}
	return all
}

func TestBudgetAddsUpToTheLimit(t *testing.T) {
	for _, d := range demands() {
		for _, limit := range []int64{smallestLimit(d), 96*mebibyte + 4097, 128 * mebibyte, 512 * mebibyte, 3*gibibyte + 5, 64 * gibibyte} {
			b := newBudget(limit, d)
			sum := b.fixed() + b.MaxMemory + b.Fragmentation + b.CopyOnWrite + b.ReplicaBuffer + b.RewriteBuffer + b.Spare
			require.Equal(t, limit, sum, "%v %d", d, limit)
			assert.GreaterOrEqual(t, b.Spare, int64(0))
			assert.Less(t, b.Spare, 3*mebibyte, "only rounding is left over")
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
		assert.Less(t, newBudget(smallest-mebibyte, d).MaxMemory, smallestData)
		assert.LessOrEqual(t, smallest, 76*mebibyte, "%v", d)
	}
}

func TestMaxMemoryByHandKeepsTheRest(t *testing.T) {
	d := demand{release: redis.DefaultRelease(redis.Redis), forks: true, aof: true}
	b := newBudget(512*mebibyte, d)
	largest := b.largestMaxMemory(d)
	b.setMaxMemory(largest, d)
	assert.GreaterOrEqual(t, b.Spare, int64(0))
	assert.GreaterOrEqual(t, b.CopyOnWrite*100, (b.MaxMemory+b.Fragmentation)*leastCopied)
	assert.Greater(t, largest, newBudget(512*mebibyte, d).MaxMemory)
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
	intent, problems := ReadIntent("intent.toml", []byte("name = \"store\"\nrole = \"database\"\nmemory = \"256M\"\nversion = \"7.0\"\n[redis]\n"+line+"\n"))
	require.Empty(t, problems)
	plan, problems := Decide(intent)
	require.Empty(t, problems, line)
	return "maxmemory " + plan.MaxMemory
}

func TestParseSizeReadsAsComposeDoes(t *testing.T) {
	for text, want := range map[string]int64{
		"512M": 512 << 20, "512m": 512 << 20, "512MB": 512 << 20, "512MiB": 512 << 20, "1g": 1 << 30, "1.5G": 3 << 29,
		"65536B": 65536, "64 KiB": 65536, "2T": 2 << 40,
	} {
		got, err := parseSize(text)
		assert.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "512", "512.5", "-1M", "1,5G", "75%", "1e3M", "M", "5 MB x", "0M", "9999999T", "１M"} {
		_, err := parseSize(text)
		assert.Error(t, err, text)
	}
}

func TestSizesAreSpeltExactly(t *testing.T) {
	for bytes, want := range map[int64][2]string{
		512 << 20: {"512m", "512mb"}, 1 << 30: {"1g", "1gb"}, 8192000: {"8000k", "8000kb"}, 1000001: {"1000001b", "1000001"},
	} {
		assert.Equal(t, want, [2]string{composeSize(bytes), confSize(bytes)})
		read, err := redis.ParseMemory(confSize(bytes))
		assert.NoError(t, err)
		assert.Equal(t, bytes, read)
	}
	assert.Equal(t, "25.5 MiB", fmt.Sprint(readableSize(51<<19)))
}
