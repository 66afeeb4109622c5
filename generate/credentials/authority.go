package credentials

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"time"
)

// How long what the development authority signs is good for. A client of today
// refuses no private authority for its age, and a certificate that outlives the
// people who know of it helps nobody.
const (
	authorityLife   = 10 * 365 * 24 * time.Hour
	certificateLife = 2 * 365 * 24 * time.Hour
)

// signer is a certificate authority for one deployment.
type signer struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// newSigner makes an authority, and returns its certificate and key as PEM.
func newSigner(name string, now time.Time) (signer, []byte, []byte, error) {
	key, keyPEM, err := newKey()
	if err != nil {
		return signer{}, nil, nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return signer{}, nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name + " development authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return signer{}, nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return signer{certificate, key}, encodePEM("CERTIFICATE", der), keyPEM, err
}

// readSigner reads an authority that was made before.
func readSigner(certificatePEM, keyPEM []byte) (signer, error) {
	certificate, err := parseCertificate(certificatePEM)
	if err != nil {
		return signer{}, err
	}
	key, err := parseKey(keyPEM)
	if err != nil {
		return signer{}, err
	}
	if public, ok := certificate.PublicKey.(*ecdsa.PublicKey); !ok || !public.Equal(key.Public()) {
		return signer{}, errors.New("the authority's certificate and key do not belong together")
	}
	return signer{certificate, key}, nil
}

// sign makes a certificate for servers that are also each other's clients,
// under all their names and addresses.
func (s signer) sign(names []string, public crypto.PublicKey, now time.Time) ([]byte, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: names[0]},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, name := range names {
		if address, err := netip.ParseAddr(name); err == nil {
			template.IPAddresses = append(template.IPAddresses, address.AsSlice())
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, s.certificate, public, s.key)
	return encodePEM("CERTIFICATE", der), err
}

func newKey() (*ecdsa.PrivateKey, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return key, encodePEM("PRIVATE KEY", der), err
}

func newSerial() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
}

func encodePEM(kind string, der []byte) []byte {
	var out bytes.Buffer
	_ = pem.Encode(&out, &pem.Block{Type: kind, Bytes: der}) // a buffer takes everything
	return out.Bytes()
}

func parseCertificate(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("is not a certificate in PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

func parseKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("is not a private key in PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if usable, ok := key.(*ecdsa.PrivateKey); ok {
		return usable, nil
	}
	return nil, errors.New("is not a key that gen made")
}

// unnamed returns the names and addresses that a certificate does not cover.
func unnamed(certificatePEM []byte, names []string) ([]string, error) {
	certificate, err := parseCertificate(certificatePEM)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range names {
		if certificate.VerifyHostname(name) != nil {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// CheckNames refuses a certificate that clients would refuse.
func CheckNames(path string, certificatePEM []byte, names []string) error {
	missing, err := unnamed(certificatePEM, names)
	if err != nil {
		return fmt.Errorf("%s %w", path, err)
	}
	if len(missing) > 0 {
		return fmt.Errorf("%s does not name %s: delete it, and a new one is made", path, missing[0])
	}
	return nil
}
