package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

var replicaWithoutMasterauth = &lint.Rule{
	ID:       "replica-without-masterauth",
	Group:    "replication",
	Severity: lint.Error,
	Summary:  "A replica does not know its master's password",
	Why: `
A master with requirepass refuses a replica that has no masterauth: the link
stays down, the replica stays empty or old, and its own health check stays green.
Where Sentinel may fail over, the master needs masterauth as well: without it, it
never comes back as a replica. So does every node of a cluster with replicas.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/replication/"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n  two:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?} --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?}\n  two:\n    image: redis:7.4.6\n    command: redis-server --requirepass ${PASSWORD:?} --masterauth ${PASSWORD:?} --replicaof one 6379\n",
		Mend:     "Set masterauth to the master's password, on all of a set.",
		Ignore:   "Where a script sets it at run time.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file of the replica:",
		Lines:  []string{"masterauth <password of the master>"},
		Choose: "<password of the master>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		creator := replicatingCreator(t)
		for _, s := range inspect.Servers(p.Project) {
			if !s.Absent("masterauth") {
				reportOtherPassword(p, t, s)
				continue
			}
			if master := t.MasterOf(s); master != nil && hasPassword(master) {
				offer(p.Report(replicaAt(s), s.Service, "%q replicates %q, which has a password, and sets no masterauth: it is refused", s.Name, master.Name), giveMasterauth(s))
				continue
			}
			if sentinel := t.WatcherOf(s); sentinel != nil && hasPassword(s) {
				offer(p.Report(s.Span(), s.Service, "%q has a password and no masterauth: after a failover by %q it cannot come back as a replica", s.Name, sentinel.Name), giveMasterauth(s))
				continue
			}
			if creator != nil && s.Kind == inspect.ClusterNode && hasPassword(s) {
				offer(p.Report(s.Span(), s.Service, "%q has a password and no masterauth: as a replica in the cluster that %q creates it is refused", s.Name, creator.Name), giveMasterauth(s))
			}
		}
	},
}

// reportOtherPassword finds a replica that gives its master what it does not take.
func reportOtherPassword(p *lint.Pass, t *topology.Topology, s *inspect.Service) {
	for _, r := range t.ReplicasOf(t.MasterOf(s)) {
		if r.Replica != s {
			continue
		}
		if outcome := r.Login.Outcome(r.Address.Server); outcome == topology.Wrong || outcome == topology.NoUser {
			p.Report(r.Login.At, s.Service, "%q replicates %q and %s: it is refused", s.Name, r.Address.Server.Name, refusal(r.Login, r.Address.Server))
		}
	}
}

func hasPassword(s *inspect.Service) bool {
	password, given := s.Given("requirepass")
	return given && (!password.Known || password.Value != "")
}

func replicaAt(s *inspect.Service) position.Span {
	setting, _ := s.Given("replicaof")
	return setting.Origin.Span
}

// replicatingCreator returns the service that creates a cluster with replicas.
func replicatingCreator(t *topology.Topology) *inspect.Service {
	for _, cluster := range t.Clusters {
		if cluster.Creator != nil && cluster.Call.ClusterCommand != "" && cluster.Replicas > 0 {
			return cluster.Creator
		}
	}
	return nil
}
