package rules

import (
	"slices"

	"github.com/rcomp/rcomp/lint/compose"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
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
		if replicasJoin(p.Project) {
			return
		}
		for _, s := range inspect.Services(p.Project) {
			for _, call := range s.ClientCalls() {
				if call.ClusterCommand == "create" && !replicates(call) {
					p.Report(call.At, s.Service, "%q creates a cluster without replicas: the loss of one node stops it", s.Name)
				}
			}
		}
	},
}

// replicasJoin reports whether a replica is added to a cluster later.
func replicasJoin(project *compose.Project) bool {
	for _, s := range inspect.Services(project) {
		for _, call := range s.ClientCalls() {
			if call.ClusterCommand == "add-node" && slices.ContainsFunc(call.Words, makesReplica) {
				return true
			}
		}
	}
	return false
}

// makesReplica recognises the option of add-node, in its old and new names.
func makesReplica(word string) bool {
	return word == "--cluster-slave" || word == "--cluster-replica" || !unset.Known(word)
}

// replicates reports whether a call asks for replicas, or may.
func replicates(call inspect.Probe) bool {
	for i, word := range call.Words {
		if word == "--cluster-replicas" {
			return i+1 < len(call.Words) && call.Words[i+1] != "0"
		}
		if !unset.Known(word) {
			return true
		}
	}
	return false
}
