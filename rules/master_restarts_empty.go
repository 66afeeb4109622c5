package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var masterRestartsEmpty = &lint.Rule{
	ID:       "master-restarts-empty",
	Group:    "replication",
	Severity: lint.Warning,
	Summary:  "A master that saves nothing restarts by itself, and its replicas copy the emptiness",
	Why: `
With save "" and without an append-only file a master is empty after a restart.
A restart policy brings it back within a second, before a sentinel has noticed, and
its replicas drop their data to be like it. Where the replicas are there to keep
the data, let the master save, or do not let it restart by itself.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/replication/#safety-of-replication-when-master-has-persistence-turned-off"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --save ''\n    restart: always\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-server --save ''\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		Mend:     "Turn on appendonly or save for the master, or take its restart policy out.",
		Ignore:   "Where the data may go, as in a cache.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where: "in the conf file of the master:",
		Lines: []string{"appendonly yes"},
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, s := range inspect.Servers(p.Project) {
			save, given := s.Certain("save")
			appends := s.Get("appendonly")
			if !given || save.Value != "" || !appends.Known || appends.Value != "no" || len(t.ReplicasOf(s)) == 0 || t.MasterOf(s) != nil {
				continue
			}
			if s.Cache() != "" || s.MayLoseData() || isCache(s) || !restartsByItself(s) {
				continue
			}
			p.Report(save.Origin.Span, s.Service, "%q saves nothing and restarts by itself: it comes back empty, and %q drops its data", s.Name, t.ReplicasOf(s)[0].Replica.Name)
		}
	},
}

// restartsByItself reports whether Docker surely starts a container again that
// has ended in a fault.
func restartsByItself(s *inspect.Service) bool {
	policy, given := s.Raw("restart")
	policy, _, _ = strings.Cut(policy, ":")
	return given && (policy == "always" || policy == "unless-stopped" || policy == "on-failure")
}
