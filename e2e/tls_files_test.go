package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// certificateOffice is an authority that gen did not make.
type certificateOffice struct {
	t           *testing.T
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	issued      int64
}

func newCertificateOffice(t *testing.T) *certificateOffice {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	o := &certificateOffice{t: t, key: key}
	template := o.template("office")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	o.certificate, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	return o
}

func (o *certificateOffice) template(name string) *x509.Certificate {
	o.issued++
	return &x509.Certificate{
		SerialNumber: big.NewInt(o.issued), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
}

// issue puts a certificate for servers alone, its key and the authority's
// certificate into a directory.
func (o *certificateOffice) issue(directory, name string) {
	o.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(o.t, err)
	template := o.template(name)
	template.DNSNames, template.ExtKeyUsage = []string{name}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, o.certificate, key.Public(), o.key)
	require.NoError(o.t, err)
	private, err := x509.MarshalECPrivateKey(key)
	require.NoError(o.t, err)
	require.NoError(o.t, os.MkdirAll(directory, 0o755))
	for file, block := range map[string]*pem.Block{
		"redis.pem": {Type: "CERTIFICATE", Bytes: der}, "redis-key.pem": {Type: "EC PRIVATE KEY", Bytes: private}, "ca.pem": {Type: "CERTIFICATE", Bytes: o.certificate.Raw},
	} {
		require.NoError(o.t, os.WriteFile(filepath.Join(directory, file), pem.EncodeToMemory(block), 0o600))
	}
}

// TestOwnTLSFiles starts a server with files that gen did not make, and renews
// them, key included, by what the README says.
func TestOwnTLSFiles(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	release := releases(t)[0]
	s := newStack(t)
	office := newCertificateOffice(t)
	certs := filepath.Join(s.directory, "certs")
	s.write("redis.toml", "name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\nengine = \""+release.engine+"\"\nversion = \""+release.version+"\"\n"+
		"[tls]\nauthority = \"own\"\ncert-file = \"certs/redis.pem\"\nkey-file = \"certs/redis-key.pem\"\nca-cert-file = \"certs/ca.pem\"\n")
	office.issue(certs, "other")
	refused := run(t, s.directory, "", rcompPath(t), "gen")
	assert.Equal(t, 2, refused.status)
	assert.Contains(t, refused.stderr, "does not name shop")
	office.issue(certs, "shop")
	mustRun(t, s.directory, rcompPath(t), "gen")
	require.NoFileExists(t, filepath.Join(s.directory, "secrets", "tls-key.pem"))
	s.requireSilentLint()
	s.up()

	server := s.server("shop")
	shown := func() string {
		address := server.inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
		trusted := x509.NewCertPool()
		trusted.AddCert(office.certificate)
		connection, err := tls.Dial("tcp", address+":"+serverPort, &tls.Config{RootCAs: trusted, ServerName: "shop"})
		require.NoError(t, err)
		defer connection.Close()
		return connection.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	assert.Equal(t, "3", shown())
	started := server.inspect("{{.State.StartedAt}}")
	office.issue(certs, "shop")
	assert.Equal(t, 1, s.typeCommands(regexpCertificate))
	assert.Equal(t, "4", shown(), "the renewed certificate is served")
	assert.Equal(t, started, server.inspect("{{.State.StartedAt}}"), "without a restart")
}
