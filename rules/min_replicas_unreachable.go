package rules

import (
	"strconv"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var minReplicasUnreachable = &lint.Rule{
	ID:       "min-replicas-unreachable",
	Group:    "replication",
	Severity: lint.Error,
	Summary:  "The master asks for more replicas than there are",
	Why: `
With min-replicas-to-write a master takes writes only while that many replicas
follow it: with fewer in the project, every write gets NOREPLICAS from the start.
Ask for one less than there are, so that one may fail.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/replication/"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --min-replicas-to-write 2\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --min-replicas-to-write 1\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		Mend:     "Ask for fewer, or run more replicas.",
		Ignore:   "Where further replicas run in another project.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file, no more than there are replicas when one is gone:",
		Lines:  []string{"min-replicas-to-write <number>"},
		Choose: "<number>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, s := range inspect.Servers(p.Project) {
			setting, given := s.Certain("min-replicas-to-write")
			wanted, err := strconv.Atoi(setting.Value)
			if _, replica := s.Given("replicaof"); !given || err != nil || replica {
				continue
			}
			if s.Get("min-replicas-max-lag").Value == "0" || t.FollowedFromElsewhere(s) {
				continue // with a lag of 0 nothing is asked for
			}
			if there := replicasOf(t, s); there > 0 && wanted > there {
				offer(p.Report(setting.Origin.Span, s.Service, "%q takes writes while %d replicas follow it, and %d are there: every write is refused", s.Name, wanted, there), askForReplicas(s, there))
			}
		}
	},
}

// replicasOf counts the containers that follow a server.
func replicasOf(t *topology.Topology, master *inspect.Service) (count int) {
	for _, r := range t.ReplicasOf(master) {
		count += r.Replica.Config.Count()
	}
	return count
}
