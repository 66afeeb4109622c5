package deployment

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
)

// judgeOwnFiles says at most one thing of each file: what follows from a fault is none of its own.
func (d *decider) judgeOwnFiles() {
	paths := d.intent.TLSPaths
	content := func(key string) []byte { return d.intent.Files[paths[key]].Content }
	chain, c := certificates(paths[intent.CertFile], content(intent.CertFile))
	if c != nil {
		d.refuse(c, "tls."+intent.CertFile)
	}
	authorities, ca := certificates(paths[intent.CACertFile], content(intent.CACertFile))
	if ca != nil {
		d.refuse(ca, "tls."+intent.CACertFile)
	}
	if k := judgeKey(paths, content(intent.CertFile), content(intent.KeyFile), c == nil); k != nil {
		d.refuse(k, "tls."+intent.KeyFile)
	}
	if c != nil || ca != nil {
		return
	}
	if !slices.ContainsFunc(authorities, selfSigned) {
		// OpenSSL begins with no other certificate (tried on 3.0: "unable to get issuer certificate").
		d.refuse(intent.Faultf("put the root's certificate into it", "%q has no root: none of its certificates is signed by itself", paths[intent.CACertFile]), "tls."+intent.CACertFile)
		return
	}
	if c := d.judgeCertificate(chain, authorities, time.Now()); c != nil {
		d.refuse(c, "tls."+intent.CertFile)
	}
}

// certificates reads all certificates of a PEM file.
func certificates(name string, content []byte) ([]*x509.Certificate, *intent.Fault) {
	if all := credentials.Chain(content); len(all) > 0 {
		return all, nil
	}
	return nil, intent.Faultf("convert it to PEM, which begins with -----BEGIN CERTIFICATE-----", "%q is not a certificate in PEM", name)
}

// judgeKey refuses a key that a server cannot read and, where the certificate could be read, one of another certificate.
func judgeKey(paths map[string]string, certificate, key []byte, certified bool) *intent.Fault {
	name := paths[intent.KeyFile]
	block, rest := pem.Decode(key)
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
	if _, err := tls.X509KeyPair(certificate, key); err != nil {
		return intent.Faultf("write the key that the certificate was issued for", "the key in %q does not belong to the certificate in %q", name, paths[intent.CertFile])
	}
	return nil
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignatureFrom(c) == nil
}

// judgeCertificate refuses what a peer that trusts the authorities would refuse, at a moment. Only this depends on the day, and only whether
// there is a plan: what is written does not.
func (d *decider) judgeCertificate(chain, authorities []*x509.Certificate, now time.Time) *intent.Fault {
	paths, own := d.intent.TLSPaths, chain[0]
	name := paths[intent.CertFile]
	switch {
	case now.After(own.NotAfter):
		return intent.Faultf("renew it", "the certificate in %q expired on %s", name, own.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(own.NotBefore):
		return intent.Faultf("look at the clock, or wait", "the certificate in %q is not valid before %s", name, own.NotBefore.UTC().Format(time.DateTime))
	}
	if c := d.judgeChain(chain, authorities, now); c != nil {
		return c
	}
	var missing []string
	for _, needed := range d.namesToCover() {
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
func (d *decider) judgeChain(chain, authorities []*x509.Certificate, now time.Time) *intent.Fault {
	paths := d.intent.TLSPaths
	options := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: now}
	others := slices.Concat(chain[1:], authorities)
	for _, one := range others {
		if selfSigned(one) && slices.ContainsFunc(authorities, one.Equal) {
			options.Roots.AddCert(one)
		} else {
			options.Intermediates.AddCert(one)
		}
	}
	for _, usage := range d.usages() {
		options.KeyUsages = []x509.ExtKeyUsage{usage.extended}
		_, err := chain[0].Verify(options)
		invalid := x509.CertificateInvalidError{}
		switch {
		case err == nil:
		case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
			return intent.Faultf("have it issued for "+usage.name+" authentication too", "the certificate in %q is not for %s authentication, %s", paths[intent.CertFile], usage.name, usage.why)
		case slices.ContainsFunc(others, func(c *x509.Certificate) bool { return now.After(c.NotAfter) }):
			return intent.Faultf("renew it", "a certificate of the authorities above the one in %q has expired", paths[intent.CertFile])
		default:
			return intent.Faultf("write the certificate of the root that signed it, and put those between the two behind it in "+intent.CertFile,
				"the certificate in %q is not signed by an authority in %q", paths[intent.CertFile], paths[intent.CACertFile])
		}
	}
	return nil
}

// usage is what a certificate is shown for.
type usage struct {
	extended  x509.ExtKeyUsage
	name, why string
}

// usages are those that somebody checks. A server that asks its clients for no certificate looks at none, neither at a replica's nor at a
// sentinel's; the bus of a cluster always does. With a certificate for servers alone a set with sentinels became whole, and two nodes of a cluster
// did not meet (tried on Redis 7.0.15).
func (d *decider) usages() []usage {
	all := []usage{{x509.ExtKeyUsageServerAuth, "server", "which clients check"}}
	switch {
	case d.intent.TLSClients == "certificate":
		all = append(all, usage{x509.ExtKeyUsageClientAuth, "client", `by which members and health checks log in with clients = "certificate"`})
	case d.plan.Topology == intent.Cluster:
		all = append(all, usage{x509.ExtKeyUsageClientAuth, "client", "which the nodes of a cluster show each other"})
	}
	return all
}

// namesToCover are those under which clients know the members. An authority of a company signs names rather than private addresses, so an
// address counts only where clients have nothing else.
func (d *decider) namesToCover() []string {
	p := d.plan
	byAddress := p.Cluster != nil && !p.Cluster.AnnouncesName
	var names []string
	for _, name := range p.TLS.Names {
		address, err := netip.ParseAddr(name)
		switch {
		case err == nil && address.IsLoopback(), name == "localhost", strings.HasPrefix(name, "tasks."):
		case err == nil && !byAddress && d.isMemberAddress(name):
		default:
			names = append(names, name)
		}
	}
	return once(append(names, d.intent.TLSNames...))
}

func (d *decider) isMemberAddress(address string) bool {
	p := d.plan
	members := slices.Concat(p.Members, p.Sentinels)
	if p.Proxy != nil {
		members = append(members, p.Proxy.Member)
	}
	return slices.ContainsFunc(members, func(m Member) bool { return m.Address == address })
}
