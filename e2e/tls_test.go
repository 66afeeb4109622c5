package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTLS lets a set that is encrypted throughout fail over under a client that
// checks names, and changes its certificate while it runs.
func TestTLS(t *testing.T) {
	sideBySide(t)
	oneRelease(t, 2, checkTLS)
}

func checkTLS(t *testing.T, release release) {
	t.Helper()
	s := newGeneratedSet(t, release, "[tls]\nauthority = \"development\"\n")
	s.encryption = &tls.Config{RootCAs: s.trust()}
	checkNoPlainText(s)
	struck := faults[:1] // a hand-over, for which the programs speak TLS
	if long {
		struck = faults[:2]
	}
	report := runFaults(t, func() *set { return s }, faultPlan{faults: struck, bound: patience})
	t.Log("\n" + report.markdown())
	requireSafe(t, report)
	checkCertificateChange(s)
}

// trust is the authority of a set, as its README tells clients to trust it.
func (s *set) trust() *x509.CertPool { return s.stack.trust() }

func (s *stack) trust() *x509.CertPool {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.directory, "secrets", "tls-authority.pem"))
	require.NoError(s.t, err)
	pool := x509.NewCertPool()
	require.True(s.t, pool.AppendCertsFromPEM(content))
	return pool
}

// certificate is what a client of a set shows, the servers' own.
func (s *set) certificate() tls.Certificate {
	s.stack.t.Helper()
	secret := func(of string) string { return filepath.Join(s.stack.directory, "secrets", of) }
	pair, err := tls.LoadX509KeyPair(secret("tls-certificate.pem"), secret("tls-key.pem"))
	require.NoError(s.stack.t, err)
	return pair
}

// checkNoPlainText asks every member without TLS, and with TLS from somebody
// who does not trust the authority.
func checkNoPlainText(s *set) {
	t := s.stack.t
	t.Helper()
	for _, service := range s.services() {
		port := serverPort
		if !s.isNode(service) {
			port = sentinelPort
		}
		server := s.stack.server(service)
		for _, way := range [][]string{{}, {"--tls"}} {
			left := server.ask("", append(way, "-p", port, "ping")...)
			assert.NotContains(t, left.stdout, "PONG", "%s %q", service, way)
			assert.NotContains(t, left.stdout, "NOAUTH", "%s %q", service, way)
		}
		left := server.ask("", "--tls", "--cacert", "/run/secrets/tls-authority.pem", "-p", port, "ping")
		assert.Contains(t, left.stdout, "NOAUTH", "%s speaks TLS: %s", service, left.stderr)
	}
}

var regexpCertificate = regexp.MustCompile(`config set tls-cert-file`)

// checkCertificateChange makes a new certificate and types what the README says.
func checkCertificateChange(s *set) {
	t := s.stack.t
	t.Helper()
	where := &addresses{set: s}
	shown := func() string {
		address, err := where.of(s.nodes[0])
		require.NoError(t, err)
		connection, err := tls.Dial("tcp", address+":"+serverPort, &tls.Config{RootCAs: s.trust(), ServerName: s.nodes[0]})
		require.NoError(t, err)
		defer connection.Close()
		return connection.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	before, started := shown(), s.stack.server(s.nodes[0]).inspect("{{.State.StartedAt}}")
	require.NoError(t, os.Remove(filepath.Join(s.stack.directory, "secrets", "tls-certificate.pem")))
	mustRun(t, s.stack.directory, rcompPath(t), "gen")
	require.Equal(t, 1, s.stack.typeCommands(regexpCertificate))
	assert.NotEqual(t, before, shown(), "the new certificate is served")
	assert.Equal(t, started, s.stack.server(s.nodes[0]).inspect("{{.State.StartedAt}}"), "without a restart")
}

// typeCommands types the blocks of commands in the README that hold something,
// and returns how many there were.
func (s *stack) typeCommands(holding *regexp.Regexp) (count int) {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.directory, "README.md"))
	require.NoError(s.t, err)
	for _, block := range commandBlock.FindAllStringSubmatch(string(content), -1) {
		if holding.MatchString(block[1]) {
			require.NotContains(s.t, typed(s.t, s.directory, block[1], "COMPOSE_PROJECT_NAME="+s.project), "ERR")
			count++
		}
	}
	return count
}
