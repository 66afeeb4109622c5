package generate

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The values of authority.
const (
	authorityDevelopment = "development"
	authorityOwn         = "own"
)

// The keys for files of the user's own are named after the directives that they are for.
const (
	certFileKey   = "cert-file"
	keyFileKey    = "key-file"
	caCertFileKey = "ca-cert-file"
)

// ownFiles are those keys in the order of the documentation, with the secrets that they are and an example.
var ownFiles = []struct{ key, secret, example string }{
	{certFileKey, certificateFile, "certs/redis.pem"},
	{keyFileKey, keyFile, "certs/redis-key.pem"},
	{caCertFileKey, authorityFile, "certs/ca.pem"},
}

// UserFile is a file that an intent names. gen reads it to judge it and never writes it.
type UserFile struct {
	Content []byte
	Err     error  // why it cannot be read; fs.ErrNotExist where it is not there
	Path    string // from the output directory, or absolute, with slashes
}

// A path must not leave its place in YAML, in a shell word or in an option of docker run.
var (
	pathShape = regexp.MustCompile(`^[A-Za-z0-9_./@+-]{1,255}$`)
	wayShape  = regexp.MustCompile(`^[A-Za-z0-9_./@+-]+$`)
)

func (i *Intent) readTLSPath(key, s string) *complaint {
	example := ""
	for _, own := range ownFiles {
		if own.key == key {
			example = own.example
		}
	}
	switch {
	case !pathShape.MatchString(s) || strings.HasPrefix(s, "-"):
		return complain(fmt.Sprintf("write %s = %q, from the intent's directory", key, example),
			"must be a path of letters, digits and _ . / @ + -, not %s", quotedShort(s))
	case strings.HasSuffix(s, "/"):
		return complain(fmt.Sprintf("write %s = %q", key, example), "%q is a directory", s)
	}
	if i.TLSPaths == nil {
		i.TLSPaths = map[string]string{}
	}
	i.TLSPaths[key] = s
	return nil
}

func unknownTLSKey(name string) *complaint {
	short := strings.TrimPrefix(name, "tls-")
	if slices.Contains([]string{certFileKey, keyFileKey, caCertFileKey}, short) {
		return complain("write "+short, "[tls] has no key %q", name)
	}
	if short == "key-file-pass" {
		return complain("write a key-file that is not encrypted, readable by its owner alone", "servers are given no pass phrase for their key")
	}
	return complain("the keys are authority, names, clients, cert-file, key-file and ca-cert-file", "[tls] has no key %q", name)
}

// unpairedFiles refuses files without authority = "own", and the other way around.
func (i *Intent) unpairedFiles() []Problem {
	var problems []Problem
	for _, own := range ownFiles {
		e, given := i.places["tls."+own.key]
		switch {
		case given && i.TLSAuthority == authorityDevelopment:
			problems = append(problems, i.problem("tls."+own.key, e.at, complain(`write authority = "own", or leave `+own.key+" out",
				"gen makes the files of authority %q itself", authorityDevelopment)))
		case !given && i.TLSAuthority == authorityOwn:
			problems = append(problems, i.problem("tls."+own.key, i.at("tls.authority"), complain(fmt.Sprintf("write %s = %q", own.key, own.example),
				"authority %q needs a %s", authorityOwn, own.key)))
		}
	}
	return problems
}

// chooseOwnFiles has the deployment use the user's own files, and refuses those that servers or their clients would refuse.
func (d *decider) chooseOwnFiles() {
	i, t := d.intent, d.plan.TLS
	if i.TLSAuthority != authorityOwn || len(i.TLSPaths) < len(ownFiles) {
		return
	}
	t.Own, t.Renewed = map[string]string{}, d.plan.TLSFiles
	readable := true
	for _, own := range ownFiles {
		file, found := i.Files[i.TLSPaths[own.key]]
		if !found {
			file.Err = fs.ErrNotExist
		}
		t.Own[own.secret] = file.Path
		c := unreadable(i.TLSPaths[own.key], file.Err)
		if c == nil && !wayShape.MatchString(file.Path) {
			c = complain("write an absolute path, or leave --output out", "the way from the output directory, %s, has other characters than letters, digits and _ . / @ + -", quotedShort(file.Path))
		}
		if c != nil {
			d.refuse(c, "tls."+own.key)
			readable = false
		}
	}
	if readable {
		d.judgeOwnFiles()
	}
}

func unreadable(name string, err error) *complaint {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return complain("write its path from the intent's directory", "there is no file %q", name)
	}
	return complain("name a file that whoever runs gen may read", "cannot read %q: %s", name, err)
}

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

// own is where the user's own file for a secret is, "" where gen makes it.
func (p Plan) own(secret string) string {
	if p.TLS == nil {
		return ""
	}
	return p.TLS.Own[secret]
}

// SecretPath is where a secret is on the host, from the output directory or absolute.
func (p Plan) SecretPath(name string) string {
	if own := p.own(name); own != "" {
		return own
	}
	return secretsDirectory + name
}

// SecretFile is the same as Compose and stack files have it.
func (p Plan) SecretFile(name string) string {
	file := p.SecretPath(name)
	if !path.IsAbs(file) && !strings.HasPrefix(file, "../") {
		file = "./" + file
	}
	return file
}

// SecretMount is the same in a script that stands in the output directory: docker run mounts absolute paths alone.
func (p Plan) SecretMount(name string) string {
	file := p.SecretPath(name)
	if !path.IsAbs(file) {
		file = "$PWD/" + file
	}
	return file
}
