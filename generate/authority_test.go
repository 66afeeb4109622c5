package generate

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/ondisk"
)

const tlsIntent = "name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\ntopology = \"replicated\"\nsubnet = \"10.77.12.0/24\"\n[tls]\nauthority = \"development\"\n"

// writeIntent writes what an intent asks for.
func writeIntent(t *testing.T, directory, intent string) error {
	t.Helper()
	plan, problems := Compile("redis.toml", []byte(intent))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	_, err = ondisk.Write(directory, files, false)
	return err
}

// served is the certificate in a directory, as a server would show it, judged
// by a client that trusts the authority there.
func served(t *testing.T, directory, name string) (*x509.Certificate, error) {
	t.Helper()
	secret := func(of string) string { return filepath.Join(directory, credentials.Directory, of) }
	pair, err := tls.LoadX509KeyPair(secret(credentials.CertificateFile), secret(credentials.KeyFile))
	require.NoError(t, err, "certificate and key belong together")
	authority, err := os.ReadFile(secret(credentials.AuthorityFile))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(authority))
	certificate, err := x509.ParseCertificate(pair.Certificate[0])
	require.NoError(t, err)
	_, err = certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
	return certificate, err
}

func TestCertificate(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, writeIntent(t, directory, tlsIntent))
	for _, name := range []string{"shop-1", "shop-3", "10.77.12.11", "127.0.0.1", "localhost"} {
		_, err := served(t, directory, name)
		assert.NoError(t, err, name)
	}
	_, err := served(t, directory, "other")
	require.Error(t, err)
	first, _ := served(t, directory, "shop-1")

	t.Run("stays as it is", func(t *testing.T) {
		require.NoError(t, writeIntent(t, directory, tlsIntent))
		again, err := served(t, directory, "shop-1")
		require.NoError(t, err)
		assert.Equal(t, first.SerialNumber, again.SerialNumber)
	})
	t.Run("is made anew when it is deleted, for the same key by the same authority", func(t *testing.T) {
		require.NoError(t, os.Remove(filepath.Join(directory, credentials.Directory, credentials.CertificateFile)))
		require.NoError(t, writeIntent(t, directory, tlsIntent))
		again, err := served(t, directory, "shop-1")
		require.NoError(t, err)
		assert.NotEqual(t, first.SerialNumber, again.SerialNumber)
		assert.Equal(t, first.PublicKey, again.PublicKey)
		assert.Equal(t, first.AuthorityKeyId, again.AuthorityKeyId)
	})
	t.Run("that lacks a name is refused", func(t *testing.T) {
		err := writeIntent(t, directory, tlsIntent+"names = [\"redis.example.com\"]\n")
		require.ErrorContains(t, err, "secrets/tls-certificate.pem does not name redis.example.com: delete it")
	})
	t.Run("needs no key of its authority", func(t *testing.T) {
		key := filepath.Join(directory, credentials.Directory, credentials.AuthorityKeyFile)
		require.NoError(t, os.Rename(key, key+".away"))
		require.NoError(t, writeIntent(t, directory, tlsIntent))
		assert.NoFileExists(t, key)
		require.NoError(t, os.Rename(key+".away", key))
	})
	t.Run("whose authority lost its key is refused", func(t *testing.T) {
		other := t.TempDir()
		require.NoError(t, writeIntent(t, other, tlsIntent))
		for _, lost := range []string{credentials.AuthorityKeyFile, credentials.CertificateFile} {
			require.NoError(t, os.Remove(filepath.Join(other, credentials.Directory, lost)))
		}
		require.ErrorContains(t, writeIntent(t, other, tlsIntent), "secrets/tls-authority.pem is missing")
	})
}
