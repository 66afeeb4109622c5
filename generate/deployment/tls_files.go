package deployment

import (
	"errors"
	"io/fs"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment/certificate"
	"github.com/rcomp/rcomp/generate/intent"
)

// tlsFiles are the keys for files of the user's own, with the secrets that they are.
var tlsFiles = []struct{ key, secret string }{
	{intent.CertFile, credentials.CertificateFile},
	{intent.KeyFile, credentials.KeyFile},
	{intent.CACertFile, credentials.AuthorityFile},
}

// A path must not leave its place in YAML, in a shell word or in an option of docker run.
var wayShape = regexp.MustCompile(`^[A-Za-z0-9_./@+-]+$`)

// chooseOwnFiles has the deployment use the user's own files, and refuses those that servers or their clients would refuse.
func (d *decider) chooseOwnFiles() {
	i, t := d.intent, d.plan.TLS
	if i.TLSAuthority != intent.AuthorityOwn || len(i.TLSPaths) < len(tlsFiles) {
		return
	}
	t.Own, t.Renewed = map[string]string{}, d.plan.TLSFiles
	readable := true
	for _, own := range tlsFiles {
		file, found := i.Files[i.TLSPaths[own.key]]
		if !found {
			file.Err = fs.ErrNotExist
		}
		t.Own[own.secret] = file.Path
		c := unreadable(i.TLSPaths[own.key], file.Err)
		if i.Away && intent.IsAway(file) {
			c, readable = nil, false
		}
		if c == nil && !wayShape.MatchString(file.Path) {
			c = intent.Faultf("write an absolute path, or leave --output out", "the way from the output directory, %s, has other characters than letters, digits and _ . / @ + -", intent.QuotedShort(file.Path))
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

// judgeOwnFiles refuses the user's own files where servers or their clients would.
func (d *decider) judgeOwnFiles() {
	file := func(key string) certificate.File {
		path := d.intent.TLSPaths[key]
		return certificate.File{Name: path, Content: d.intent.Files[path].Content}
	}
	files := certificate.Files{Certificate: file(intent.CertFile), Key: file(intent.KeyFile), Authority: file(intent.CACertFile)}
	faults := certificate.Judge(files, certificate.Needs{Names: d.namesToCover(), Client: d.shownByClients()}, time.Now())
	for _, found := range []struct {
		key   string
		fault *intent.Fault
	}{{intent.CertFile, faults.Certificate}, {intent.CACertFile, faults.Authority}, {intent.KeyFile, faults.Key}} {
		if found.fault != nil {
			d.refuse(found.fault, "tls."+found.key)
		}
	}
}

// shownByClients says who shows the certificate as a client's to somebody that checks it. A server that asks its clients for no certificate looks at none, neither at a
// replica's nor at a sentinel's; the bus of a cluster always does. With a certificate for servers alone a set with sentinels became whole, and two nodes of a
// cluster did not meet (tried on Redis 7.0.15).
func (d *decider) shownByClients() string {
	switch {
	case d.intent.TLSClients == "certificate":
		return `by which members and health checks log in with clients = "certificate"`
	case d.plan.Topology == intent.Cluster:
		return "which the nodes of a cluster show each other"
	}
	return ""
}

func unreadable(name string, err error) *intent.Fault {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return intent.Faultf("write its path from the intent's directory", "there is no file %q", name)
	}
	return intent.Faultf("name a file that whoever runs gen may read", "cannot read %q: %s", name, err)
}

// Own is where the user's own file for a secret is, "" where gen makes it.
func (p Plan) Own(secret string) string {
	if p.TLS == nil {
		return ""
	}
	return p.TLS.Own[secret]
}

// SecretPath is where a secret is on the host, from the output directory or absolute.
func (p Plan) SecretPath(name string) string {
	if own := p.Own(name); own != "" {
		return own
	}
	return credentials.Directory + name
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
