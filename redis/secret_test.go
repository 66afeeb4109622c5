package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSecretDirectivesAreThoseOfTheCatalogue: what a release marks as a secret
// is one, names of users apart.
func TestSecretDirectivesAreThoseOfTheCatalogue(t *testing.T) {
	for _, engine := range []Engine{Redis, Valkey, KeyDB} {
		for _, release := range Releases(engine) {
			for _, d := range release.Directives() {
				secret := d.Sensitive && !strings.HasSuffix(d.Name, "user") || strings.HasSuffix(d.Name, "-pass")
				assert.Equal(t, secret, IsSecret(d.Name), "%s %s", release, d.Name)
			}
			for _, d := range release.SentinelDirectives() {
				assert.Equal(t, d.Secret, IsSecretSentinel(d.Name), "%s %s", release, d.Name)
			}
		}
	}
}

func TestTypingErrorsInSecretDirectives(t *testing.T) {
	for _, near := range []string{"requirepas", "REQUIREPASS", "require-pass", "require_pass", "reqiurepass", "masterauht", "tls-key-filepass", "primary-auth"} {
		assert.True(t, IsSecret(near), near)
	}
	for _, far := range []string{"require", "pass", "masteruser", "tls-key-file", "primaryuser", "save", "", "protected-mode"} {
		assert.False(t, IsSecret(far), far)
	}
	assert.True(t, IsSecretSentinel("auth_pas"))
	assert.False(t, IsSecretSentinel("auth-user"))
	assert.False(t, IsSecretSentinel("sentinel-user"))
}
