package rules

import (
	"net/netip"

	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/redis"
)

var clusterCreateRefused = &lint.Rule{
	ID:       "cluster-create-refused",
	Group:    "cluster",
	Severity: lint.Error,
	Summary:  "The cluster is never created, since redis-cli refuses",
	Why: `
redis-cli creates a cluster of three masters and more: with --cluster-replicas 1
that takes six nodes. With fewer it says so and ends with status 1 (valkey-cli makes
one of two). Before Redis 7 it takes addresses alone, and refuses names.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/"},
	Guide: lint.Guide{
		Fault:    "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-replicas 1 --cluster-yes\n",
		NearMiss: "services:\n  init:\n    image: valkey/valkey:8.1.4\n    command: valkey-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-replicas 1 --cluster-yes\n",
		Mend:     "Name more nodes, or ask for fewer replicas; name addresses where the release is old.",
		Ignore:   "Never: nothing is created.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the command, as many nodes as it takes:",
		Lines:  []string{"<addresses of six nodes> --cluster-replicas 1"},
		Choose: "<addresses of six nodes>",
	},
	Check: func(p *lint.Pass) {
		for _, cluster := range topology.Of(p.Project).Clusters {
			if cluster.Call.ClusterCommand == "" || !cluster.Known || cluster.Creator.Image.Engine == redis.Valkey || cluster.Call.Program == "valkey-cli" || len(cluster.Addresses) == 0 {
				continue
			}
			creator, nodes := cluster.Creator, len(cluster.Addresses)
			if cluster.Replicas >= 0 && nodes/(cluster.Replicas+1) < 3 {
				p.Report(cluster.At, creator.Service, "%q creates no cluster: %d nodes with %d replicas each are %d masters, and redis-cli wants three", creator.Name, nodes, cluster.Replicas, nodes/(cluster.Replicas+1))
				continue
			}
			if name := firstName(cluster); name != "" && creator.Image.ReleaseKnown && creator.Image.Release.Major < 7 {
				p.Report(cluster.At, creator.Service, "%q creates no cluster: the redis-cli of %s takes addresses alone, and %q is a name", creator.Name, creator.Image.Release, name)
			}
		}
	},
}

// firstName is the first node that is named, and not addressed.
func firstName(cluster topology.Cluster) string {
	for _, node := range cluster.Addresses {
		if _, err := netip.ParseAddr(node.Host); err != nil && unset.Known(node.Host) && node.Host != "localhost" {
			return node.Host
		}
	}
	return ""
}
