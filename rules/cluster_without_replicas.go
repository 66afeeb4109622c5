package rules

import (
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var clusterWithoutReplicas = &lint.Rule{
	ID:       "cluster-without-replicas",
	Group:    "cluster",
	Severity: lint.Warning,
	Summary:  "The cluster is created without replicas",
	Why: `
Every master of a cluster holds a part of the keys. Where no replica can take
over, the loss of one node stops the whole cluster, since
cluster-require-full-coverage is on by default, and its part of the data is gone
until it returns. Create the cluster with --cluster-replicas 1 and twice the
nodes.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/"},
	Guide: lint.Guide{
		Fault:    "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-yes\n",
		NearMiss: "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 10.0.0.4:6379 10.0.0.5:6379 10.0.0.6:6379 --cluster-replicas 1 --cluster-yes\n",
		Mend:     "Give it six nodes and --cluster-replicas 1.",
		Ignore:   "Where the loss of a part of the keys is put up with.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the command that creates the cluster, with a node more for each master:",
		Lines:  []string{"--cluster-replicas <number>"},
		Choose: "<number>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		if t.JoinedLater() {
			return
		}
		for _, cluster := range t.Clusters {
			if cluster.Call.ClusterCommand != "" && cluster.Replicas == 0 {
				p.Report(cluster.At, cluster.Creator.Service, "%q creates a cluster without replicas: the loss of one node stops it", cluster.Creator.Name)
			}
		}
	},
}
