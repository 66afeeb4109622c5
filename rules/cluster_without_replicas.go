package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var clusterWithoutReplicas = &lint.Rule{
	ID:       "cluster-without-replicas",
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
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, call := range s.ClientCalls() {
				if call.ClusterCommand == "create" && !replicates(call) {
					p.Report(call.At, s.Service, "the cluster is created without replicas: the loss of one node stops it")
				}
			}
		}
	},
}

// replicates reports whether a call asks for replicas, or may.
func replicates(call inspect.Probe) bool {
	for i, word := range call.Words {
		if word == "--cluster-replicas" {
			return i+1 < len(call.Words) && call.Words[i+1] != "0"
		}
		if !lint.Known(word) {
			return true
		}
	}
	return false
}
