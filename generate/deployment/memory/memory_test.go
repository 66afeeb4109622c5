package memory

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

func workloads() []Workload {
	var all []Workload
	for _, release := range releases() {
		for _, d := range []Workload{
			{Forks: true, AOF: true}, {Forks: true}, {}, {PubSub: true}, {Forks: true, AOF: true, Replicas: 2}, {Forks: true, AOF: true, Replicas: 2, Beside: true},
			{Forks: true, PubSub: true, Replicas: 1}, {PubSub: true, Asked: Asked{Value: 2 * units.MiB, Clients: 20 * units.MiB}},
			{Forks: true, Replicas: 2, Asked: Asked{Value: 2 * units.MiB, Client: 6 * units.MiB, Clients: 9 * units.MiB, Backlog: 3 * units.MiB, Replica: 5 * units.MiB}},
		} {
			d.Release = release
			all = append(all, d)
		}
	}
	return all
}

func TestBudgetAddsUpToTheLimit(t *testing.T) {
	for _, d := range workloads() {
		for _, limit := range []int64{SmallestLimit(d), 96*units.MiB + 4097, 128 * units.MiB, 512 * units.MiB, 3*units.GiB + 5, 64 * units.GiB} {
			b := New(limit, d)
			require.Equal(t, limit, sum(b), "%v %d", d, limit)
			assert.GreaterOrEqual(t, b.Spare, int64(0))
			assert.Less(t, b.Spare, 3*units.MiB, "only rounding is left over")
			assert.GreaterOrEqual(t, b.MaxMemory, SmallestData)
			if d.Forks {
				assert.GreaterOrEqual(t, b.CopyOnWrite*100, (b.MaxMemory+b.Fragmentation)*copied, "all data may be written while a child saves")
			}
		}
	}
}

func TestLimitOneMebibyteBelowTheSmallestIsRefused(t *testing.T) {
	for _, d := range workloads() {
		smallest := SmallestLimit(d)
		assert.Less(t, New(smallest-units.MiB, d).MaxMemory, SmallestData)
		assert.LessOrEqual(t, smallest, 76*units.MiB, "%v", d)
	}
}

// TestMaxMemoryByHandKeepsTheRest goes from the least data to the most that may
// be asked for: the parts are the limit, and nobody's is taken away.
func TestMaxMemoryByHandKeepsTheRest(t *testing.T) {
	for _, d := range workloads() {
		for _, limit := range []int64{SmallestLimit(d), 512 * units.MiB, 64*units.GiB + 5} {
			largest := LargestMaxMemory(limit, d)
			assert.GreaterOrEqual(t, largest, New(limit, d).MaxMemory, "%v", d)
			for _, size := range []int64{SmallestData, max(largest/2, SmallestData), largest} {
				b := Divide(limit, size, d)
				require.Equal(t, limit, sum(b), "%v %d", d, size)
				assert.GreaterOrEqual(t, b.Spare, int64(0))
				assert.GreaterOrEqual(t, b.ClientMemory, b.ClientShare, "%v %d of %d: a client has room", d, size, limit)
				if d.Forks {
					assert.GreaterOrEqual(t, b.CopyOnWrite*100, (size+b.Fragmentation)*leastCopied, "%v %d", d, size)
				}
				if d.forSubscribers() {
					assert.Zero(t, b.Spare, "subscribers have it")
					assert.GreaterOrEqual(t, b.Clients, leastSubscribers*size, "%v %d", d, size)
				}
			}
		}
	}
}

func sum(b Budget) int64 {
	return b.Fixed() + b.MaxMemory + b.Fragmentation + b.CopyOnWrite + b.ReplicaBuffer + b.RewriteBuffer + b.Spare
}

func releases() []redis.Release {
	return append(redis.Releases(redis.Redis), redis.Releases(redis.Valkey)...)
}
