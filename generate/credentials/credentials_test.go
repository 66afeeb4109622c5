package credentials

import (
	"crypto/x509"
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	today    = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	names    = []string{"shop", "shop-1", "10.77.12.11", "localhost"}
	tlsFiles = []string{AuthorityFile, AuthorityKeyFile, CertificateFile, KeyFile}
)

// made are the files of TLS that an issuer makes in an order, by their paths,
// beside those that are there.
func made(t *testing.T, there map[string][]byte, order ...string) map[string][]byte {
	t.Helper()
	issuer := NewIssuer(func(path string) ([]byte, error) {
		if content, ok := there[path]; ok {
			return content, nil
		}
		return nil, fs.ErrNotExist
	}, today)
	all := map[string][]byte{}
	for path, content := range there {
		all[path] = content
	}
	for _, file := range order {
		if _, ok := there[Directory+file]; !ok {
			content, err := issuer.Make(Directory+file, names)
			require.NoError(t, err, file)
			all[Directory+file] = content
		}
	}
	return all
}

func certificateIn(t *testing.T, content []byte) *x509.Certificate {
	t.Helper()
	chain := Chain(content)
	require.Len(t, chain, 1)
	return chain[0]
}

// Whatever is asked for first, the four belong together, and a client that
// trusts the authority takes the certificate under every name.
func TestFilesAreMadeOfEachOther(t *testing.T) {
	for _, order := range [][]string{tlsFiles, {CertificateFile, KeyFile, AuthorityKeyFile, AuthorityFile}, {KeyFile, AuthorityFile, CertificateFile, AuthorityKeyFile}} {
		all := made(t, nil, order...)
		require.NoError(t, CheckFit(all), order)
		require.NoError(t, CheckNames("x", all[Directory+CertificateFile], names))
		roots := x509.NewCertPool()
		require.True(t, roots.AppendCertsFromPEM(all[Directory+AuthorityFile]))
		certificate := certificateIn(t, all[Directory+CertificateFile])
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			for _, name := range names {
				_, err := certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: today, KeyUsages: []x509.ExtKeyUsage{usage}})
				assert.NoError(t, err, name)
			}
		}
		assert.False(t, certificate.IsCA)
	}
}

// A new certificate is for the key and by the authority that are there: clients
// keep what they trust.
func TestWhatIsThereIsKept(t *testing.T) {
	all := made(t, nil, tlsFiles...)
	former := certificateIn(t, all[Directory+CertificateFile])
	delete(all, Directory+CertificateFile)
	renewed := made(t, all, CertificateFile)
	require.NoError(t, CheckFit(renewed))
	certificate := certificateIn(t, renewed[Directory+CertificateFile])
	assert.Equal(t, former.PublicKey, certificate.PublicKey)
	assert.NotEqual(t, former.SerialNumber, certificate.SerialNumber)
}

func TestFilesThatDoNotFitAreRefused(t *testing.T) {
	one, other := made(t, nil, tlsFiles...), made(t, nil, tlsFiles...)
	swapped := func(file string, without ...string) map[string][]byte {
		mixed := map[string][]byte{}
		for path, content := range one {
			mixed[path] = content
		}
		mixed[Directory+file] = other[Directory+file]
		for _, lost := range without {
			delete(mixed, Directory+lost)
		}
		return mixed
	}
	for _, c := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"another's key", swapped(KeyFile), "secrets/tls-key.pem is not the key of secrets/tls-certificate.pem: delete both"},
		{"another's certificate", swapped(CertificateFile, KeyFile), "secrets/tls-certificate.pem is not signed by secrets/tls-authority.pem: delete both"},
		{"another's authority", swapped(AuthorityFile), "secrets/tls-authority-key.pem is not the key of secrets/tls-authority.pem: bring the right one back"},
		{"another's authority, whose key is away", swapped(AuthorityFile, AuthorityKeyFile), "is not signed by secrets/tls-authority.pem: bring the right one back"},
	} {
		assert.ErrorContains(t, CheckFit(c.files), c.want, c.name)
	}
	assert.NoError(t, CheckFit(swapped(KeyFile, CertificateFile, AuthorityFile, AuthorityKeyFile)), "a certificate is made for a key that is there")
}

// TestWhatNothingFitsIsRefused has files of TLS lost: a renewed certificate fits
// what is there, and a new key or authority does not.
func TestWhatNothingFitsIsRefused(t *testing.T) {
	all := made(t, nil, tlsFiles...)
	for _, c := range []struct {
		lost []string
		want string
	}{
		{[]string{CertificateFile}, ""},
		{[]string{CertificateFile, KeyFile}, ""},
		{[]string{AuthorityKeyFile}, ""}, // it signs the next one only
		{[]string{CertificateFile, AuthorityFile, AuthorityKeyFile}, ""},
		{tlsFiles, ""},
		{[]string{KeyFile}, "secrets/tls-key.pem is missing, the key of secrets/tls-certificate.pem: bring it back, or delete the certificate too"},
		{[]string{KeyFile, AuthorityKeyFile}, "secrets/tls-key.pem is missing, the key of secrets/tls-certificate.pem: bring the right one back"},
		{[]string{AuthorityFile}, "secrets/tls-authority.pem is missing, which signed secrets/tls-certificate.pem"},
		{[]string{AuthorityFile, AuthorityKeyFile}, "secrets/tls-authority.pem is missing, which signed secrets/tls-certificate.pem"},
		{[]string{AuthorityFile, CertificateFile, KeyFile}, "the other half of secrets/tls-authority-key.pem is missing"},
		{[]string{AuthorityKeyFile, CertificateFile}, "the other half of secrets/tls-authority.pem is missing"},
	} {
		there := maps.Clone(all)
		for _, file := range c.lost {
			delete(there, Directory+file)
		}
		if err := CheckFit(there); c.want != "" {
			assert.ErrorContains(t, err, c.want, c.lost)
			continue
		} else {
			require.NoError(t, err, c.lost)
		}
		if len(c.lost) > 1 || c.lost[0] != AuthorityKeyFile {
			assert.NoError(t, CheckFit(made(t, there, c.lost...)), c.lost)
		}
	}
}

// Half of an authority was lost, not never made: a new one would be trusted by nobody.
func TestHalfAnAuthorityIsNotReplaced(t *testing.T) {
	all := made(t, nil, tlsFiles...)
	for _, kept := range []string{AuthorityFile, AuthorityKeyFile} {
		issuer := NewIssuer(func(path string) ([]byte, error) {
			if path == Directory+kept {
				return all[path], nil
			}
			return nil, fs.ErrNotExist
		}, today)
		_, err := issuer.Make(Directory+CertificateFile, names)
		assert.ErrorContains(t, err, "the other half of secrets/"+kept+" is missing")
	}
	denied := errors.New("permission denied")
	issuer := NewIssuer(func(string) ([]byte, error) { return nil, denied }, today)
	_, err := issuer.Make(Directory+AuthorityFile, names)
	assert.Error(t, err, "what cannot be read may be there")
}

func TestNamesThatAreMissing(t *testing.T) {
	certificate := made(t, nil, tlsFiles...)[Directory+CertificateFile]
	assert.ErrorContains(t, CheckNames("secrets/tls-certificate.pem", certificate, []string{"shop", "redis.example.com"}),
		"secrets/tls-certificate.pem does not name redis.example.com: delete it")
	assert.ErrorContains(t, CheckNames("secrets/tls-certificate.pem", []byte("no PEM"), names), "secrets/tls-certificate.pem is not a certificate in PEM")
}

func TestPasswords(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		content, err := NewIssuer(nil, today).Make(Directory+DefaultPassword, nil)
		require.NoError(t, err)
		password, ended := strings.CutSuffix(string(content), "\n")
		require.True(t, ended)
		require.Len(t, password, passwordLength)
		require.Empty(t, strings.Trim(password, passwordAlphabet))
		require.NotContains(t, "-_0123456789", password[:1], "no program takes it for an option or a number")
		require.False(t, seen[password])
		seen[password] = true
	}
}
