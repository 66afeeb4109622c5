package deployment

import (
	"fmt"
	"net/netip"

	"github.com/rcomp/rcomp/generate/deployment/image"
	"github.com/rcomp/rcomp/generate/intent"
)

// Cluster is what a deployment has more where the keys are spread over several masters.
type Cluster struct {
	Creator       string // service that forms the cluster
	AnnouncesName bool   // the release can announce a name beside the address
	Nodes         []Node
	Host          netip.Addr // that clients are sent to; zero for the nodes' names
	Shards        []Shard
}

// Node is a server of a cluster.
type Node struct {
	Member
	Port int64 // that clients use, inside and on the host
}

// Shard is a master with its slots and replicas as they are when the cluster is formed.
type Shard struct {
	Master      string
	First, Last int64 // slots
	Replicas    []string
}

const (
	serverPort = 6379
	// busOffset is what the bus port is above the port of the clients
	// (cluster.c; cluster-port is left alone).
	busOffset = 10000
	// slots is how many slots every cluster has.
	slots = 16384
)

// clusterOf decides by which names and ports the nodes are known.
func clusterOf(i *intent.Intent, image image.Image, s Set) (*Cluster, []intent.Problem) {
	if s.Topology != intent.Cluster {
		return nil, nil
	}
	refused := i.Refusals()
	c := &Cluster{Creator: i.Name + "-create", AnnouncesName: image.Knows("cluster-announce-hostname")}
	if !c.AnnouncesName && image.Release.Known() {
		refuseWithoutNames(refused, i, image)
	}
	first := int64(serverPort)
	each := int64(0) // that the port of a node is above the one before
	if at, published := publishedFor(refused, i, image, c.AnnouncesName, int64(len(s.Members))); published {
		c.Host, first, each = at.Addr(), int64(at.Port()), 1
	}
	for n, member := range s.Members {
		c.Nodes = append(c.Nodes, Node{member, first + each*int64(n)})
	}
	c.Shards = shards(s.Members, s.Masters)
	return c, refused.Problems
}

// refuseWithoutNames refuses what takes names beside the addresses. In a swarm
// clients would be sent to addresses that the next start of a container makes
// somebody else's, and nodes.conf would not say whose line is whose.
func refuseWithoutNames(refused *intent.Refusals, i *intent.Intent, image image.Image) {
	if len(i.Networks) > 0 {
		refused.Refuse(intent.Faultf("write version = \"7.0\" or a newer one, or let clients join the network "+networkNamed(i),
			"%s sends clients on by addresses, which no other network reaches; names came with Redis 7.0", image.Release), "networks")
	}
	if i.Usable("target") && i.Target == intent.Swarm {
		refused.Refuse(intent.Faultf(`write version = "7.0" or a newer one, or leave target out`,
			"nodes of %s have no names, and a swarm gives containers other addresses at each start; names came with Redis 7.0", image.Release), "target")
	}
}

// publishedFor is where the host listens for the first of some nodes, and false
// where it listens for none. Each node listens on the same number inside,
// because it has one port that it tells both its clients and the other nodes.
// The bus, which knows no password, stays inside: nodes reach each other by the
// addresses of their network, and only clients are told the host's, which is
// announced as the name.
func publishedFor(refused *intent.Refusals, i *intent.Intent, image image.Image, announcesName bool, count int64) (netip.AddrPort, bool) {
	at, err := netip.ParseAddrPort(i.Publish)
	if err != nil || i.Target == intent.Swarm || !i.Usable("publish", "masters", "replicas") { // a swarm publishes nothing: refuseInSwarm
		return at, false
	}
	first := int64(at.Port())
	last := 65535 - busOffset - count + 1
	switch {
	case at.Addr().IsLoopback():
		refused.Refuse(intent.Faultf(fmt.Sprintf("write an address of the host that containers reach too, as in publish = \"192.168.1.10:%d\", or let clients join the network %s",
			min(first, last), networkNamed(i)), "a cluster sends its clients to the address that is published, and %s is to every container itself", at.Addr()), "publish")
	case !at.Addr().Is4():
		refused.Refuse(intent.Faultf(`write an IPv4 address of the host`, "a cluster announces %s as a name, and names hold no colon", at.Addr()), "publish")
	case !announcesName && image.Release.Known():
		refused.Refuse(intent.Faultf(`write version = "7.0" or a newer one, or leave publish out`,
			"nodes of %s tell clients and each other the same address: the bus, which has no password, would have to be published as well", image.Release), "publish")
	case first > last:
		refused.Refuse(intent.Faultf(fmt.Sprintf("write at most port %d", last),
			"%d nodes need the ports %d to %d, and the bus of each %d more, which ends at 65535", count, first, first+count-1, busOffset), "publish")
	default:
		return at, true
	}
	return at, false
}

// shards follows create-cluster.sh: the first nodes become masters of equal
// shares, each further one a replica of the first master with the fewest.
func shards(list []Member, masters int64) []Shard {
	var all []Shard
	for n, member := range list {
		number := int64(n)
		if number < masters {
			all = append(all, Shard{Master: member.Name, First: number * slots / masters, Last: (number+1)*slots/masters - 1})
			continue
		}
		shard := &all[number%masters]
		shard.Replicas = append(shard.Replicas, member.Name)
	}
	return all
}
