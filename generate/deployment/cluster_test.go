package deployment

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

// Every slot has one master, however many there are.
func TestShardsCoverAllSlots(t *testing.T) {
	for masters := int64(intent.LeastMasters); masters <= intent.MostMasters; masters++ {
		next := 0
		for _, shard := range shards(members("n-", "data-", "n-", masters), masters) {
			var from, to int
			_, err := fmt.Sscanf(shard.Slots, "%d to %d", &from, &to)
			require.NoError(t, err)
			require.Equal(t, next, from)
			require.GreaterOrEqual(t, to, from)
			next = to + 1
		}
		require.Equal(t, 16384, next)
	}
}
