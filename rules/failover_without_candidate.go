package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var failoverWithoutCandidate = &lint.Rule{
	ID:       "failover-without-candidate",
	Group:    "sentinel",
	Severity: lint.Error,
	Summary:  "Sentinels watch a master that nobody may take over from",
	Why: `
A failover makes a replica the master. Where nobody replicates the watched server,
or each replica has replica-priority 0, which means never, the sentinels agree that
the master is gone and then end with -failover-abort-no-good-slave.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#replica-selection-and-priority"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    networks: {default: {ipv4_address: 10.0.0.1}}\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    networks: {default: {ipv4_address: 10.0.0.1}}\n  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n",
		Mend:     "Add a replica, or give one of them a priority.",
		Ignore:   "Where the replicas are in another project.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the conf file of a second server, which may take over:",
		Lines:  []string{"replicaof <master> 6379"},
		Choose: "<master>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		for _, master := range t.Masters {
			w := master.Watches[0]
			s := w.Address.Server
			if s == nil || s.Kind != inspect.Server || s.Opaque != "" || t.MasterOf(s) != nil || t.FollowedFromElsewhere(s) {
				continue
			}
			switch replicas := t.ReplicasOf(s); {
			case len(replicas) == 0:
				p.Report(w.At, w.Sentinel.Service, "%q watches %q, and nobody replicates it: no failover can happen", w.Sentinel.Name, s.Name)
			case nonePromoted(replicas):
				priority, _ := replicas[0].Replica.Certain("replica-priority")
				p.Report(priority.Origin.Span, replicas[0].Replica.Service, "each replica of %q has replica-priority 0, which no sentinel promotes: no failover can happen", s.Name)
			}
		}
	},
}

// nonePromoted reports whether each replica surely has the priority that means
// never.
func nonePromoted(replicas []topology.Replication) bool {
	for _, r := range replicas {
		if priority, given := r.Replica.Certain("replica-priority"); !given || priority.Value != "0" {
			return false
		}
	}
	return true
}
