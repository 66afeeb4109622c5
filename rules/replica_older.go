package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var replicaOlder = &lint.Rule{
	ID:       "replica-older",
	Group:    "replication",
	Severity: lint.Error,
	Summary:  "A replica is too old to read what its master sends",
	Why: `
A master sends a snapshot in the format of its own release, and an older release
refuses it: "Can't handle RDB format version". The replica asks again and again,
and has no data. Within a set of sentinels the same comes with the first failover
to the newer server. Raise replicas first and the master last, and run one release
in the end.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/install/upgrade/"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n  two:\n    image: redis:7.0\n    command: redis-server --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.0\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		Mend:     "Run the same release everywhere.",
		Ignore:   "Never: the replica has no data.",
		Cases: []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce},
			{When: "sentinels may make the newer one the master", Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{Where: "in both services:", Lines: []string{"image: <image>:<version>"}, Choose: "<version>"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			master := topology.Of(s.Project).MasterOf(s)
			if master == nil || master.Name == s.Name || !firm(s) || !firm(master) {
				continue
			}
			switch {
			case !s.Release.Loads(master.Release):
				p.Report(s.ImageAt(), s.Service, "%q is %s and cannot read the snapshot of %q, which is %s: it never has its data", s.Name, s.Release, master.Name, master.Release)
			case !master.Release.Loads(s.Release) && topology.Of(master.Project).WatcherOf(master) != nil:
				p.Report(s.ImageAt(), s.Service, "%q is %s: once it leads, %q, which is %s, cannot read its snapshot", s.Name, s.Release, master.Name, master.Release).Severity = lint.Warning
			}
		}
	},
}

// firm reports whether the release of a server is known, and stays.
func firm(s *inspect.Service) bool {
	return s.ReleaseKnown && !s.Image.ReleaseAssumed && !s.Unread && s.Image.Floating != redis.FloatingMajor
}
