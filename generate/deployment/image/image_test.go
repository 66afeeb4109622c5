package image

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		lines           string
		reference, line string
		server, refused string
	}{
		{"version = \"7.2.4\"\n", "redis:7.2.4", "redis 7.2", "redis-server", ""},
		{"version = \"7.2.4\"\nvariant = \"alpine\"\n", "redis:7.2.4-alpine", "redis 7.2", "redis-server", ""},
		{"engine = \"valkey\"\nversion = \"8.1.1\"\n", "valkey/valkey:8.1.1", "valkey 8.1", "valkey-server", ""},
		{"image = \"registry.example/library/redis:7.4.2\"\n", "registry.example/library/redis:7.4.2", "redis 7.4", "redis-server", ""},
		{"image = \"redis:7\"\n", "", "", "", `the image "redis:7" will be another one some day`},
		{"image = \"bitnami/redis:7.2.5\"\n", "", "", "", `how the image "bitnami/redis:7.2.5" starts its server is not known`},
		{"image = \"redis:7.2.4\"\nversion = \"7.4\"\n", "", "", "", `the image "redis:7.2.4" is version 7.2.4, but version is "7.4"`},
		{"image = \"redis:7.2.4\"\nengine = \"valkey\"\n", "", "", "", `the image "redis:7.2.4" is redis, but engine is "valkey"`},
		{"version = \"5.0\"\n", "", "", "", "redis 5.0 is not in the catalogue"},
	} {
		read, problems := intent.Read("redis.toml", []byte("name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\n"+c.lines))
		require.Empty(t, problems, c.lines)
		image, refused := Of(&read)
		if c.refused != "" {
			require.Len(t, refused, 1, c.lines)
			assert.Contains(t, refused[0].Message, c.refused)
			assert.Equal(t, Image{}, image)
			continue
		}
		require.Empty(t, refused, c.lines)
		assert.Equal(t, []string{c.reference, c.line, c.server}, []string{image.Reference, image.Release.String(), image.Server})
	}
}

func TestLeavesUnmended(t *testing.T) {
	ends := Image{LastDay: "2026-11-29"}
	assert.Empty(t, ends.LeavesUnmended(time.Date(2026, 11, 29, 23, 0, 0, 0, time.UTC)), "the last day is one of mending")
	assert.Contains(t, ends.LeavesUnmended(time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)), "ended on 2026-11-29: write a newer version")
	assert.Empty(t, Image{}.LeavesUnmended(time.Now()))
}
