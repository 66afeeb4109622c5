package redis

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseMemory(t *testing.T) {
	for text, want := range map[string]int64{
		"100m": 100_000_000, "100mb": 104_857_600, "1k": 1000, "1kb": 1024, "1K": 1000, "2GB": 2 << 30, "2g": 2_000_000_000,
		"7b": 7, "7": 7, "007": 7, "0": 0, "9223372036854775807": math.MaxInt64,
	} {
		got, err := ParseMemory(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"1.5gb", "75%", "-1", "+1", "256MiB", "1tb", "1 mb", " 1", "9223372036854775808", "17179869184gb", "99999999999999999999"} {
		_, err := ParseMemory(text)
		assert.Error(t, err, text)
	}
}

func TestFormatMemoryReadsBack(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0", 1: "1", 1000: "1k", 1024: "1kb", 384 << 20: "384mb", 1 << 30: "1gb", 3 << 29: "1536mb", 100_000_000: "100m",
		1_000_000_000: "1g", 512_000_000: "512m", 1001: "1001", math.MaxInt64: "9223372036854775807",
	} {
		text := FormatMemory(bytes)
		assert.Equal(t, want, text)
		back, err := ParseMemory(text)
		require.NoError(t, err)
		assert.Equal(t, bytes, back)
	}
}

func FuzzFormatMemory(f *testing.F) {
	f.Add(int64(1 << 30))
	f.Fuzz(func(t *testing.T, bytes int64) {
		if bytes < 0 {
			t.Skip("no size is negative")
		}
		back, err := ParseMemory(FormatMemory(bytes))
		require.NoError(t, err)
		assert.Equal(t, bytes, back)
	})
}
