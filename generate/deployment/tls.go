package deployment

import (
	"errors"
	"io/fs"
	"net/netip"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment/certificate"
	"github.com/rcomp/rcomp/generate/intent"
)

// TLS is how a deployment encrypts: everything, by files that gen makes once,
// in secrets, or by the user's own.
type TLS struct {
	Names         []string          // and addresses that the certificate is for
	ByCertificate bool              // clients need one too
	Own           map[string]string // by the secret's name, where the user's own file is; empty where gen makes them
}

// tlsFiles are the secrets of TLS.
var tlsFiles = []string{credentials.AuthorityFile, credentials.CertificateFile, credentials.KeyFile}

// Files are the secrets that members have.
func (t *TLS) Files() []string { return slices.Clone(tlsFiles) }

// ClientFiles are those that a client of the deployment itself needs.
func (t *TLS) ClientFiles() []string {
	if t.ByCertificate {
		return t.Files()
	}
	return []string{credentials.AuthorityFile}
}

// tlsOf decides how everything is encrypted, or nothing.
func tlsOf(i *intent.Intent, s Set, cluster *Cluster, proxy *Proxy) (*TLS, []intent.Problem) {
	if !i.TLS {
		return nil, nil
	}
	reached := slices.Concat(s.Members, s.Sentinels)
	if proxy != nil {
		reached = append(reached, proxy.Member)
	}
	refused := i.Refusals()
	refusePorts(refused, i, s)
	t := &TLS{ByCertificate: i.TLSClients == "certificate", Names: certificateNames(i, s, reached)}
	if i.TLSAuthority != intent.AuthorityOwn || len(i.TLSPaths) < len(ownFiles) {
		return t, refused.Problems
	}
	var readable bool
	if t.Own, readable = ownPaths(refused, i); readable {
		needs := certificate.Needs{Names: namesToCover(i, t.Names, reached, cluster), Client: shownByClients(i, s.Topology)}
		judgeOwnFiles(refused, i, needs)
	}
	return t, refused.Problems
}

// refusePorts refuses ports where there is no choice of them. Members of a set
// know each other, and sentinels tell clients the master, by one port alone.
func refusePorts(refused *intent.Refusals, i *intent.Intent, s Set) {
	for _, key := range []string{"tls.port", "tls.plain-text"} {
		switch {
		case !i.Given(key):
		case i.Usable("topology") && !s.Alone():
			refused.Refuse(intent.Faultf("leave it out: all members and their clients change at once", "one server alone has a port of its own for TLS"), key)
		case i.NetworkMode == intent.NetworkModeHost:
			refused.Refuse(intent.Faultf("leave it out", "on the host's network the server listens on publish alone"), key)
		}
	}
	if i.TLSPlainText && i.Usable("tls.port") && s.Alone() && i.NetworkMode != intent.NetworkModeHost {
		refuseOnePortForBoth(refused, i)
	}
}

func refuseOnePortForBoth(refused *intent.Refusals, i *intent.Intent) {
	published := func(at string) bool {
		address, err := netip.ParseAddrPort(at)
		return err == nil && i.Publish != "" && int64(address.Port()) == i.TLSPort
	}
	switch {
	case i.TLSPort == 0:
		refused.Refuse(intent.Faultf("write port = 6380 beside it, and leave it there", "port 6379 speaks TLS unless TLS has a port of its own"), "tls.plain-text")
	case i.TLSPort == serverPort:
		refused.Refuse(intent.Faultf("write port = 6380", "port 6379 is the one without TLS while plain-text is true"), "tls.port")
	case published(i.Publish):
		refused.Refuse(intent.Faultf("write another port", "the host publishes port %d without TLS while plain-text is true", i.TLSPort), "tls.port")
	case published(i.ExporterAt):
		refused.Refuse(intent.Faultf("write another port", "the host publishes port %d for the exporter", i.TLSPort), "tls.port")
	}
}

// certificateNames are all names and addresses under which members are reached,
// each once.
func certificateNames(i *intent.Intent, s Set, reached []Member) []string {
	var names []string
	if len(s.Members) == 0 {
		names = []string{i.Name}
	}
	for _, member := range reached {
		names = append(names, member.Name)
		if member.Address.IsValid() {
			names = append(names, member.Address.String())
		}
	}
	if i.Target == intent.Swarm { // a name of its own for the tasks of each service
		for _, name := range slices.Clone(names) {
			names = append(names, "tasks."+name)
		}
	}
	names = append(names, "localhost", "127.0.0.1")
	if published, err := netip.ParseAddrPort(i.Publish); err == nil {
		names = append(names, published.Addr().String())
	}
	return once(append(names, i.TLSNames...))
}

// once leaves out what stood there before.
func once(names []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		again := seen[name]
		seen[name] = true
		return again
	})
}

// ownFiles are the keys for files of the user's own, with the secrets that they are.
var ownFiles = []struct{ key, secret string }{
	{intent.CertFile, credentials.CertificateFile},
	{intent.KeyFile, credentials.KeyFile},
	{intent.CACertFile, credentials.AuthorityFile},
}

// ownPaths says where the user's own files are, and whether all of them can be read.
func ownPaths(refused *intent.Refusals, i *intent.Intent) (paths map[string]string, readable bool) {
	paths, readable = map[string]string{}, true
	for _, own := range ownFiles {
		file, found := i.Files[i.TLSPaths[own.key]]
		if !found {
			file.Err = fs.ErrNotExist
		}
		paths[own.secret] = file.Path
		fault := unreadable(i.TLSPaths[own.key], file.Err)
		if i.Away && intent.IsAway(file) {
			fault, readable = nil, false
		}
		if fault == nil && !intent.StaysInPlace(file.Path) {
			fault = intent.Faultf("write an absolute path, or leave --output out", "the way from the output directory, %s, has other characters than letters, digits and _ . / @ + -", intent.QuotedShort(file.Path))
		}
		if fault != nil {
			refused.Refuse(fault, "tls."+own.key)
			readable = false
		}
	}
	return paths, readable
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

// judgeOwnFiles refuses the user's own files where servers or their clients would.
func judgeOwnFiles(refused *intent.Refusals, i *intent.Intent, needs certificate.Needs) {
	file := func(key string) certificate.File {
		path := i.TLSPaths[key]
		return certificate.File{Name: path, Content: i.Files[path].Content}
	}
	files := certificate.Files{Certificate: file(intent.CertFile), Key: file(intent.KeyFile), Authority: file(intent.CACertFile)}
	faults := certificate.Judge(files, needs, i.Now)
	for _, found := range []struct {
		key   string
		fault *intent.Fault
	}{{intent.CertFile, faults.Certificate}, {intent.CACertFile, faults.Authority}, {intent.KeyFile, faults.Key}} {
		if found.fault != nil {
			refused.Refuse(found.fault, "tls."+found.key)
		}
	}
}

// shownByClients says who shows the certificate as a client's to somebody that
// checks it. A server that asks its clients for no certificate looks at none,
// neither at a replica's nor at a sentinel's; the bus of a cluster always does.
// With a certificate for servers alone a set with sentinels became whole, and
// two nodes of a cluster did not meet (tried on Redis 7.0.15).
func shownByClients(i *intent.Intent, topology string) string {
	switch {
	case i.TLSClients == "certificate":
		return `by which members and health checks log in with clients = "certificate"`
	case topology == intent.Cluster:
		return "which the nodes of a cluster show each other"
	}
	return ""
}

// namesToCover are those under which clients know the members. An authority of
// a company signs names rather than private addresses, so an address counts
// only where clients have nothing else.
func namesToCover(i *intent.Intent, all []string, reached []Member, cluster *Cluster) []string {
	byAddress := cluster != nil && !cluster.AnnouncesName
	var names []string
	for _, name := range all {
		address, err := netip.ParseAddr(name)
		switch {
		case err == nil && address.IsLoopback(), name == "localhost", strings.HasPrefix(name, "tasks."):
		case err == nil && !byAddress && slices.ContainsFunc(reached, func(m Member) bool { return m.Address == address }):
		default:
			names = append(names, name)
		}
	}
	return once(append(names, i.TLSNames...))
}
