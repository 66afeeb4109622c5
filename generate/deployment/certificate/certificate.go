// Package certificate judges a certificate that somebody else issued, as the
// peers of a deployment would.
package certificate

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
)

// File is a file as the intent names it.
type File struct {
	Name    string
	Content []byte
}

// Files are a certificate with those between it and the root behind it, its
// key, and the root.
type Files struct{ Certificate, Key, Authority File }

// Needs are what a deployment asks of its certificate.
type Needs struct {
	Names  []string // and addresses under which clients know the members
	Client string   // whom it is shown to as a client's, as a part of a sentence; empty where nobody looks
}

// Faults are at most one of each file: what follows from a fault is none of its own.
type Faults struct{ Certificate, Key, Authority *intent.Fault }

// Judge refuses what servers or their clients would refuse at a moment. Only
// this depends on the day, and only whether there is a deployment: what is
// written does not.
func Judge(files Files, needs Needs, now time.Time) Faults {
	var faults Faults
	var chain, authorities []*x509.Certificate
	chain, faults.Certificate = read(files.Certificate)
	authorities, faults.Authority = read(files.Authority)
	faults.Key = judgeKey(files, faults.Certificate == nil)
	switch {
	case faults.Certificate != nil || faults.Authority != nil:
	case !slices.ContainsFunc(authorities, selfSigned):
		// OpenSSL begins with no other certificate (tried on 3.0: "unable to
		// get issuer certificate").
		faults.Authority = intent.Faultf("put the root's certificate into it", "%q has no root: none of its certificates is signed by itself", files.Authority.Name)
	default:
		faults.Certificate = judge(files, chain, authorities, needs, now)
	}
	return faults
}

// read returns all certificates of a PEM file.
func read(file File) ([]*x509.Certificate, *intent.Fault) {
	if all := credentials.Chain(file.Content); len(all) > 0 {
		return all, nil
	}
	return nil, intent.Faultf("convert it to PEM, which begins with -----BEGIN CERTIFICATE-----", "%q is not a certificate in PEM", file.Name)
}

// judgeKey refuses a key that a server cannot read and, where the certificate
// could be read, one of another certificate.
func judgeKey(files Files, certified bool) *intent.Fault {
	name := files.Key.Name
	block, rest := pem.Decode(files.Key.Content)
	for block != nil && !strings.HasSuffix(block.Type, "PRIVATE KEY") {
		block, rest = pem.Decode(rest)
	}
	switch {
	case block == nil:
		return intent.Faultf("convert it to PEM, which begins with -----BEGIN PRIVATE KEY-----", "%q is not a private key in PEM", name)
	case block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return intent.Faultf("write one that is not encrypted, readable by its owner alone", "the key in %q is encrypted, and servers are given no pass phrase", name)
	case !certified:
		return nil
	}
	if _, err := tls.X509KeyPair(files.Certificate.Content, files.Key.Content); err != nil {
		return intent.Faultf("write the key that the certificate was issued for", "the key in %q does not belong to the certificate in %q", name, files.Certificate.Name)
	}
	return nil
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignatureFrom(c) == nil
}

// judge refuses what a peer that trusts the authorities would refuse.
func judge(files Files, chain, authorities []*x509.Certificate, needs Needs, now time.Time) *intent.Fault {
	own, name := chain[0], files.Certificate.Name
	switch {
	case now.After(own.NotAfter):
		return intent.Faultf("renew it", "the certificate in %q expired on %s", name, own.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(own.NotBefore):
		return intent.Faultf("look at the clock, or wait", "the certificate in %q is not valid before %s", name, own.NotBefore.UTC().Format(time.DateTime))
	}
	if fault := judgeChain(files, chain, authorities, needs, now); fault != nil {
		return fault
	}
	var missing []string
	for _, needed := range needs.Names {
		if own.VerifyHostname(needed) != nil {
			missing = append(missing, needed)
		}
	}
	if len(missing) > 0 {
		return intent.Faultf("have it issued with these subject alternative names too", "the certificate in %q does not name %s", name, strings.Join(missing, ", "))
	}
	return nil
}

// judgeChain follows the certificate to a root, for each thing that it is used for.
func judgeChain(files Files, chain, authorities []*x509.Certificate, needs Needs, now time.Time) *intent.Fault {
	name := files.Certificate.Name
	options := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: now}
	others := slices.Concat(chain[1:], authorities)
	for _, one := range others {
		if selfSigned(one) && slices.ContainsFunc(authorities, one.Equal) {
			options.Roots.AddCert(one)
		} else {
			options.Intermediates.AddCert(one)
		}
	}
	for _, usage := range needs.usages() {
		options.KeyUsages = []x509.ExtKeyUsage{usage.extended}
		_, err := chain[0].Verify(options)
		invalid := x509.CertificateInvalidError{}
		switch {
		case err == nil:
		case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
			return intent.Faultf("have it issued for "+usage.name+" authentication too", "the certificate in %q is not for %s authentication, %s", name, usage.name, usage.why)
		case slices.ContainsFunc(others, func(c *x509.Certificate) bool { return now.After(c.NotAfter) }):
			return intent.Faultf("renew it", "a certificate of the authorities above the one in %q has expired", name)
		default:
			return intent.Faultf("write the certificate of the root that signed it, and put those between the two behind it in "+intent.CertFile,
				"the certificate in %q is not signed by an authority in %q", name, files.Authority.Name)
		}
	}
	return nil
}

// usage is what a certificate is shown for.
type usage struct {
	extended  x509.ExtKeyUsage
	name, why string
}

func (n Needs) usages() []usage {
	all := []usage{{x509.ExtKeyUsageServerAuth, "server", "which clients check"}}
	if n.Client != "" {
		all = append(all, usage{x509.ExtKeyUsageClientAuth, "client", n.Client})
	}
	return all
}
