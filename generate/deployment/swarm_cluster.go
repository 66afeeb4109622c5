package deployment

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
)

// StackHost is a node of the swarm, by its place in a list, and what a cluster has there when it is formed.
type StackHost struct {
	Number int
	Labels string // --label-add for each of its members
	Runs   string // their names, who leads and who follows whom
}

// refuseClusterInSwarm refuses releases whose nodes have no name beside their address: clients would be sent to addresses that the next
// start of a container makes somebody else's, and nodes.conf would not say whose line is whose.
func (d *decider) refuseClusterInSwarm() {
	if c := d.plan.Cluster; c != nil && !c.AnnouncesName && d.release.Major != 0 {
		d.refuse(intent.Faultf(`write version = "7.0" or a newer one, or leave target out`,
			"nodes of %s have no names, and a swarm gives containers other addresses at each start; names came with Redis 7.0", d.release), "target")
	}
}

// spreadCluster says which members go to which node of the swarm, so that no shard is on one node and the loss of a node leaves a
// majority of the masters.
func (d *decider) spreadCluster() {
	p := &d.plan
	if p.Cluster == nil {
		return
	}
	hosts := make([]StackHost, hostsFor(p.Cluster.Masters))
	for n := range hosts {
		hosts[n].Number = n + 1
	}
	for n, member := range p.Members {
		shard, turn := int64(n)%p.Cluster.Masters, int64(n)/p.Cluster.Masters
		host := &hosts[(shard+turn)%int64(len(hosts))]
		host.Labels += " --label-add " + member.Label + "=yes"
		host.Runs += ", `" + member.Name + "`"
		if turn > 0 {
			host.Runs += fmt.Sprintf(" (follows `%s`)", p.Members[shard].Name)
		}
	}
	for n := range hosts {
		hosts[n].Labels = strings.TrimSpace(hosts[n].Labels)
		hosts[n].Runs = strings.TrimPrefix(hosts[n].Runs, ", ")
	}
	p.Stack.Hosts = hosts
}

// hostsFor is the fewest nodes of a swarm, and at least three for a majority of managers, of which any may be lost: most masters are on the others.
func hostsFor(masters int64) int64 {
	for hosts := int64(3); ; hosts++ {
		lost := (masters + hosts - 1) / hosts
		if (masters-lost)*2 > masters {
			return hosts
		}
	}
}
