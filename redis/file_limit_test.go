package redis

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2; of the last but one,
// 7.0.15 has 4068 behind Debian's gosu and 8.0.2 has 4057.
func TestClientsWithin(t *testing.T) {
	for _, c := range []struct {
		clients, soft, hard, left int64
		certain                   bool
	}{
		{10000, 512, 512, 480, true},
		{10000, 512, 4096, 4064, true},
		{30000, 512, 20000, 19968, true},
		{100, 512, 20000, 100, true},
		{10000, 32, 32, 0, true},
		{10000, 40, 40, 8, true},
		{10000, -1, -1, 10000, true},
		{10000, 1024, 65536, 10000, true},
		{9001, 512, 4100, 4057, false},
		{4294967295, 1024, 1024, 992, true},
	} {
		left, certain := ClientsWithin(c.clients, c.soft, c.hard)
		assert.Equal(t, c.left, left, "%d within %d and %d", c.clients, c.soft, c.hard)
		assert.Equal(t, c.certain, certain, "%d within %d and %d", c.clients, c.soft, c.hard)
	}
}
