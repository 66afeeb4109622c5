package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	trustsAuthority  = " --tls --cacert /run/secrets/tls-authority.pem"
	showsCertificate = trustsAuthority + " --cert /run/secrets/tls-certificate.pem --key /run/secrets/tls-key.pem"
)

// certificateOf is the file that the server of a service reads.
func (s *swarmStack) certificateOf(service string) string {
	s.t.Helper()
	return mustRun(s.t, "", "docker", "exec", s.container(service), "cat", "/run/redis/tls/tls-certificate.pem")
}

// renewCertificate lets gen make another one, and returns it.
func (s *swarmStack) renewCertificate() string {
	s.t.Helper()
	path := filepath.Join(s.files.directory, "secrets", "tls-certificate.pem")
	require.NoError(s.t, os.Remove(path))
	s.secretsVersion++
	s.generate(s.topology, "")
	content, err := os.ReadFile(path)
	require.NoError(s.t, err)
	return string(content)
}

// TestSwarmServerWithUsersAndTLS deploys one server for named users alone, and
// rolls a renewed certificate out.
func TestSwarmServerWithUsersAndTLS(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	s := newSwarmStack(t, releases(t)[0])
	s.tls = trustsAuthority
	s.tables = "[[users]]\nname = \"web\"\npreset = \"application\"\n[tls]\nauthority = \"development\"\n"
	s.generate("standalone", "")
	s.deploy()
	as := func(user, secret string, words ...string) string {
		script := fmt.Sprintf(`REDISCLI_AUTH=$(cat /run/secrets/%s) exec timeout 20 redis-cli%s --user %s --no-auth-warning "$@"`, secret, s.tls, user)
		left := run(t, "", "", "docker", append([]string{"exec", s.container(s.name), "sh", "-c", script, "sh"}, words...)...)
		return strings.TrimSpace(left.stdout + left.stderr)
	}
	eventually(t, "a key is written", func() bool { return as("web", "user-web-password", "set", "kept", "yes") == "OK" })
	assert.Contains(t, as("web", "user-web-password", "config", "get", "dir"), "NOPERM")
	assert.Equal(t, "PONG", as("health", "health-password", "ping"))
	assert.Contains(t, as("default", "operator-password", "ping"), "WRONGPASS", "nobody is the default user")
	plain := run(t, "", "", "docker", "exec", s.container(s.name), "timeout", "3", "redis-cli", "ping")
	assert.Regexp(t, "^Error: (Connection reset by peer|Server closed the connection)\n$", plain.stdout+plain.stderr, "no plain text")
	shown := mustRun(t, "", "docker", "inspect", s.container(s.name)) + mustRun(t, "", "docker", "top", s.container(s.name), "-eo", "pid,args")
	assert.NotContains(t, shown, s.files.secretOf("web"))

	renewed := s.renewCertificate()
	s.deploy()
	eventually(t, "the key is kept", func() bool { return as("web", "user-web-password", "get", "kept") == "yes" })
	assert.Equal(t, renewed, s.certificateOf(s.name))
}

// TestSwarmSetWithTLS deploys a set whose members show each other certificates,
// and rolls a renewed one out, member by member. In the long form sentinels let
// another server lead.
func TestSwarmSetWithTLS(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	s := newSwarmStack(t, releases(t)[0])
	s.tls = showsCertificate
	s.tables = "[tls]\nauthority = \"development\"\nclients = \"certificate\"\n"
	topology := "sentinel"
	if !long {
		topology, s.keys = "replicated", "replicas = 1\n"
	}
	s.generate(topology, "")
	s.deploy()
	first := s.name + "-1"
	eventually(t, "a key is written", func() bool { return s.ask(first, serverPort, "default", "set", "kept", "yes") == "OK" })
	eventually(t, "a replica has the key", func() bool { return s.ask(s.name+"-2", serverPort, "default", "get", "kept") == "yes" })
	if long {
		s.awaitWhole()
		mustRun(t, "", "docker", "kill", s.container(first))
		eventually(t, "another one leads", func() bool { leader := s.leader(); return leader != "" && leader != first })
		s.awaitWhole()
	}
	renewed := s.renewCertificate()
	mustRun(t, s.files.directory, "sh", "roll.sh", s.name)
	for _, server := range []string{first, s.name + "-2"} {
		eventually(t, server+" has the key", func() bool { return s.ask(server, serverPort, "default", "get", "kept") == "yes" })
		assert.Equal(t, renewed, s.certificateOf(server))
	}
}
