//go:build long

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSwarmClusterWithTLS lets an encrypted cluster in a swarm suffer what one
// in plain text suffers, and less of it where clients show certificates, which
// only differs in who needs the files.
func TestSwarmClusterWithTLS(t *testing.T) {
	rowsOfReleases(t, 0, func(t *testing.T, release release) {
		t.Run("password", func(t *testing.T) { checkSwarmClusterWithTLS(t, release, trustsAuthority, "", true) })
		t.Run("certificate", func(t *testing.T) {
			checkSwarmClusterWithTLS(t, release, showsCertificate, "clients = \"certificate\"\n", false)
		})
	})
}

func checkSwarmClusterWithTLS(t *testing.T, release release, options, clients string, all bool) {
	t.Helper()
	s := swarmCluster{newSwarmStack(t, release)}
	s.tls, s.tables = options, "[tls]\nauthority = \"development\"\n"+clients
	asked := func(options string) string {
		left := run(t, "", "", "docker", "exec", s.container(s.nodes()[0]), "sh", "-c",
			"REDISCLI_AUTH=$(cat /run/secrets/health-password) timeout 20 redis-cli --no-auth-warning --user health"+options+" ping")
		return left.stdout + left.stderr
	}
	s.endure(all, func() {
		assert.Contains(t, asked(options), "PONG")
		assert.Regexp(t, "^Error: (Connection reset by peer|Server closed the connection)\n$", asked(""), "plain text")
		assert.Equal(t, clients == "", asked(trustsAuthority) == "PONG\n", "without a certificate")
	})
}
