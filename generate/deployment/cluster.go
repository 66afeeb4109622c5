package deployment

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Cluster is what a plan has more where the keys are spread over several masters.
type Cluster struct {
	Masters, Replicas int64  // Replicas of each master
	Creator           string // service that forms the cluster, as YAML wants it
	Nodes             string // name:port of every node, with blanks between
	AnnouncesName     bool   // the release can announce a name beside the address
	Endpoint          string // cluster-preferred-endpoint-type
	Host              string // address that clients are sent to; empty for the nodes' names
	FirstPort         int64  // of those that are published
	Migration         string // cluster-allow-replica-migration
	Persistence       string
	StartPeriod       string
	First             Member

	// README.md
	Shards                    []Shard
	ReplicasText, PortsText   string
	FullDisk                  *WatchLine // nil where nothing is kept
	AllText, DataText         string     // sizes over all nodes and over all masters
	TimeoutText, FailoverText string
}

// Shard is a master with its slots and replicas as they are when the cluster is formed.
type Shard struct {
	Master, Slots string
	Replicas      []string
}

const (
	defaultMasters         = 3
	defaultClusterReplicas = 1
	serverPort             = 6379
	// forming is how long a healthy node may wait for the others: the cluster is formed when the last of them answers.
	forming = time.Minute
	// busOffset is what the bus port is above the port of the clients (cluster.c; cluster-port is left alone).
	busOffset = 10000
)

// masters is how many masters the servers of a plan have.
func (d *decider) masters() int64 {
	switch {
	case d.plan.Topology != intent.Cluster:
		return 1
	case d.intent.Masters == 0:
		return defaultMasters
	}
	return d.intent.Masters
}

// spareReplicas is how many replicas a master still has after a failover or a restart took one of them. Where masters have one replica each, none
// must be asked for: the promoted replica has none until the lost server is back, and a replica that restarts would stop every write.
func (d *decider) spareReplicas() int64 { return d.replicas() - 1 }

// chooseCluster decides by which names and ports the nodes are known.
func (d *decider) chooseCluster() {
	i, p := d.intent, &d.plan
	if p.Topology != intent.Cluster {
		return
	}
	c := &Cluster{
		Masters: d.masters(), Replicas: d.replicas(), Creator: yamlWord(i.Name + "-create"),
		AnnouncesName: d.known("cluster-announce-hostname", "yes") != "",
	}
	p.Cluster = c
	for n := range p.Members {
		p.Members[n].Port = serverPort
	}
	if !c.AnnouncesName && d.release.Major != 0 && len(i.Networks) > 0 {
		d.refuse(intent.Faultf("write version = \"7.0\" or a newer one, or let clients join the network "+i.Name+"_redis",
			"%s sends clients on by addresses, which no other network reaches; names came with Redis 7.0", d.release), "networks")
	}
	d.publishCluster(c)
	c.Nodes = nodes(p.Members)
	if len(p.Members) > 0 {
		c.First = p.Members[0]
	}
}

// nodes lists servers with their ports.
func nodes(list []Member) string {
	var all []string
	for _, member := range list {
		all = append(all, fmt.Sprintf("%s:%d", member.Name, member.Port))
	}
	return strings.Join(all, " ")
}

// publishCluster gives every node a port of the host. Each listens on the same number inside, because a node has one port that it tells both its
// clients and the other nodes. The bus, which knows no password, stays inside: nodes reach each other by the addresses of their network,
// and only clients are told the host's, which is announced as the name.
func (d *decider) publishCluster(c *Cluster) {
	i, p := d.intent, &d.plan
	if i.Publish == "" || i.Target == intent.Swarm || !i.Usable("publish", "masters", "replicas") { // a swarm publishes nothing: refuseInSwarm
		return
	}
	at, err := netip.ParseAddrPort(i.Publish)
	if err != nil {
		return
	}
	first, count := int64(at.Port()), int64(len(p.Members))
	last := 65535 - busOffset - count + 1
	switch {
	case at.Addr().IsLoopback():
		d.refuse(intent.Faultf(fmt.Sprintf("write an address of the host that containers reach too, as in publish = \"192.168.1.10:%d\", or let clients join the network %s_redis",
			min(first, last), i.Name), "a cluster sends its clients to the address that is published, and %s is to every container itself", at.Addr()), "publish")
	case !at.Addr().Is4():
		d.refuse(intent.Faultf(`write an IPv4 address of the host`, "a cluster announces %s as a name, and names hold no colon", at.Addr()), "publish")
	case !c.AnnouncesName && d.release.Major != 0:
		d.refuse(intent.Faultf(`write version = "7.0" or a newer one, or leave publish out`,
			"nodes of %s tell clients and each other the same address: the bus, which has no password, would have to be published as well", d.release), "publish")
	case first > last:
		d.refuse(intent.Faultf(fmt.Sprintf("write at most port %d", last),
			"%d nodes need the ports %d to %d, and the bus of each %d more, which ends at 65535", count, first, first+count-1, busOffset), "publish")
	default:
		c.Host, c.FirstPort = at.Addr().String(), first
		for n := range p.Members {
			p.Members[n].Port = first + int64(n)
			p.Members[n].Publish = fmt.Sprintf("%s:%d:%d", c.Host, p.Members[n].Port, p.Members[n].Port)
		}
	}
}

// describeCluster fills in what follows from the release.
func (d *decider) describeCluster() {
	p := &d.plan
	if p.Cluster == nil {
		return
	}
	for n := range p.Members {
		p.Members[n].Setting = yamlWord(p.ownSetting(p.Members[n]))
	}
	p.Cluster.Endpoint = d.known("cluster-preferred-endpoint-type", "hostname")
	p.Cluster.Migration = d.known("cluster-allow-replica-migration", "yes")
	p.Cluster.Persistence = d.plan.Kind
	p.Cluster.StartPeriod = p.StartPeriod
	if start, err := time.ParseDuration(p.StartPeriod); err == nil {
		p.Cluster.StartPeriod = units.Seconds(start + forming)
	}
	d.describeClusterReadme(p.Cluster)
}

// ownSetting is what redis.conf leaves to each node: the port, where the host publishes one for each, or the name, where clients are sent to names.
func (p Plan) ownSetting(member Member) string {
	switch {
	case p.Port == "" && p.TLS != nil:
		return fmt.Sprintf("tls-port %d", member.Port)
	case p.Port == "":
		return fmt.Sprintf("port %d", member.Port)
	case p.Cluster.AnnouncesName:
		return "cluster-announce-hostname " + member.Name
	}
	return ""
}

func (d *decider) describeClusterReadme(c *Cluster) {
	p := &d.plan
	last := p.Members[len(p.Members)-1]
	c.Shards = shards(p.Members, c.Masters)
	c.ReplicasText = units.Count(c.Replicas, "replica")
	c.PortsText = fmt.Sprintf("%d to %d", c.First.Port, last.Port)
	c.AllText = units.Readable(d.budget.Limit * int64(len(p.Members)))
	c.DataText = units.Readable(d.budget.MaxMemory * c.Masters)
	timeout := max(d.intent.DownAfter, intent.LeastDownAfter)
	c.TimeoutText = fmt.Sprintf("%d seconds", int64(timeout.Seconds()))
	c.FailoverText = fmt.Sprintf("%d seconds", int64(timeout.Seconds())+failoverSeconds)
}

// failoverSeconds is what passes between the end of the node timeout and the first write to the promoted replica: news of the failure, a random
// delay of up to a second, the election (1 to 2 s, tried on Redis 7.0.15).
const failoverSeconds = 2

// slots is how many slots every cluster has.
const slots = 16384

// shards follows create-cluster.sh: the first nodes become masters of equal shares, each further one a replica of the first master with the fewest.
func shards(list []Member, masters int64) []Shard {
	var all []Shard
	for n, member := range list {
		number := int64(n)
		if number < masters {
			all = append(all, Shard{Master: member.Name, Slots: fmt.Sprintf("%d to %d", number*slots/masters, (number+1)*slots/masters-1)})
			continue
		}
		shard := &all[number%masters]
		shard.Replicas = append(shard.Replicas, member.Name)
	}
	return all
}

// clusterReplicasReason says what min-replicas-to-write costs in a cluster.
func (d *decider) clusterReplicasReason() string {
	if p := d.plan; p.MinReplicas > 0 {
		return fmt.Sprintf("A master refuses writes (NOREPLICAS) unless %s of its own acknowledged within %d seconds. The price: while fewer follow, "+
			"this master's share of the keys cannot be written.", units.Count(p.MinReplicas, "replica"), p.MinReplicasMaxLag)
	}
	if d.role.MinReplicas > 0 && d.replicas() == 1 {
		return "A master accepts writes alone: with one replica each, the promoted one has nobody behind it until the lost node is back, and would refuse every " +
			"write until then. A client that has to know waits for the replica itself (WAIT 1)."
	}
	return "A master accepts writes alone. What nobody else has is lost with it; a client that has to know waits for a replica itself (WAIT 1)."
}
