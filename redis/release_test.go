package redis

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	redis62   = Release{Redis, 6, 2}
	redis70   = Release{Redis, 7, 0}
	redis72   = Release{Redis, 7, 2}
	redis74   = Release{Redis, 7, 4}
	redis80   = Release{Redis, 8, 0}
	redis82   = Release{Redis, 8, 2}
	redis86   = Release{Redis, 8, 6}
	redis810  = Release{Redis, 8, 10}
	valkey72  = Release{Valkey, 7, 2}
	valkey80  = Release{Valkey, 8, 0}
	valkey81  = Release{Valkey, 8, 1}
	valkey91  = Release{Valkey, 9, 1}
	keydb63   = Release{KeyDB, 6, 3}
	noRelease = Release{Redis, 3, 2}
)

func TestReleasesAreAscending(t *testing.T) {
	assert.Equal(t, []Release{valkey72, valkey80, valkey81, {Valkey, 9, 0}, valkey91}, Releases(Valkey))
	assert.Equal(t, []Release{keydb63}, Releases(KeyDB))
	assert.Len(t, Releases(Redis), 10)
	assert.Empty(t, Releases("dragonfly"))
	assert.Equal(t, redis810, Newest(Redis))
	assert.Equal(t, Release{}, Newest("dragonfly"))
}

func TestDefaultReleaseIsParsedFromSource(t *testing.T) {
	assert.Equal(t, redis86, DefaultRelease(Redis))
	assert.Equal(t, valkey91, DefaultRelease(Valkey))
	assert.Equal(t, keydb63, DefaultRelease(KeyDB))
}

func TestReleaseFacts(t *testing.T) {
	for _, c := range []struct {
		release Release
		text    string
		known   bool
		derived bool
		patch   string
		end     string
	}{
		{redis62, "redis 6.2", true, false, "6.2.24", "2027-04-01"},
		{redis70, "redis 7.0", true, false, "7.0.15", "2024-07-29"},
		{redis80, "redis 8.0", true, false, "8.0.6", "2026-12-01"},
		{redis82, "redis 8.2", true, true, "8.2.9", "2030-09-01"},
		{redis86, "redis 8.6", true, false, "8.6.6", ""},
		{redis810, "redis 8.10", true, true, "8.10.1", ""},
		{valkey91, "valkey 9.1", true, false, "9.1.2", ""},
		{valkey72, "valkey 7.2", true, false, "7.2.14", "2029-04-16"},
		{Release{Redis, 5, 0}, "redis 5.0", false, false, "5.0.14", "2022-04-27"},
		{noRelease, "redis 3.2", false, false, "", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			end, ok := c.release.EndOfLife()
			assert.Equal(t, c.text, c.release.String())
			assert.Equal(t, c.known, c.release.Known())
			assert.Equal(t, c.derived, c.release.Derived())
			assert.Equal(t, c.patch, c.release.Patch())
			assert.Equal(t, c.end, end)
			assert.Equal(t, c.end != "", ok)
		})
	}
}

func TestParseRelease(t *testing.T) {
	for _, c := range []struct {
		engine  Engine
		version string
		want    Release
	}{
		{Redis, "7", redis74}, // what the tag 7 holds, not 7.0
		{Redis, "6", redis62},
		{Redis, "8", redis810},
		{Redis, "7.2", redis72},
		{Redis, "7.2.4", redis72},
		{Redis, "8.10.1", redis810},
		{Valkey, "8", valkey81},
		{Valkey, "9", valkey91},
		{KeyDB, "6.3.4", keydb63},
	} {
		got, err := ParseRelease(c.engine, c.version)
		require.NoError(t, err, c.version)
		assert.Equal(t, c.want, got, c.version)
	}
}

func TestParseReleaseRefuses(t *testing.T) {
	got, err := ParseRelease(Redis, "8.1.3")
	assert.EqualError(t, err, "redis 8.1.3 is not in the catalogue, which has 6.2, 7.0, 7.2, 7.4, 8.0, 8.2, 8.4, 8.6, 8.8, 8.10")
	assert.Equal(t, Release{Redis, 8, 1}, got)
	for _, version := range []string{"", "latest", "7.", "v7", "7.2.4.1", "-7", "7.2-alpine", "99999999999"} {
		_, err := ParseRelease(Redis, version)
		assert.ErrorContains(t, err, "is not a version", version)
	}
}

func TestCompare(t *testing.T) {
	assert.Positive(t, redis810.Compare(redis86)) // 10 is more than 6, not less than it
	assert.Negative(t, redis72.Compare(redis80))
	assert.Zero(t, redis72.Compare(redis72))
	assert.True(t, redis810.AtLeast(8, 2))
	assert.False(t, redis62.AtLeast(7, 0))
}

func TestMaintained(t *testing.T) {
	maintained := Maintained()
	assert.Contains(t, maintained, Release{Redis, 6, 2})
	assert.Contains(t, maintained, Release{Valkey, 7, 2})
	assert.NotContains(t, maintained, Release{Redis, 7, 0})
	assert.NotContains(t, maintained, Release{KeyDB, 6, 3})
}
