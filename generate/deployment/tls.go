package deployment

import (
	"cmp"
	"fmt"
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

// clientOf is the command that talks to a server: redis-cli or valkey-cli with what it does not assume anyway.
func clientOf(i *intent.Intent, program string) string {
	if at, on := onHostNetwork(i); on {
		if at.Addr() != hostDefault.Addr() {
			program += " -h " + at.Addr().String()
		}
		if at.Port() != hostDefault.Port() {
			program += fmt.Sprintf(" -p %d", at.Port())
		}
	}
	if i.TLS {
		program += " --tls --cacert /run/secrets/" + credentials.AuthorityFile
	}
	if i.TLS && i.TLSClients == "certificate" {
		program += " --cert /run/secrets/" + credentials.CertificateFile + " --key /run/secrets/" + credentials.KeyFile
	}
	return program
}

// chooseTLS decides what is encrypted: everything, or nothing.
func (d *decider) chooseTLS() {
	i, p := d.intent, &d.plan
	if !i.TLS {
		return
	}
	p.TLS = &TLS{AuthClients: "no", Replication: len(p.Members) > 0, Cluster: p.Topology == intent.Cluster}
	p.TLS.Names = d.certificateNames()
	p.TLS.ClientFiles, p.TLS.Renewed = []string{credentials.AuthorityFile}, []string{credentials.CertificateFile}
	p.TLSFiles = []string{credentials.AuthorityFile, credentials.CertificateFile, credentials.KeyFile}
	p.TLSServers = cmp.Or(p.MemberNames, i.Name)
	if i.TLSClients == "certificate" {
		p.TLS.AuthClients, p.TLS.ClientFiles = "yes", p.TLSFiles
	}
	d.chooseOwnFiles()
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
