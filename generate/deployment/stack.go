package deployment

import (
	"slices"

	"github.com/rcomp/rcomp/generate/intent"
)

// Stack is what a deployment has more where a swarm runs it.
type Stack struct {
	Servers        []Member // of a set, or the one server
	SecretsVersion int64
	Encrypted      bool
	Labels         []string // of the servers and sentinels, each once and in order
	Hosts          []Host   // over which a cluster is spread
}

// Host is a node of the swarm, and what a cluster has there when it is formed.
type Host struct {
	Number  int // in a list
	Members []Placed
}

// Placed is a node of a cluster on a node of the swarm.
type Placed struct {
	Member
	Follows string // its master; empty for one itself
}

// LongestStackName leaves room for the name of a service in the swarm,
// NAME_NAME-sentinel-9, of which 63 characters are allowed (tried on engine
// 20.10.24). The longest name of a config, of which 64 are allowed, is shorter.
const LongestStackName = (63 - len("_-sentinel-9")) / 2

// stackOf decides what differs where a swarm runs the deployment, and refuses
// what a swarm cannot do.
func stackOf(i *intent.Intent, s Set) (*Stack, []intent.Problem) {
	if !i.Usable("target") {
		return nil, nil
	}
	refused := i.Refusals()
	if i.Target != intent.Swarm {
		refuseWithoutSwarm(refused, i, "secrets-version", "encrypted")
		return nil, refused.Problems
	}
	refuseInSwarm(refused, i)
	servers := s.Members
	if s.Alone() {
		servers = []Member{{Name: i.Name, Volume: "data", Label: i.Name}}
	}
	stack := &Stack{SecretsVersion: max(i.SecretsVersion, 1), Encrypted: i.Encrypted, Servers: servers, Labels: labelsOf(servers, s.Sentinels)}
	if s.Topology == intent.Cluster {
		stack.Hosts = spread(s.Members, s.Masters)
	}
	return stack, refused.Problems
}

func refuseWithoutSwarm(refused *intent.Refusals, i *intent.Intent, names ...string) {
	for _, name := range names {
		if i.Given(name) {
			refused.Refuse(intent.Faultf(`write target = "swarm", or leave `+name+" out", "%s has no meaning with target %q", name, intent.Compose), name)
		}
	}
}

func refuseInSwarm(refused *intent.Refusals, i *intent.Intent) {
	if i.Publish != "" {
		refused.Refuse(intent.Faultf("leave publish out, and let clients join the network of the stack",
			"a swarm has no address of a host for a port: it would open it on every node and every interface"), "publish")
	}
	if i.Usable("name") && len(i.Name) > LongestStackName {
		refused.Refuse(intent.Faultf("choose a shorter one",
			"with target %q the name is part of others: at most %d characters, not %d", intent.Swarm, LongestStackName, len(i.Name)), "name")
		return
	}
	refuseLongUsers(refused, i)
}

// longestUserSecret is what the names of a set and of a user may have together,
// for NAME_user-USER-password_9999 to be a secret's name, of which 64
// characters are allowed.
const longestUserSecret = 64 - len("_user--password_9999")

func refuseLongUsers(refused *intent.Refusals, i *intent.Intent) {
	for _, user := range i.Users {
		if room := longestUserSecret - len(i.Name); i.Usable("name") && len(user.Name) > room {
			refused.RefuseUser(user, "name", intent.Faultf("choose a shorter one",
				"with target %q the user's name is part of a secret's: behind the name %q at most %d characters, not %d", intent.Swarm, i.Name, room, len(user.Name)))
		}
	}
}

func labelsOf(lists ...[]Member) []string {
	var all []string
	for _, member := range slices.Concat(lists...) {
		if !slices.Contains(all, member.Label) {
			all = append(all, member.Label)
		}
	}
	return all
}

// spread says which members go to which node of the swarm, so that no shard is
// on one node and the loss of a node leaves a majority of the masters.
func spread(members []Member, masters int64) []Host {
	hosts := make([]Host, hostsFor(masters))
	for n := range hosts {
		hosts[n].Number = n + 1
	}
	for n, member := range members {
		shard, turn := int64(n)%masters, int64(n)/masters
		placed := Placed{Member: member}
		if turn > 0 {
			placed.Follows = members[shard].Name
		}
		host := &hosts[(shard+turn)%int64(len(hosts))]
		host.Members = append(host.Members, placed)
	}
	return hosts
}

// hostsFor is the fewest nodes of a swarm, and at least three for a majority of
// managers, of which any may be lost: most masters are on the others.
func hostsFor(masters int64) int64 {
	for hosts := int64(3); ; hosts++ {
		lost := (masters + hosts - 1) / hosts
		if (masters-lost)*2 > masters {
			return hosts
		}
	}
}
