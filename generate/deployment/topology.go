package deployment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Member is one container of a set: a server or a sentinel.
type Member struct {
	Name    string // of the service, which is also the name that others know it by
	Key     string // the name as YAML wants it
	Address string // fixed, in the set's subnet
	Volume  string
	Label   string // of the swarm node that has the volume; a server and a sentinel of the same number share it
	Port    int64  // that clients use
	Publish string // where the host listens for a node of a cluster, empty where it does not
	Setting string // line of redis.conf that a node of a cluster has alone, as YAML wants it
}

const (
	defaultReplicas  = 2
	defaultSentinels = 3
	// handOver is how long a master that is told to stop waits for another to take over. It took 1.5 to 3 s on an idle machine (tried).
	handOver = 15 * time.Second
)

// replicas is how many replicas the master of a set has.
func (d *decider) replicas() int64 {
	switch {
	case d.plan.Topology == intent.Standalone:
		return 0
	case d.intent.Replicas == 0 && d.plan.Topology == intent.Cluster:
		return defaultClusterReplicas
	case d.intent.Replicas == 0:
		return defaultReplicas
	}
	return d.intent.Replicas
}

// chooseTopology decides who the members are and where they live.
func (d *decider) chooseTopology() {
	i, p := d.intent, &d.plan
	p.Topology = intent.Standalone
	if i.Topology != "" && i.Usable("topology") {
		p.Topology = i.Topology
	}
	d.refuseMisplaced()
	if p.Topology == intent.Standalone {
		return
	}
	d.chooseMembers()
	d.chooseSubnet()
	d.chooseFailover()
	d.chooseCluster()
}

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
func (d *decider) refuseMisplaced() {
	if !d.intent.Usable("topology") {
		return
	}
	for _, k := range intent.Keys {
		fitting, limited := needs[k.Name]
		if !limited || !d.intent.Given(k.Name) || slices.Contains(fitting, d.plan.Topology) {
			continue
		}
		d.refuse(intent.Faultf(fmt.Sprintf("write topology = %s, or leave %s out", intent.Quoted(fitting), k.Name),
			"%s has no meaning with topology %q", k.Name, d.plan.Topology), k.Name)
	}
}

// chooseMembers names the servers, of which the first leads at the very first start, and the sentinels.
func (d *decider) chooseMembers() {
	i, p := d.intent, &d.plan
	if !i.Usable("name", "masters", "replicas", "sentinels") {
		return
	}
	const longestName = 63 - len("-sentinel-9")
	if len(i.Name) > longestName {
		d.refuse(intent.Faultf("choose a shorter one", "with topology %q the name is the beginning of others: at most %d characters, not %d",
			p.Topology, longestName, len(i.Name)), "name")
		return
	}
	p.Members = members(i.Name+"-", "data-", i.Name+"-", d.masters()*(1+d.replicas()))
	if p.Topology == intent.Sentinel {
		count := i.Sentinels
		if count == 0 {
			count = defaultSentinels
		}
		p.Sentinels = members(i.Name+"-sentinel-", "sentinel-", i.Name+"-", count)
	}
	p.PrimaryName = i.Name
	p.MemberNames, p.SentinelNames = names(p.Members), names(p.Sentinels)
	p.SentinelList = cmp.Or(p.SentinelNames, `""`)
}

func members(prefix, volume, label string, count int64) []Member {
	var list []Member
	for n := int64(1); n <= count; n++ {
		name := fmt.Sprint(prefix, n)
		list = append(list, Member{Name: name, Key: yamlWord(name), Volume: fmt.Sprint(volume, n), Label: fmt.Sprint(label, n)})
	}
	return list
}

func names(list []Member) string {
	var all []string
	for _, member := range list {
		all = append(all, member.Name)
	}
	return strings.Join(all, " ")
}

// chooseFailover decides when the master counts as lost, who says so, and what it must do without its replicas.
func (d *decider) chooseFailover() {
	i, p := d.intent, &d.plan
	downAfter := max(i.DownAfter, intent.LeastDownAfter)
	p.DownAfter = units.Milliseconds(downAfter)
	p.FailoverTimeout = units.Milliseconds(2 * downAfter)
	p.HandOver = units.Seconds(handOver)
	p.HandOverSeconds = strings.TrimSuffix(p.HandOver, "s")
	if p.Topology == intent.Sentinel && i.Usable("sentinels", "quorum") {
		majority := int64(len(p.Sentinels)/2 + 1)
		d.checkQuorum(majority)
		p.Quorum = max(i.Quorum, majority)
	}
	if !i.Usable("min-replicas-to-write", "replicas") {
		return
	}
	p.MinReplicas = min(d.role.MinReplicas, d.spareReplicas())
	if i.Given("min-replicas-to-write") {
		p.MinReplicas = i.MinReplicas
	}
	if p.MinReplicas > d.replicas() {
		d.refuse(intent.Faultf(fmt.Sprintf("write at most min-replicas-to-write = %d", d.replicas()),
			"the master would refuse every write: it has %s, and would wait for %d", units.Count(d.replicas(), "replica"), p.MinReplicas), "min-replicas-to-write")
	}
	// Shorter than down-after, so that a master that is cut off refuses writes before another one is promoted.
	p.MinReplicasMaxLag = max(int64(downAfter/time.Second)-2, 3)
}

// checkQuorum refuses a quorum that cannot be reached, and one that lets a minority call for a failover.
func (d *decider) checkQuorum(majority int64) {
	i := d.intent
	if !i.Given("quorum") {
		return
	}
	count := int64(len(d.plan.Sentinels))
	switch {
	case i.Quorum > count:
		d.refuse(intent.Faultf(fmt.Sprintf("write quorum = %d", majority), "%d of %d sentinels can never agree", i.Quorum, count), "quorum")
	case i.Quorum < majority:
		d.refuse(intent.Faultf(fmt.Sprintf("write quorum = %d", majority),
			"%d of %d sentinels is no majority: those on the wrong side of a cut would call the master lost", i.Quorum, count), "quorum")
	}
}
