package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
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
		for _, s := range inspect.Servers(p.Project) {
			if !s.Absent("masterauth") {
				continue
			}
			if master := masterOf(s); master != nil && hasPassword(master) {
				offer(p.Report(replicaAt(s), s.Service, "%q replicates %q, which has a password, and sets no masterauth: it is refused", s.Name, master.Name), giveMasterauth(s))
				continue
			}
			if sentinel := watchedBy(s); sentinel != nil && hasPassword(s) {
				offer(p.Report(s.Span(), s.Service, "%q has a password and no masterauth: after a failover by %q it cannot come back as a replica", s.Name, sentinel.Name), giveMasterauth(s))
				continue
			}
			if creator := replicatingCreator(p.Project); creator != nil && s.Kind == inspect.ClusterNode && hasPassword(s) {
				offer(p.Report(s.Span(), s.Service, "%q has a password and no masterauth: as a replica in the cluster that %q creates it is refused", s.Name, creator.Name), giveMasterauth(s))
			}
		}
	},
}

func hasPassword(s *inspect.Service) bool {
	password, given := s.Given("requirepass")
	return given && (!password.Known || password.Value != "")
}

// masterOf returns the service that a server replicates.
func masterOf(s *inspect.Service) *inspect.Service {
	setting, ok := s.Certain("replicaof")
	words := strings.Fields(setting.Value)
	if !ok || len(words) != 2 {
		return nil
	}
	return inspect.Reached(s.Project, words[0])
}

func replicaAt(s *inspect.Service) position.Span {
	setting, _ := s.Given("replicaof")
	return setting.Origin.Span
}

// watchedBy returns a sentinel of the project that watches a server as master.
func watchedBy(s *inspect.Service) *inspect.Service {
	for _, sentinel := range inspect.Sentinels(s.Project) {
		for _, monitor := range sentinel.Monitors {
			if slices.Contains(s.Names(), monitor.Host) {
				return sentinel
			}
		}
	}
	return nil
}

// replicatingCreator returns the service that creates a cluster with replicas.
func replicatingCreator(project *compose.Project) *inspect.Service {
	for _, s := range inspect.Services(project) {
		for _, call := range s.ClientCalls() {
			at := slices.Index(call.Words, "--cluster-replicas")
			if call.ClusterCommand == "create" && at >= 0 && at+1 < len(call.Words) && call.Words[at+1] != "0" && unset.Known(call.Words[at+1]) {
				return s
			}
		}
	}
	return nil
}
