package generate

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/rcomp/rcomp/generate/credentials"
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

// tlsOptions are what redis-cli and valkey-cli need to talk to a server.
const tlsOptions = " --tls --cacert /run/secrets/" + credentials.AuthorityFile

// chooseTLS decides what is encrypted: everything, or nothing.
func (d *decider) chooseTLS() {
	i, p := d.intent, &d.plan
	if !i.TLS {
		return
	}
	p.CLI += tlsOptions
	p.TLS = &TLS{AuthClients: "no", Replication: len(p.Members) > 0, Cluster: p.Topology == intent.Cluster}
	p.TLS.Names = d.certificateNames()
	p.TLS.ClientFiles, p.TLS.Renewed = []string{credentials.AuthorityFile}, []string{credentials.CertificateFile}
	p.TLSFiles = []string{credentials.AuthorityFile, credentials.CertificateFile, credentials.KeyFile}
	p.TLSServers = cmp.Or(p.MemberNames, i.Name)
	if i.TLSClients == "certificate" {
		p.TLS.AuthClients, p.TLS.ClientFiles = "yes", p.TLSFiles
		p.CLI += " --cert /run/secrets/" + credentials.CertificateFile + " --key /run/secrets/" + credentials.KeyFile
	}
	d.chooseOwnFiles()
	p.Secrets = append(p.Secrets,
		Secret{Name: credentials.AuthorityFile, Why: "whom clients trust: give them a copy"},
		Secret{Name: credentials.CertificateFile, Why: "the servers' certificate"},
		Secret{Name: credentials.KeyFile, Why: "its private key"})
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
