package generate

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
)

// checkFit refuses certificates and keys in secrets/ that do not belong together, by their contents under their paths: two runs at once, or a copy of
// some of them, can leave such. What is not there is made to fit.
func checkFit(contents map[string][]byte) error {
	authority, authorityKey := contents[secretsDirectory+authorityFile], contents[secretsDirectory+authorityKeyFile]
	certificate, key := contents[secretsDirectory+certificateFile], contents[secretsDirectory+keyFile]
	again := fmt.Sprintf("delete both %s and %s, and new ones are made", secretsDirectory+certificateFile, secretsDirectory+keyFile)
	if authorityKey == nil { // which would sign them
		again = anewAuthority
	}
	switch {
	case authority != nil && authorityKey != nil && !paired(authority, authorityKey):
		return fmt.Errorf("%s is not the key of %s: %s", secretsDirectory+authorityKeyFile, secretsDirectory+authorityFile, anewAuthority)
	case certificate != nil && key != nil && !paired(certificate, key):
		return fmt.Errorf("%s is not the key of %s: %s", secretsDirectory+keyFile, secretsDirectory+certificateFile, again)
	case certificate != nil && authority != nil && !signedBy(certificate, authority):
		return fmt.Errorf("%s is not signed by %s: %s", secretsDirectory+certificateFile, secretsDirectory+authorityFile, again)
	}
	return nil
}

const anewAuthority = "bring the right one back, or delete secrets/tls-*.pem for a new authority, which clients have to be given"

func paired(certificate, key []byte) bool {
	_, err := tls.X509KeyPair(certificate, key)
	return err == nil
}

// signedBy tells that one of the authorities, or of the certificates that came with it, signed a certificate.
func signedBy(certificate, authority []byte) bool {
	chain, c := certificates(certificateFile, certificate)
	authorities, ca := certificates(authorityFile, authority)
	if c != nil || ca != nil {
		return false
	}
	return slices.ContainsFunc(slices.Concat(chain[1:], authorities), func(one *x509.Certificate) bool {
		return chain[0].CheckSignatureFrom(one) == nil
	})
}
