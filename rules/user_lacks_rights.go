package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var userLacksRights = &lint.Rule{
	ID:       "user-lacks-rights",
	Group:    "access",
	Severity: lint.Error,
	Summary:  "A user may not do what it is there for",
	Why: `
The rules of a user are read in order, and begin with nothing allowed. A replica
needs psync and replconf on its master; a sentinel needs ping, info, publish,
subscribe, multi, exec, slaveof, config|rewrite and client|kill on all servers, and
the channel by which sentinels find each other; an exporter needs info; a health
check the command that it calls. What is missing is refused with NOPERM, and the
servers go on as if nothing was wrong: the replica stays empty, the set has no
failover, the check is healthy or never is.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/#acl-rules-for-sentinel-and-replicas"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --user default off --user replica on '>0f3c9a5d1e7b4826' +ping +replconf\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379 --masteruser replica --masterauth 0f3c9a5d1e7b4826\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --user default off --user replica on '>0f3c9a5d1e7b4826' +ping +replconf +psync\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379 --masteruser replica --masterauth 0f3c9a5d1e7b4826\n",
		Mend:     "Add the command behind a plus sign, after what takes it away.",
		Ignore:   "Where ACL SETUSER gives the right once the server runs.",
		Cases: []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce},
			{When: "it is the user of an exporter or a health check", Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the rules of the user, behind the others:",
		Lines:  []string{"+<command>"},
		Choose: "<command>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, r := range t.Replications {
			if command, user := r.Login.Lacks(r.Address.Server, redis.ReplicaNeeds); command != "" {
				p.Report(user.At, r.Address.Server.Service, "user %q may not call %s, which %q needs to replicate %q: it gets no data", user.Name, command, r.Replica.Name, r.Address.Server.Name)
			}
		}
		for _, w := range t.Watches {
			reportWatch(p, t, w)
		}
		for _, use := range t.Uses {
			if command, user := use.Login.Lacks(use.Address.Server, redis.ExporterNeeds); command != "" && use.Purpose == topology.ForMetrics {
				p.Report(user.At, use.Address.Server.Service, "user %q may not call %s, without which the exporter %q says that %q is down", user.Name, command, use.By.Name, use.Address.Server.Name).Severity = lint.Warning
			}
		}
		for _, s := range inspect.Servers(p.Project) {
			reportCheck(p, s)
		}
	},
}

// reportWatch looks at the user of a sentinel on the master and its replicas.
func reportWatch(p *lint.Pass, t *topology.Topology, w topology.Watch) {
	watched := []*inspect.Service{}
	if w.Address.Server != nil {
		watched = append(watched, w.Address.Server)
	}
	for _, r := range t.ReplicasOf(w.Address.Server) {
		watched = append(watched, r.Replica)
	}
	for _, s := range watched {
		command, user := w.Login.Lacks(s, redis.SentinelNeeds)
		switch {
		case command != "":
			p.Report(user.At, s.Service, "user %q may not call %s, which the sentinel %q needs on %q: no failover ends well", user.Name, command, w.Sentinel.Name, s.Name)
			return
		case deaf(w.Login, s):
			user, _ := w.Login.AccountOf(s)
			p.Report(user.At, s.Service, "user %q may not use the channel %s, by which the sentinel %q finds the others: add &%s", user.Name, redis.SentinelChannel, w.Sentinel.Name, redis.SentinelChannel)
			return
		}
	}
}

// deaf reports whether a sentinel's user surely may not use the channel. Since 7.0
// a user begins without any (acl-pubsub-default).
func deaf(login topology.Login, s *inspect.Service) bool {
	user, ok := login.AccountOf(s)
	return ok && s.ReleaseKnown && s.Release.AtLeast(7, 0) && s.Absent("acl-pubsub-default") && !user.Account.Hears(redis.SentinelChannel)
}

// reportCheck looks at the user of a health check.
func reportCheck(p *lint.Pass, s *inspect.Service) {
	probes, seen := s.Health()
	for _, probe := range probes {
		if !seen || probe.Unread || probe.User == "" || len(probe.Command) == 0 || !asks(probe, s) {
			continue
		}
		if user, known := s.Account(probe.User); known && user.Account.May(strings.ToLower(probe.Command[0])) == redis.No && !user.At.IsZero() {
			p.Report(user.At, s.Service, "user %q may not call %s, which the health check of %q calls: it gets NOPERM", user.Name, strings.ToLower(probe.Command[0]), s.Name).Severity = lint.Warning
		}
	}
}
