package generate

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
)

// TLS is how a deployment encrypts: by files that gen makes once, in secrets, or by the user's own.
type TLS struct {
	Names       []string // and addresses that the certificate is for
	AuthClients string   // tls-auth-clients
	Replication bool
	Cluster     bool
	ClientFiles []string          // that a client of the deployment itself needs
	Renewed     []string          // that change with a renewal
	Own         map[string]string // by the secret's name, where the user's own file is; empty where gen makes them
}

// The files of TLS. The authority's key never leaves the host.
const (
	authorityFile    = "tls-authority.pem"
	authorityKeyFile = "tls-authority-key.pem"
	certificateFile  = "tls-certificate.pem"
	keyFile          = "tls-key.pem"
)

// tlsOptions are what redis-cli and valkey-cli need to talk to a server.
const tlsOptions = " --tls --cacert /run/secrets/" + authorityFile

// chooseTLS decides what is encrypted: everything, or nothing.
func (d *decider) chooseTLS() {
	i, p := d.intent, &d.plan
	if !i.TLS {
		return
	}
	p.CLI += tlsOptions
	p.TLS = &TLS{AuthClients: "no", Replication: len(p.Members) > 0, Cluster: p.Topology == intent.Cluster}
	p.TLS.Names = d.certificateNames()
	p.TLS.ClientFiles, p.TLS.Renewed = []string{authorityFile}, []string{certificateFile}
	p.TLSFiles = []string{authorityFile, certificateFile, keyFile}
	p.TLSServers = cmp.Or(p.MemberNames, i.Name)
	if i.TLSClients == "certificate" {
		p.TLS.AuthClients, p.TLS.ClientFiles = "yes", p.TLSFiles
		p.CLI += " --cert /run/secrets/" + certificateFile + " --key /run/secrets/" + keyFile
	}
	d.chooseOwnFiles()
	p.Secrets = append(p.Secrets,
		Secret{Name: authorityFile, Why: "whom clients trust: give them a copy"},
		Secret{Name: certificateFile, Why: "the servers' certificate"},
		Secret{Name: keyFile, Why: "its private key"})
}

// certificateNames are all names and addresses under which members are reached, each once.
func (d *decider) certificateNames() []string {
	p := d.plan
	var names []string
	if len(p.Members) == 0 {
		names = []string{d.intent.Name}
	}
	lists := [][]Member{p.Members, p.Sentinels}
	if p.Proxy != nil {
		lists = append(lists, []Member{p.Proxy.Member})
	}
	for _, list := range lists {
		for _, member := range list {
			names = append(names, member.Name)
			if member.Address != "" {
				names = append(names, member.Address)
			}
		}
	}
	if d.intent.Target == intent.Swarm { // a name of its own for the tasks of each service
		for _, name := range slices.Clone(names) {
			names = append(names, "tasks."+name)
		}
	}
	names = append(names, "localhost", "127.0.0.1")
	if published, err := netip.ParseAddrPort(d.intent.Publish); err == nil {
		names = append(names, published.Addr().String())
	}
	return once(append(names, d.intent.TLSNames...))
}

// once leaves out what stood there before.
func once(names []string) []string {
	seen := map[string]bool{}
	return without(names, func(name string) bool {
		again := seen[name]
		seen[name] = true
		return again
	})
}

// workshop makes the secrets that are not there yet. Those of TLS are made of each other.
type workshop struct {
	root  *os.Root
	made  map[string][]byte
	names []string
	now   time.Time
}

// make returns the content of a secret.
func (w *workshop) make(file File) ([]byte, error) {
	if content, ok := w.made[file.Path]; ok {
		return content, nil
	}
	var err error
	switch file.Path {
	default:
		return newPassword()
	case secretsDirectory + authorityFile, secretsDirectory + authorityKeyFile:
		err = w.makeAuthority()
	case secretsDirectory + keyFile:
		_, w.made[file.Path], err = newKey()
	case secretsDirectory + certificateFile:
		w.made[file.Path], err = w.makeCertificate()
	}
	return w.made[file.Path], err
}

// makeAuthority makes certificate and key of the authority. Where one of the two is there, the other was lost.
func (w *workshop) makeAuthority() error {
	for _, other := range []string{authorityFile, authorityKeyFile} {
		if _, err := w.root.Stat(secretsDirectory + other); err == nil {
			return fmt.Errorf("the other half of secrets/%s is missing: bring it back, or delete secrets/tls-*.pem for a new authority, which clients have to be given", other)
		}
	}
	_, certificate, key, err := newSigner(w.names[0], w.now)
	w.made[secretsDirectory+authorityFile], w.made[secretsDirectory+authorityKeyFile] = certificate, key
	return err
}

// makeCertificate signs for the key that is there or was just made.
func (w *workshop) makeCertificate() ([]byte, error) {
	contents := map[string][]byte{}
	for _, name := range []string{authorityFile, authorityKeyFile, keyFile} {
		content, err := w.content(secretsDirectory + name)
		if err != nil {
			return nil, err
		}
		contents[name] = content
	}
	authority, err := readSigner(contents[authorityFile], contents[authorityKeyFile])
	if err != nil {
		return nil, fmt.Errorf("secrets/%s: %w", authorityFile, err)
	}
	key, err := parseKey(contents[keyFile])
	if err != nil {
		return nil, fmt.Errorf("secrets/%s %w", keyFile, err)
	}
	return authority.sign(w.names, key.Public(), w.now)
}

// content is a secret that was made in this run, or before.
func (w *workshop) content(path string) ([]byte, error) {
	if content, ok := w.made[path]; ok {
		return content, nil
	}
	content, err := ReadRegular(w.root, path, largestOutput)
	if errors.Is(err, fs.ErrNotExist) {
		return w.make(File{Path: path})
	}
	return content, err
}
