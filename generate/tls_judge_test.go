package generate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
)

// ownAuthority signs in the tests, as a company's authority does.
type ownAuthority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         string
}

// newOwnAuthority makes a root, or an authority that another one signed, which
// ends when it is told to.
func newOwnAuthority(t *testing.T, name string, above *ownAuthority, end time.Time) ownAuthority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: end.AddDate(-10, 0, 0), NotAfter: end,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	signer, signerKey := template, key
	if above != nil {
		signer, signerKey = above.certificate, above.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer, key.Public(), signerKey)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return ownAuthority{certificate, key, string(asPEM("CERTIFICATE", der))}
}

// leaf is what differs between certificates.
type leaf struct {
	names      []string
	usages     []x509.ExtKeyUsage
	begin, end time.Time
	rsa        bool // an RSA key
}

// newKey makes a key, in the forms that tools write beside PKCS #8.
func (l leaf) newKey(t *testing.T) (crypto.Signer, string) {
	t.Helper()
	if l.rsa {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(t, err)
		return key, string(asPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	return key, string(asPEM("EC PRIVATE KEY", der))
}

// issue returns a certificate and its key.
func (a ownAuthority) issue(t *testing.T, l leaf) (certificate, key string) {
	t.Helper()
	private, key := l.newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "shop"}, NotBefore: l.begin, NotAfter: l.end,
		ExtKeyUsage: l.usages, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	for _, name := range l.names {
		if address, err := netip.ParseAddr(name); err == nil {
			template.IPAddresses = append(template.IPAddresses, address.AsSlice())
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, private.Public(), a.key)
	require.NoError(t, err)
	return string(asPEM("CERTIFICATE", der)), key
}

const ownTable = "[tls]\nauthority = \"own\"\ncert-file = \"certs/redis.pem\"\nkey-file = \"certs/redis-key.pem\"\nca-cert-file = \"/etc/ssl/shop-ca.pem\"\n"

// compileOwn compiles an intent with files of the user's own.
func compileOwn(t *testing.T, source, certificate, key, authority string) (deployment.Plan, []intent.Problem) {
	t.Helper()
	return Compile("redis.toml", []byte(source), intent.Surroundings{Files: map[string]intent.UserFile{
		"certs/redis.pem":      {Content: []byte(certificate), Path: "../shop/certs/redis.pem"},
		"certs/redis-key.pem":  {Content: []byte(key), Path: "certs/redis-key.pem"},
		"/etc/ssl/shop-ca.pem": {Content: []byte(authority), Path: "/etc/ssl/shop-ca.pem"},
	}})
}

var (
	serverUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	bothUsages  = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
)

const (
	standaloneHead = "name = \"shop\"\nrole = \"cache\"\nmemory = \"256M\"\n"
	replicatedHead = standaloneHead + "topology = \"replicated\"\nreplicas = 1\nsubnet = \"10.77.12.0/24\"\n"
)

func TestOwnFilesAreReferredTo(t *testing.T) {
	year := time.Now().AddDate(1, 0, 0)
	root := newOwnAuthority(t, "root", nil, year.AddDate(9, 0, 0))
	middle := newOwnAuthority(t, "middle", &root, year)
	certificate, key := middle.issue(t, leaf{[]string{"shop", "shop-1", "shop-2"}, serverUsage, time.Now().Add(-time.Hour), year, true})
	for name, intent := range map[string]string{
		"one server": standaloneHead, "a set": replicatedHead, "published on this host alone": standaloneHead + "publish = \"127.0.0.1:6379\"\n",
		"one server in a swarm": standaloneHead + "target = \"swarm\"\n",
	} {
		for _, chain := range [][2]string{{certificate + middle.pem, root.pem}, {certificate, middle.pem + root.pem}} {
			plan, problems := compileOwn(t, intent+ownTable, chain[0], key, chain[1])
			require.Empty(t, problems, name)
			files, err := Files(plan)
			require.NoError(t, err)
			var compose struct {
				Secrets map[string]struct{ File string }
			}
			for _, file := range files {
				assert.NotContains(t, file.Path, ".pem", "gen writes none of them")
				assert.NotContains(t, string(file.Content), "BEGIN", "and copies none")
				if strings.HasSuffix(file.Path, ".yml") {
					require.NoError(t, yaml.Unmarshal(file.Content, &compose))
				}
			}
			assert.Equal(t, "../shop/certs/redis.pem", compose.Secrets[credentials.CertificateFile].File)
			assert.Equal(t, "./certs/redis-key.pem", compose.Secrets[credentials.KeyFile].File)
			assert.Equal(t, "/etc/ssl/shop-ca.pem", compose.Secrets[credentials.AuthorityFile].File)
			assert.Equal(t, "./secrets/redis-password", compose.Secrets["redis-password"].File)
		}
	}
}

func TestOwnFilesThatDoNotDo(t *testing.T) {
	now := time.Now()
	year, hourAgo := now.AddDate(1, 0, 0), now.Add(-time.Hour)
	root, other := newOwnAuthority(t, "root", nil, year), newOwnAuthority(t, "root", nil, year)
	middle := newOwnAuthority(t, "middle", &root, year)
	ended := newOwnAuthority(t, "ended", nil, hourAgo)
	names := []string{"shop", "shop-1", "shop-2"}
	good := leaf{names, serverUsage, hourAgo, year, false}
	certificate, key := root.issue(t, good)
	_, otherKey := root.issue(t, good)
	encrypted := string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}))
	issued := func(a ownAuthority, l leaf) [2]string { c, k := a.issue(t, l); return [2]string{c, k} }

	for _, c := range []struct {
		name, head  string
		pair        [2]string
		authority   string
		key, wanted string
	}{
		{"no PEM", standaloneHead, [2]string{"\x30\x82", key}, root.pem, "cert-file", `"certs/redis.pem" is not a certificate in PEM`},
		{"a key for a certificate", standaloneHead, [2]string{key, key}, root.pem, "cert-file", "is not a certificate in PEM"},
		{"broken inside", standaloneHead, [2]string{string(asPEM("CERTIFICATE", []byte("x"))), key}, root.pem, "cert-file", "is not a certificate in PEM"},
		{"a certificate for a key", standaloneHead, [2]string{certificate, certificate}, root.pem, "key-file", `"certs/redis-key.pem" is not a private key in PEM`},
		{"an encrypted key", standaloneHead, [2]string{certificate, encrypted}, root.pem, "key-file", "is encrypted, and servers are given no pass phrase"},
		{"another key", standaloneHead, [2]string{certificate, otherKey}, root.pem, "key-file", `does not belong to the certificate in "certs/redis.pem"`},
		{"no authority in PEM", standaloneHead, [2]string{certificate, key}, "nothing", "ca-cert-file", `"/etc/ssl/shop-ca.pem" is not a certificate in PEM`},
		{"another authority of the same name", standaloneHead, [2]string{certificate, key}, other.pem, "cert-file", `is not signed by an authority in "/etc/ssl/shop-ca.pem"`},
		{"a link of the chain left out", standaloneHead, issued(middle, good), root.pem, "cert-file", "is not signed by an authority"},
		{"no root", standaloneHead, issued(middle, good), middle.pem, "ca-cert-file", "has no root"},
		{"expired", standaloneHead, issued(root, leaf{names, serverUsage, now.AddDate(-1, 0, 0), time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC), false}), root.pem, "cert-file", "expired on 2024-02-29"},
		{"not valid yet", standaloneHead, issued(root, leaf{names, serverUsage, year.AddDate(0, -1, 0), year, false}), root.pem, "cert-file", "is not valid before"},
		{"an authority that expired", standaloneHead, issued(ended, good), ended.pem, "cert-file", `a certificate of the authorities above the one in "certs/redis.pem" has expired`},
		{"no server's", standaloneHead, issued(root, leaf{names, bothUsages[1:], hourAgo, year, false}), root.pem, "cert-file", "is not for server authentication"},
		{"no client's where clients show one", standaloneHead + ownTable + "clients = \"certificate\"\n", [2]string{certificate, key}, root.pem, "cert-file", "is not for client authentication, by which members and health checks log in"},
		{"no client's in a cluster", standaloneHead + "topology = \"cluster\"\n", [2]string{certificate, key}, root.pem, "cert-file", "is not for client authentication, which the nodes of a cluster show"},
		{"names of members", strings.Replace(replicatedHead, "replicas = 1", "replicas = 3", 1), [2]string{certificate, key}, root.pem, "cert-file", `the certificate in "certs/redis.pem" does not name shop-3, shop-4`},
		{"names of sentinels and the proxy", strings.Replace(replicatedHead, "replicated\"", "sentinel\"\nproxy = true", 1), [2]string{certificate, key}, root.pem, "cert-file",
			"does not name shop-sentinel-1, shop-sentinel-2, shop-sentinel-3, shop-proxy"},
		{"the published address", standaloneHead + "publish = \"192.168.1.10:6379\"\n", [2]string{certificate, key}, root.pem, "cert-file", "does not name 192.168.1.10"},
		{"names of the intent", standaloneHead + ownTable + "names = [\"redis.example.com\", \"shop\"]\n", [2]string{certificate, key}, root.pem, "cert-file", "does not name redis.example.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(c.head, "[tls]") {
				c.head += ownTable
			}
			_, problems := compileOwn(t, c.head, c.pair[0], c.pair[1], c.authority)
			require.Len(t, problems, 1, "%v", problems)
			assert.Equal(t, "tls."+c.key, problems[0].Key)
			assert.Contains(t, problems[0].Message, c.wanted)
			assert.NotEmpty(t, problems[0].Hint)
			requirePlace(t, c.head, problems[0])
		})
	}
}

// A cluster that knows no names sends clients on by the members' addresses, so
// those have to be on the certificate.
func TestOwnCertificateOfAClusterWithoutNames(t *testing.T) {
	year := time.Now().AddDate(1, 0, 0)
	root := newOwnAuthority(t, "root", nil, year)
	names := []string{"shop-1", "shop-2", "shop-3", "shop-4", "shop-5", "shop-6"}
	certificate, key := root.issue(t, leaf{names, bothUsages, time.Now().Add(-time.Hour), year, false})
	intent := standaloneHead + "topology = \"cluster\"\nsubnet = \"10.77.12.0/24\"\nversion = \"6.2\"\n"
	_, problems := compileOwn(t, intent+ownTable, certificate, key, root.pem)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Message, "does not name 10.77.12.11, 10.77.12.12")
	_, problems = compileOwn(t, strings.Replace(intent, "6.2", "7.0", 1)+ownTable, certificate, key, root.pem)
	assert.Empty(t, problems)
}

func TestWayToAnOwnFile(t *testing.T) {
	_, problems := Compile("redis.toml", []byte(standaloneHead+ownTable), intent.Surroundings{Files: map[string]intent.UserFile{
		"certs/redis.pem": {Path: "../my shop/certs/redis.pem"}, "certs/redis-key.pem": {Path: "../$x/k"}, "/etc/ssl/shop-ca.pem": {Path: "/etc/ssl/shop-ca.pem"},
	}})
	require.Len(t, problems, 2)
	assert.Contains(t, problems[0].Message, `the way from the output directory, "../my shop/certs/redis.pem", has other characters`)
}

// documentedFiles are those that the documentation's intents name.
func documentedFiles(t *testing.T) map[string]intent.UserFile {
	t.Helper()
	year := time.Now().AddDate(1, 0, 0)
	root := newOwnAuthority(t, "root", nil, year)
	certificate, key := root.issue(t, leaf{[]string{"shop"}, serverUsage, time.Now().Add(-time.Hour), year, false})
	files := map[string]intent.UserFile{}
	for path, content := range map[string]string{"certs/redis.pem": certificate, "certs/redis-key.pem": key, "/etc/ssl/certs/shop-ca.pem": root.pem} {
		files[path] = intent.UserFile{Content: []byte(content), Path: path}
	}
	return files
}

func asPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
