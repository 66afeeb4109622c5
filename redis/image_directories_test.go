package redis

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWhereImagesKeepData holds what is known of /data in the images to the
// releases that it is known of.
func TestWhereImagesKeepData(t *testing.T) {
	for _, c := range []struct {
		image             string
		lacksVolume, owns bool
	}{
		{"redis:6.2.16", false, true},
		{"redis:7.4.6-alpine", false, true},
		{"redis:8.2.1", false, true},
		{"redis:8.4.0", false, false},
		{"redis:8.6.3", false, false},
		{"redis:8.6.4", true, false},
		{"redis:8.6.5-alpine", true, false},
		{"redis:8.6", false, false},
		{"redis:8.8.0", true, false},
		{"redis:stable", false, false},
		{"valkey/valkey:7.2.11", false, true},
		{"valkey/valkey:8.1.4", false, true},
		{"valkey/valkey:9.0.1", false, false},
		{"valkey/valkey:9.1.0", true, false},
		{"bitnami/redis:8.8.0", false, false},
	} {
		image := mustParse(t, c.image)
		assert.Equal(t, c.lacksVolume, image.LacksVolume(), c.image)
		assert.Equal(t, c.owns, image.OwnsData(), c.image)
	}
	image := mustParse(t, "redis:7.4.6")
	for name, is := range map[string]bool{"/data": true, "/etc/redis": true, "/dev/shm": false, "/proc": false, "data": false} {
		assert.Equal(t, is, image.IsOfRoot(name), name)
	}
}
