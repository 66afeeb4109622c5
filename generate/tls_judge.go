package generate

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
)

// judgeOwnFiles says at most one thing of each file: what follows from a fault is none of its own.
func (d *decider) judgeOwnFiles() {
	paths := d.intent.TLSPaths
	content := func(key string) []byte { return d.intent.Files[paths[key]].Content }
	chain, c := certificates(paths[certFileKey], content(certFileKey))
	if c != nil {
		d.refuse(c, "tls."+certFileKey)
	}
	authorities, ca := certificates(paths[caCertFileKey], content(caCertFileKey))
	if ca != nil {
		d.refuse(ca, "tls."+caCertFileKey)
	}
	if k := judgeKey(paths, content(certFileKey), content(keyFileKey), c == nil); k != nil {
		d.refuse(k, "tls."+keyFileKey)
	}
	if c != nil || ca != nil {
		return
	}
	if !slices.ContainsFunc(authorities, selfSigned) {
		// OpenSSL begins with no other certificate (tried on 3.0: "unable to get issuer certificate").
		d.refuse(complain("put the root's certificate into it", "%q has no root: none of its certificates is signed by itself", paths[caCertFileKey]), "tls."+caCertFileKey)
		return
	}
	if c := d.judgeCertificate(chain, authorities, time.Now()); c != nil {
		d.refuse(c, "tls."+certFileKey)
	}
}

// certificates reads all certificates of a PEM file.
func certificates(name string, content []byte) ([]*x509.Certificate, *complaint) {
	refused := complain("convert it to PEM, which begins with -----BEGIN CERTIFICATE-----", "%q is not a certificate in PEM", name)
	var all []*x509.Certificate
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, refused
		}
		all = append(all, certificate)
	}
	if len(all) == 0 {
		return nil, refused
	}
	return all, nil
}

// judgeKey refuses a key that a server cannot read and, where the certificate could be read, one of another certificate.
func judgeKey(paths map[string]string, certificate, key []byte, certified bool) *complaint {
	name := paths[keyFileKey]
	block, rest := pem.Decode(key)
	for block != nil && !strings.HasSuffix(block.Type, "PRIVATE KEY") {
		block, rest = pem.Decode(rest)
	}
	switch {
	case block == nil:
		return complain("convert it to PEM, which begins with -----BEGIN PRIVATE KEY-----", "%q is not a private key in PEM", name)
	case block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return complain("write one that is not encrypted, readable by its owner alone", "the key in %q is encrypted, and servers are given no pass phrase", name)
	case !certified:
		return nil
	}
	if _, err := tls.X509KeyPair(certificate, key); err != nil {
		return complain("write the key that the certificate was issued for", "the key in %q does not belong to the certificate in %q", name, paths[certFileKey])
	}
	return nil
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignatureFrom(c) == nil
}

// judgeCertificate refuses what a peer that trusts the authorities would refuse, at a moment. Only this depends on the day, and only whether
// there is a plan: what is written does not.
func (d *decider) judgeCertificate(chain, authorities []*x509.Certificate, now time.Time) *complaint {
	paths, own := d.intent.TLSPaths, chain[0]
	name := paths[certFileKey]
	switch {
	case now.After(own.NotAfter):
		return complain("renew it", "the certificate in %q expired on %s", name, own.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(own.NotBefore):
		return complain("look at the clock, or wait", "the certificate in %q is not valid before %s", name, own.NotBefore.UTC().Format(time.DateTime))
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
		return complain("have it issued with these subject alternative names too", "the certificate in %q does not name %s", name, strings.Join(missing, ", "))
	}
	return nil
}

// judgeChain follows the certificate to a root, for each thing that it is used for.
func (d *decider) judgeChain(chain, authorities []*x509.Certificate, now time.Time) *complaint {
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
			return complain("have it issued for "+usage.name+" authentication too", "the certificate in %q is not for %s authentication, %s", paths[certFileKey], usage.name, usage.why)
		case slices.ContainsFunc(others, func(c *x509.Certificate) bool { return now.After(c.NotAfter) }):
			return complain("renew it", "a certificate of the authorities above the one in %q has expired", paths[certFileKey])
		default:
			return complain("write the certificate of the root that signed it, and put those between the two behind it in "+certFileKey,
				"the certificate in %q is not signed by an authority in %q", paths[certFileKey], paths[caCertFileKey])
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
	case d.plan.Topology == topologyCluster:
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
