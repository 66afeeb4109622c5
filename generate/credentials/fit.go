package credentials

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
)

// CheckFit refuses certificates and keys in secrets/ that do not belong
// together, by their contents under their paths: two runs at once, or a copy of
// some of them, can leave such. What is not there is made to fit, and refused
// where nothing that is made does: a new key is not that of the certificate, a
// new authority did not sign it, and is not the one that clients trust.
func CheckFit(contents map[string][]byte) error {
	authority, authorityKey := contents[Directory+AuthorityFile], contents[Directory+AuthorityKeyFile]
	certificate, key := contents[Directory+CertificateFile], contents[Directory+KeyFile]
	again := fmt.Sprintf("delete both %s and %s, and new ones are made", Directory+CertificateFile, Directory+KeyFile)
	if authorityKey == nil { // which would sign them
		again = anewAuthority
	}
	switch {
	case authority != nil && authorityKey != nil && !paired(authority, authorityKey):
		return fmt.Errorf("%s is not the key of %s: %s", Directory+AuthorityKeyFile, Directory+AuthorityFile, anewAuthority)
	case certificate != nil && key != nil && !paired(certificate, key):
		return fmt.Errorf("%s is not the key of %s: %s", Directory+KeyFile, Directory+CertificateFile, again)
	case certificate != nil && authority != nil && !signedBy(certificate, authority):
		return fmt.Errorf("%s is not signed by %s: %s", Directory+CertificateFile, Directory+AuthorityFile, again)
	case certificate != nil && key == nil && authorityKey != nil:
		return fmt.Errorf("%s is missing, the key of %s: bring it back, or delete the certificate too, and new ones are made", Directory+KeyFile, Directory+CertificateFile)
	case certificate != nil && key == nil:
		return fmt.Errorf("%s is missing, the key of %s: %s", Directory+KeyFile, Directory+CertificateFile, anewAuthority)
	case certificate != nil && authority == nil:
		return fmt.Errorf("%s is missing, which signed %s: %s", Directory+AuthorityFile, Directory+CertificateFile, anewAuthority)
	case authority == nil && authorityKey != nil:
		return otherHalf(AuthorityKeyFile)
	case authority != nil && authorityKey == nil && certificate == nil:
		return otherHalf(AuthorityFile)
	}
	return nil
}

// otherHalf refuses an authority of which one file alone is there: a new one
// would be trusted by nobody.
func otherHalf(of string) error {
	return fmt.Errorf("the other half of %s is missing: %s", Directory+of, anewAuthority)
}

const anewAuthority = "bring the right one back, or delete secrets/tls-*.pem for a new authority, which clients have to be given"

func paired(certificate, key []byte) bool {
	_, err := tls.X509KeyPair(certificate, key)
	return err == nil
}

// signedBy tells that one of the authorities, or of the certificates that came
// with it, signed a certificate.
func signedBy(certificate, authority []byte) bool {
	chain, authorities := Chain(certificate), Chain(authority)
	if len(chain) == 0 {
		return false
	}
	return slices.ContainsFunc(slices.Concat(chain[1:], authorities), func(one *x509.Certificate) bool {
		return chain[0].CheckSignatureFrom(one) == nil
	})
}

// Chain reads all certificates of a PEM file, none of one that has another
// thing among them.
func Chain(content []byte) []*x509.Certificate {
	var all []*x509.Certificate
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil
		}
		all = append(all, certificate)
	}
	return all
}
