package deployment

import (
	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
)

// Secret is a password file, and whose it is.
type Secret struct{ Name, User, Why string }

// defaultSecret is what applications log in with where the default user is on.
var defaultSecret = Secret{credentials.DefaultPassword, "default", "applications"}

// setSecrets are the passwords that a set has more.
var setSecrets = []Secret{
	{"operator-password", "operator", "the start program and people who operate the set"},
	{"replica-password", "replica", "replicas, to follow their master"},
	{"health-password", "health", "health checks, and the question who leads"},
}

// sentinelSecrets are those of a set with failover.
var sentinelSecrets = []Secret{
	{"monitor-password", "monitor", "sentinels, to watch and to promote servers"},
	{"sentinel-password", "default, of the sentinels", "clients that ask a sentinel, and sentinels among each other"},
}

// serverSecrets are the passwords that one server has more where users are named.
var serverSecrets = []Secret{
	{"operator-password", "operator", "people who operate the server"},
	{"health-password", "health", "health checks"},
}

// tlsSecrets are the files of TLS that containers have.
var tlsSecrets = []Secret{
	{Name: credentials.AuthorityFile, Why: "whom clients trust: give them a copy"},
	{Name: credentials.CertificateFile, Why: "the servers' certificate"},
	{Name: credentials.KeyFile, Why: "its private key"},
}

// secretsOf are the secrets of a deployment, in the order in which the README tells them.
func secretsOf(i *intent.Intent, topology string) []Secret {
	var all []Secret
	if len(i.Users) == 0 || i.DefaultUser {
		all = append(all, defaultSecret)
	}
	if topology != intent.Standalone {
		all = append(all, setSecrets...)
	}
	if topology == intent.Sentinel {
		all = append(all, sentinelSecrets...)
	}
	if i.TLS {
		all = append(all, tlsSecrets...)
	}
	for _, user := range i.Users {
		all = append(all, Secret{passwordOf(user), user.Name, "an application: " + intent.FindPreset(user.Preset).Use + namesShown(user)})
	}
	if topology == intent.Standalone && !alone(i, topology) {
		all = append(all, serverSecrets...)
	}
	if i.Exporter {
		all = append(all, Secret{exporterPassword, intent.Exporter, "the exporter, to read what it measures"})
	}
	return all
}
