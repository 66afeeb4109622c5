package topology

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Cluster is what one service makes of nodes, or, without a creator, the nodes
// that nobody of the project makes one of.
type Cluster struct {
	Creator *inspect.Service
	Call    inspect.Probe // of the creator; without words where its image does it
	At      position.Span
	// Addresses are the nodes that the creator names; Known says that they are all.
	Addresses []Address
	Known     bool
	Replicas  int // of each master; -1: not known
}

// Nodes are the services among the nodes, each once.
func (c Cluster) Nodes() (nodes []*inspect.Service) {
	seen := map[*inspect.Service]bool{}
	for _, address := range c.Addresses {
		if s := address.Server; s != nil && !seen[s] {
			seen[s] = true
			nodes = append(nodes, s)
		}
	}
	return nodes
}

func (t *Topology) findClusters() {
	made := map[*inspect.Service]bool{}
	for _, s := range t.Services {
		for _, call := range s.ClientCalls() {
			if call.ClusterCommand == "create" {
				t.Clusters = append(t.Clusters, t.created(s, call))
			}
		}
		if cluster, ok := t.createdByImage(s); ok {
			t.Clusters = append(t.Clusters, cluster)
		}
	}
	for _, cluster := range t.Clusters {
		for _, node := range cluster.Nodes() {
			made[node] = true
		}
	}
	left := Cluster{Replicas: -1}
	for _, s := range t.Services {
		if s.Kind == inspect.ClusterNode && !made[s] {
			left.Addresses = append(left.Addresses, Address{Host: s.Name, Server: s})
		}
	}
	if len(left.Addresses) > 0 {
		left.At = left.Addresses[0].Server.Span()
		t.Clusters = append(t.Clusters, left)
	}
}

// created reads a call of redis-cli --cluster create.
func (t *Topology) created(s *inspect.Service, call inspect.Probe) Cluster {
	c := Cluster{Creator: s, Call: call, At: call.At, Known: !call.Unread, Replicas: replicasIn(call.Words)}
	for _, node := range call.ClusterArgs {
		c.Known = c.Known && unset.Known(node) && !strings.ContainsAny(node, "$` ")
		host, port := node, ""
		if at := strings.LastIndex(node, ":"); at > 0 {
			host, port = strings.Trim(node[:at], "[]"), node[at+1:]
		}
		c.Addresses = append(c.Addresses, t.address(s.Service, host, port))
	}
	return c
}

// replicasIn is how many replicas of each master a call asks for.
func replicasIn(words []string) int {
	if slices.ContainsFunc(words, func(word string) bool { return !unset.Known(word) }) {
		return -1
	}
	at := slices.Index(words, "--cluster-replicas")
	if at < 0 || at+1 >= len(words) {
		return 0
	}
	if replicas, err := strconv.Atoi(words[at+1]); err == nil {
		return replicas
	}
	return -1
}

// createdByImage reads what the cluster images of Bitnami make by themselves:
// NODES are all, and one of them is the creator.
func (t *Topology) createdByImage(s *inspect.Service) (cluster Cluster, ok bool) {
	if !s.Image.Family.Bitnami() || s.Kind != inspect.ClusterNode {
		return Cluster{}, false
	}
	cluster = Cluster{Creator: s, Known: true, Replicas: -1}
	for _, variable := range s.Environment() {
		switch name := strings.TrimPrefix(strings.TrimPrefix(variable.Name, "REDIS_"), "VALKEY_"); {
		case name == "CLUSTER_CREATOR" && strings.EqualFold(variable.Value, "yes"):
			ok, cluster.At = true, variable.Span
		case name == "CLUSTER_REPLICAS":
			if replicas, err := strconv.Atoi(variable.Value); err == nil {
				cluster.Replicas = replicas
			}
		case name == "NODES":
			cluster.Known = unset.Known(variable.Value)
			for _, node := range strings.FieldsFunc(variable.Value, func(r rune) bool { return r == ' ' || r == ',' }) {
				host, port, _ := strings.Cut(node, ":")
				cluster.Addresses = append(cluster.Addresses, t.address(s.Service, host, port))
			}
		}
	}
	for i, address := range cluster.Addresses {
		if slices.Contains(s.Names(), address.Host) {
			cluster.Addresses[i].Server = s
		}
	}
	return cluster, ok
}

// JoinedLater reports whether replicas are added to a cluster after it is made.
func (t *Topology) JoinedLater() bool {
	return slices.ContainsFunc(t.Services, func(s *inspect.Service) bool {
		return slices.ContainsFunc(s.ClientCalls(), func(call inspect.Probe) bool {
			return call.ClusterCommand == "add-node" && slices.ContainsFunc(call.Words, makesReplica)
		})
	})
}

// makesReplica recognises the option of add-node, in its old and new names.
func makesReplica(word string) bool {
	return word == "--cluster-slave" || word == "--cluster-replica" || !unset.Known(word)
}
