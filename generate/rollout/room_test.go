package rollout

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLessRoomIsSaid(t *testing.T) {
	conf := func(maxmemory, policy string) string {
		return "maxmemory " + maxmemory + "\nmaxmemory-policy " + policy + "\n"
	}
	for _, c := range []struct{ before, after, says string }{
		{conf("34mb", "noeviction"), conf("29mb", "noeviction"), "maxmemory becomes 29 MiB and was 34 MiB: a server that holds more refuses writes until it holds less"},
		{conf("34mb", "allkeys-lru"), conf("29mb", "allkeys-lru"), "a server that holds more evicts keys until it holds no more"},
		{conf("29mb", "noeviction"), conf("34mb", "noeviction"), ""},
		{conf("29mb", "noeviction"), conf("29mb", "noeviction"), ""},
		{"", conf("29mb", "noeviction"), ""},
		{"maxmemory nonsense\n", conf("29mb", "noeviction"), ""},
	} {
		if c.says == "" {
			assert.Empty(t, lessRoom(c.before, c.after))
			continue
		}
		assert.Contains(t, lessRoom(c.before, c.after), c.says)
	}
}
