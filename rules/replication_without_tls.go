package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var replicationWithoutTLS = &lint.Rule{
	ID:       "replication-without-tls",
	Group:    "replication",
	Severity: lint.Error,
	Summary:  "A replica or a sentinel speaks without TLS to a server that takes nothing else",
	Why: `
Where port is 0 a server takes encrypted connections alone. Replicas and sentinels
encrypt theirs only with tls-replication yes; without it the replica has no data,
and the sentinel takes its master for dead.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/"},
	Guide: lint.Guide{
		Fault: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --port 0 --tls-port 6379 --tls-cert-file /c.crt --tls-key-file /c.key --tls-ca-cert-file /ca.crt\n    volumes: [./redis.conf:/c.crt, ./redis.conf:/c.key, ./redis.conf:/ca.crt]\n" +
			"  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --tls-port 6380 --tls-cert-file /c.crt --tls-key-file /c.key --tls-ca-cert-file /ca.crt\n    volumes: [./redis.conf:/c.crt, ./redis.conf:/c.key, ./redis.conf:/ca.crt]\n" +
			"  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		Mend:   "Set tls-replication yes on replicas, sentinels and whatever may become one.",
		Ignore: "Where a tunnel beside the replica encrypts.",
		Cases:  []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{Where: "in the conf of the replica or the sentinel:", Lines: []string{"tls-replication yes"}},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			if master := topology.Of(s.Project).MasterOf(s); master != nil && plain(s) && takesTLSAlone(master) {
				p.Report(replicaAt(s), s.Service, "%q takes TLS alone, and %q replicates it without: it never has its data; set tls-replication yes", master.Name, s.Name)
			}
		}
		for _, s := range inspect.Sentinels(p.Project) {
			for _, monitor := range s.Monitors {
				if master := topology.Of(p.Project).Reach(s.Service, monitor.Host, monitor.Port); master != nil && plain(s) && takesTLSAlone(master) {
					p.Report(monitor.At, s.Service, "%q takes TLS alone, and %q asks it without: it is down to it for ever; set tls-replication yes", master.Name, s.Name)
				}
			}
		}
	},
}

// plain reports whether a server surely does not encrypt what it begins itself.
func plain(s *inspect.Service) bool {
	return s.Absent("tls-replication") || s.Get("tls-replication").Known && s.Get("tls-replication").Value == "no"
}

func takesTLSAlone(s *inspect.Service) bool {
	port, encrypted := s.Get("port"), s.Get("tls-port")
	return port.Known && port.Value == "0" && encrypted.Known && encrypted.Value != "0" && encrypted.Value != ""
}
