package deployment

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/rcomp/rcomp/generate/deployment/subnet"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Set is which servers and sentinels there are, and what they are to each other.
type Set struct {
	Topology  string
	Masters   int64
	Replicas  int64    // of each master
	Members   []Member // the servers; none where one is alone
	Sentinels []Member
	Subnet    netip.Prefix // of the members; zero where whoever runs them chooses
	Failover
}

// Member is one container of a set: a server, a sentinel or the proxy.
type Member struct {
	Name    string     // of the service, which is also the name that others know it by
	Address netip.Addr // fixed, in the set's subnet; zero in a swarm
	Volume  string
	Label   string // of the swarm node that has the volume; a server and a sentinel of the same number share it
}

// Failover is when a master counts as lost, who says so, and what it must not
// do without its replicas.
type Failover struct {
	DownAfter         time.Duration
	Quorum            int64         // of the sentinels
	HandOver          time.Duration // that a master which is told to stop waits for another to take over
	MinReplicas       int64         // that have to follow for a master to accept a write
	MinReplicasMaxLag int64         // seconds
}

const (
	defaultMasters         = 3
	defaultReplicas        = 2
	defaultClusterReplicas = 1
	defaultSentinels       = 3
	// It took 1.5 to 3 s on an idle machine (tried).
	handOver = 15 * time.Second
)

// setOf decides who the members are, where they live, and when one takes over
// from another.
func setOf(i *intent.Intent, role intent.Role) (Set, []intent.Problem) {
	s := Set{Topology: intent.Standalone, Masters: 1}
	if i.Topology != "" && i.Usable("topology") {
		s.Topology = i.Topology
	}
	refused := i.Refusals()
	refuseMisplaced(refused, i, s.Topology)
	if s.Topology == intent.Standalone {
		return s, refused.Problems
	}
	s.Masters, s.Replicas = numbersOf(i, s.Topology)
	named := namesFit(refused, i, s.Topology)
	s.Subnet = subnetOf(refused, i)
	if named {
		s.Members, s.Sentinels = membersOf(i, s)
	}
	s.Failover = failoverOf(refused, i, role, s)
	return s, refused.Problems
}

// numbersOf is how many masters a set has, and how many replicas each of them.
func numbersOf(i *intent.Intent, topology string) (masters, replicas int64) {
	masters, replicas = 1, defaultReplicas
	if topology == intent.Cluster {
		masters, replicas = defaultMasters, defaultClusterReplicas
		if i.Masters != 0 {
			masters = i.Masters
		}
	}
	if i.Replicas != 0 {
		replicas = i.Replicas
	}
	return masters, replicas
}

// SpareReplicas is how many replicas a master still has after a failover or a
// restart took one of them. Where masters have one replica each, none must be
// asked for: the promoted replica has none until the lost server is back, and a
// replica that restarts would stop every write.
func (s Set) SpareReplicas() int64 { return s.Replicas - 1 }

// Alone tells that there is one server, and no set.
func (s Set) Alone() bool { return s.Topology == intent.Standalone }

// needs says which topologies a key has a meaning in.
var needs = map[string][]string{
	"masters":               {intent.Cluster},
	"replicas":              {intent.Replicated, intent.Sentinel, intent.Cluster},
	"sentinels":             {intent.Sentinel},
	"quorum":                {intent.Sentinel},
	"down-after":            {intent.Sentinel, intent.Cluster},
	"min-replicas-to-write": {intent.Replicated, intent.Sentinel, intent.Cluster},
	"proxy":                 {intent.Sentinel},
	"subnet":                {intent.Replicated, intent.Sentinel, intent.Cluster},
}

// refuseMisplaced refuses keys of another topology, which would be without effect.
func refuseMisplaced(refused *intent.Refusals, i *intent.Intent, topology string) {
	if !i.Usable("topology") {
		return
	}
	for _, k := range intent.Keys {
		fitting, limited := needs[k.Name]
		if !limited || !i.Given(k.Name) || slices.Contains(fitting, topology) {
			continue
		}
		refused.Refuse(intent.Faultf(fmt.Sprintf("write topology = %s, or leave %s out", intent.Quoted(fitting), k.Name),
			"%s has no meaning with topology %q", k.Name, topology), k.Name)
	}
}

// namesFit tells that members can be named and counted, and refuses a name that
// leaves no room for theirs.
func namesFit(refused *intent.Refusals, i *intent.Intent, topology string) bool {
	const longest = 63 - len("-sentinel-9")
	if !i.Usable("name", "masters", "replicas", "sentinels") {
		return false
	}
	if len(i.Name) > longest {
		refused.Refuse(intent.Faultf("choose a shorter one", "with topology %q the name is the beginning of others: at most %d characters, not %d",
			topology, longest, len(i.Name)), "name")
		return false
	}
	return true
}

// membersOf names the servers, of which the first leads at the very first
// start, and the sentinels, and says where they live. A swarm says that itself.
func membersOf(i *intent.Intent, s Set) (servers, sentinels []Member) {
	in := s.Subnet
	if i.Target == intent.Swarm {
		in = netip.Prefix{}
	}
	servers = members(Member{Name: i.Name + "-", Volume: "data-", Label: i.Name + "-"}, s.Masters*(1+s.Replicas), in, subnet.FirstServer)
	if s.Topology != intent.Sentinel {
		return servers, nil
	}
	return servers, members(Member{Name: i.Name + "-sentinel-", Volume: "sentinel-", Label: i.Name + "-"}, cmp.Or(i.Sentinels, defaultSentinels), in, subnet.FirstSentinel)
}

// members are so many, behind whose names stands a number from 1, in a subnet
// from an address on.
func members(each Member, count int64, in netip.Prefix, first int) []Member {
	var list []Member
	for n := range int(count) {
		list = append(list, Member{
			Name: fmt.Sprint(each.Name, n+1), Volume: fmt.Sprint(each.Volume, n+1), Label: fmt.Sprint(each.Label, n+1), Address: subnet.At(in, first+n),
		})
	}
	return list
}

// subnetOf chooses the range in which every member has a fixed address. A
// stopped container's name leaves the engine's DNS, and a look-up that waits
// for an answer makes a sentinel lose its sense of time (TILT); addresses that
// are written down do neither. A swarm gives addresses itself, of the subnet of
// the intent where there is one.
func subnetOf(refused *intent.Refusals, i *intent.Intent) netip.Prefix {
	refuseSameNetwork(refused, i)
	chosen, key, what := i.Subnet, "subnet", "subnet %s"
	if !chosen.IsValid() {
		chosen, key, what = subnet.Of(i.Name), "name", "the subnet that belongs to this name, %s,"
	}
	if !i.Usable("name", "subnet") || key == "name" && i.Target == intent.Swarm {
		return netip.Prefix{}
	}
	if other, taken := subnet.Overlapping(chosen, i.Taken); taken {
		refused.Refuse(intent.Faultf(subnet.Hint(subnet.Of(i.Name), i.Taken), what+" overlaps %s in %q, line %d", chosen, other.Prefix, other.File, other.Line), key)
		return netip.Prefix{}
	}
	return chosen
}

// refuseSameNetwork refuses foreign networks with a name that the set's own one
// has, in docker-compose.yml or in the engine.
func refuseSameNetwork(refused *intent.Refusals, i *intent.Intent) {
	for _, name := range i.Networks {
		if name == OwnNetwork || name == networkNamed(i) {
			refused.Refuse(intent.Faultf("leave it out: the members join it anyway. Another project's network needs another name",
				"%q is the name of the set's own network", name), "networks")
		}
	}
}

// failoverOf decides when the master counts as lost, who says so, and what it
// must do without its replicas.
func failoverOf(refused *intent.Refusals, i *intent.Intent, role intent.Role, s Set) Failover {
	f := Failover{DownAfter: max(i.DownAfter, intent.LeastDownAfter), HandOver: handOver}
	if s.Topology == intent.Sentinel && i.Usable("sentinels", "quorum") {
		majority := int64(len(s.Sentinels)/2 + 1)
		refuseQuorum(refused, i, int64(len(s.Sentinels)), majority)
		f.Quorum = max(i.Quorum, majority)
	}
	if !i.Usable("min-replicas-to-write", "replicas") {
		return f
	}
	f.MinReplicas = min(role.MinReplicas, s.SpareReplicas())
	if i.Given("min-replicas-to-write") {
		f.MinReplicas = i.MinReplicas
	}
	if f.MinReplicas > s.Replicas {
		refused.Refuse(intent.Faultf(fmt.Sprintf("write at most min-replicas-to-write = %d", s.Replicas),
			"the master would refuse every write: it has %s, and would wait for %d", units.Count(s.Replicas, "replica"), f.MinReplicas), "min-replicas-to-write")
	}
	// Shorter than down-after, so that a master that is cut off refuses writes
	// before another one is promoted.
	f.MinReplicasMaxLag = max(int64(f.DownAfter/time.Second)-2, 3)
	return f
}

// refuseQuorum refuses a quorum that cannot be reached, and one that lets a
// minority call for a failover.
func refuseQuorum(refused *intent.Refusals, i *intent.Intent, count, majority int64) {
	if !i.Given("quorum") {
		return
	}
	switch {
	case i.Quorum > count:
		refused.Refuse(intent.Faultf(fmt.Sprintf("write quorum = %d", majority), "%d of %d sentinels can never agree", i.Quorum, count), "quorum")
	case i.Quorum < majority:
		refused.Refuse(intent.Faultf(fmt.Sprintf("write quorum = %d", majority),
			"%d of %d sentinels is no majority: those on the wrong side of a cut would call the master lost", i.Quorum, count), "quorum")
	}
}
