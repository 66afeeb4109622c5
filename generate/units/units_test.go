package units

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/redis"
)

func TestParseSizeReadsAsComposeDoes(t *testing.T) {
	for text, want := range map[string]int64{
		"512M": 512 << 20, "512m": 512 << 20, "512MB": 512 << 20, "512MiB": 512 << 20, "1g": 1 << 30, "1.5G": 3 << 29,
		"65536B": 65536, "64 KiB": 65536, "2T": 2 << 40,
	} {
		got, err := Parse(text)
		assert.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "512", "512.5", "-1M", "1,5G", "75%", "1e3M", "M", "5 MB x", "0M", "9999999T", "１M"} {
		_, err := Parse(text)
		assert.Error(t, err, text)
	}
}

func TestSizesAreSpeltExactly(t *testing.T) {
	for bytes, want := range map[int64][2]string{
		512 << 20: {"512m", "512mb"}, 1 << 30: {"1g", "1gb"}, 8192000: {"8000k", "8000kb"}, 1000001: {"1000001b", "1000001"},
	} {
		assert.Equal(t, want, [2]string{Compose(bytes), Conf(bytes)})
		read, err := redis.ParseMemory(Conf(bytes))
		assert.NoError(t, err)
		assert.Equal(t, bytes, read)
	}
	assert.Equal(t, "25.5 MiB", Readable(51<<19))
}
