package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

var today = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// party is whoever has a key, and a certificate for it.
type party struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// asked is what a certificate is to be.
type asked struct {
	name      string
	authority bool
	names     []string
	usages    []x509.ExtKeyUsage
	end       time.Time
}

// issue signs; a party without a certificate signs its own.
func (p party) issue(t *testing.T, a asked) party {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: a.name}, NotBefore: today.AddDate(-3, 0, 0), NotAfter: a.end,
		IsCA: a.authority, BasicConstraintsValid: true, DNSNames: a.names, ExtKeyUsage: a.usages,
	}
	above := party{template, key}
	if p.certificate != nil {
		above = p
	}
	der, err := x509.CreateCertificate(rand.Reader, template, above.certificate, key.Public(), above.key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return party{certificate, key}
}

func (p party) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})
}

func (p party) keyPEM(t *testing.T) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestJudge(t *testing.T) {
	next, past := today.AddDate(1, 0, 0), today.AddDate(0, -1, 0)
	both := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	root := party{}.issue(t, asked{name: "root", authority: true, end: next})
	other := party{}.issue(t, asked{name: "other", authority: true, end: next})
	middle := root.issue(t, asked{name: "middle", authority: true, end: next})
	ended := root.issue(t, asked{name: "ended", authority: true, end: past})
	server := root.issue(t, asked{name: "shop", names: []string{"shop-1", "shop-2"}, usages: both, end: next})
	below := middle.issue(t, asked{name: "shop", names: []string{"shop-1"}, usages: both, end: next})
	belowEnded := ended.issue(t, asked{name: "shop", names: []string{"shop-1"}, usages: both, end: next})
	forServers := root.issue(t, asked{name: "shop", names: []string{"shop-1"}, usages: both[:1], end: next})
	expired := root.issue(t, asked{name: "shop", names: []string{"shop-1"}, usages: both, end: past})
	encrypted := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})

	files := func(certificate, key, authority []byte) Files {
		return Files{File{"cert.pem", certificate}, File{"key.pem", key}, File{"ca.pem", authority}}
	}
	of := func(p party, authority []byte) Files { return files(p.pem(), p.keyPEM(t), authority) }
	one := Needs{Names: []string{"shop-1"}}
	asClient := Needs{Names: []string{"shop-1"}, Client: "which nodes show each other"}
	for _, c := range []struct {
		name                        string
		files                       Files
		needs                       Needs
		certificate, key, authority string // what is said of each file
	}{
		{"what servers and clients take", of(server, root.pem()), Needs{Names: []string{"shop-1", "shop-2"}, Client: "to servers"}, "", "", ""},
		{"an authority between, behind the certificate", files(slices.Concat(below.pem(), middle.pem()), below.keyPEM(t), root.pem()), asClient, "", "", ""},
		{"an authority between, beside the root", of(below, slices.Concat(middle.pem(), root.pem())), one, "", "", ""},
		{"no authority between", of(below, root.pem()), one, `the certificate in "cert.pem" is not signed by an authority in "ca.pem"`, "", ""},
		{"no root", of(below, middle.pem()), one, "", "", `"ca.pem" has no root: none of its certificates is signed by itself`},
		{"another root", of(server, other.pem()), one, `the certificate in "cert.pem" is not signed by an authority in "ca.pem"`, "", ""},
		{"a root that is not among those to trust", files(slices.Concat(server.pem(), root.pem()), server.keyPEM(t), other.pem()), one,
			`the certificate in "cert.pem" is not signed by an authority in "ca.pem"`, "", ""},
		{"an authority that ended", of(belowEnded, slices.Concat(ended.pem(), root.pem())), one, `a certificate of the authorities above the one in "cert.pem" has expired`, "", ""},
		{"names that are missing", of(server, root.pem()), Needs{Names: []string{"shop-1", "shop-3", "shop-4"}}, `the certificate in "cert.pem" does not name shop-3, shop-4`, "", ""},
		{"for servers alone, where nobody looks at a client's", of(forServers, root.pem()), one, "", "", ""},
		{"for servers alone, shown as a client's", of(forServers, root.pem()), asClient, `the certificate in "cert.pem" is not for client authentication, which nodes show each other`, "", ""},
		{"expired", of(expired, root.pem()), one, `the certificate in "cert.pem" expired on 2026-10-29`, "", ""},
		{"another's key", files(server.pem(), other.keyPEM(t), root.pem()), one, "", `the key in "key.pem" does not belong to the certificate in "cert.pem"`, ""},
		{"an encrypted key", files(server.pem(), encrypted, root.pem()), one, "", `the key in "key.pem" is encrypted, and servers are given no pass phrase`, ""},
		{"no PEM at all", files([]byte("x"), []byte("y"), []byte("z")), one, `"cert.pem" is not a certificate in PEM`, `"key.pem" is not a private key in PEM`, `"ca.pem" is not a certificate in PEM`},
		{"a certificate for a key", files(server.pem(), server.pem(), root.pem()), one, "", `"key.pem" is not a private key in PEM`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			faults := Judge(c.files, c.needs, today)
			said := func(fault *intent.Fault) string {
				if fault == nil {
					return ""
				}
				return fault.Message
			}
			assert.Equal(t, c.certificate, said(faults.Certificate))
			assert.Equal(t, c.key, said(faults.Key))
			assert.Equal(t, c.authority, said(faults.Authority))
		})
	}
	early := Judge(of(server, root.pem()), one, today.AddDate(-4, 0, 0))
	require.NotNil(t, early.Certificate)
	assert.Equal(t, `the certificate in "cert.pem" is not valid before 2023-11-29 12:00:00`, early.Certificate.Message)
}
