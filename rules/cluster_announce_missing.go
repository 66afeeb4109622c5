package rules

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var clusterAnnounceMissing = &lint.Rule{
	ID:       "cluster-announce-missing",
	Group:    "cluster",
	Severity: lint.Warning,
	Summary:  "A cluster node is published, but announces an address that only containers reach",
	Why: `
A cluster sends its clients from node to node by the addresses that the nodes
announce. Without cluster-announce-ip or cluster-announce-hostname those are the
containers' own: a client that comes through a published port is sent to an
address that it does not reach. Publish nothing, or announce what clients
outside can use.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/"},
	Guide: lint.Guide{
		Fault:    "services:\n  node:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes\n    ports: [\"7000:6379\"]\n",
		NearMiss: "services:\n  node:\n    image: redis:7.4.6\n    command: redis-server --cluster-enabled yes\n",
		Mend:     "Set cluster-announce-ip, -port and -bus-port to what clients reach, and publish the bus port; or let clients into the network.",
		Ignore:   "Where the published port is for people, and no client of the cluster uses it.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Conditional, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file, the address at which clients and the other nodes reach this one:",
		Lines:  []string{"cluster-announce-ip <address>", "cluster-announce-port 6379", "cluster-announce-bus-port 16379"},
		Choose: "<address>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			if s.Kind != inspect.ClusterNode || s.OnHost() || madeOfLoopback(p) || s.Unread {
				continue
			}
			if !s.Absent("cluster-announce-ip") || !s.Absent("cluster-announce-hostname") {
				continue
			}
			for _, port := range s.Ports() {
				if covers(port.Container, s.Get("port")) {
					p.Report(port.At, s.Service, "%q publishes port %s and announces the container's own address: clients from outside are sent where they cannot go", s.Name, port.Text)
					break
				}
			}
		}
	},
}

// covers reports whether a port of a container, or a range of them, is the one
// that clients of a server use.
func covers(published string, port inspect.Setting) bool {
	first, last, isRange := strings.Cut(published, "-")
	if !isRange {
		last = first
	}
	from, errFrom := strconv.Atoi(first)
	to, errTo := strconv.Atoi(last)
	at, errAt := strconv.Atoi(port.Value)
	return port.Known && errors.Join(errFrom, errTo, errAt) == nil && from <= at && at <= to
}

// madeOfLoopback reports whether the project creates a cluster by loopback
// addresses: then the nodes announce those, and the host reaches them.
func madeOfLoopback(p *lint.Pass) bool {
	return slices.ContainsFunc(topology.Of(p.Project).Clusters, func(cluster topology.Cluster) bool {
		return slices.ContainsFunc(cluster.Addresses, func(node topology.Address) bool { return topology.IsLoopback(node.Host) })
	})
}
