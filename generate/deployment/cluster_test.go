package deployment

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

// Every slot has one master, however many there are.
func TestShardsCoverAllSlots(t *testing.T) {
	for masters := int64(intent.LeastMasters); masters <= intent.MostMasters; masters++ {
		next := int64(0)
		for _, shard := range shards(members(Member{}, masters, netip.Prefix{}, 0), masters) {
			require.Equal(t, next, shard.First)
			require.GreaterOrEqual(t, shard.Last, shard.First)
			next = shard.Last + 1
		}
		require.EqualValues(t, slots, next)
	}
}
