package deployment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
)

// Stack is what a plan has more where a swarm runs it.
type Stack struct {
	Servers          []Member // of a set, or the one server
	SecretsVersion   int64
	Encrypted        bool
	RestartCondition string
	RestartAttempts  string // empty for no limit
	CPUs             string // as YAML text, which the schema of stack files asks for
	Labels           []string
	OneNodeLabels    string         // --label-add for each label
	SpreadLabels     []SpreadLabel  // one node for each label
	Hosts            []StackHost    // over which a cluster is spread
	RollOrder        string         // services in the order of a rolling update, the first server last
	Services         string         // all of them
	Loss             []SurvivalLine // of nodes
}

// SpreadLabel is a label and the place of the node in a list that gets it.
type SpreadLabel struct {
	Label  string
	Number int
}

// LongestStackName leaves room for the name of a service in the swarm, NAME_NAME-sentinel-9, of which 63 characters are allowed (tried
// on engine 20.10.24). The longest name of a config, of which 64 are allowed, is shorter.
const LongestStackName = (63 - len("_-sentinel-9")) / 2

// chooseStack decides what differs where a swarm runs the plan, and refuses what a swarm cannot do.
func (d *decider) chooseStack() {
	i, p := d.intent, &d.plan
	if !i.Usable("target") {
		return
	}
	if i.Target != intent.Swarm {
		d.refuseWithoutSwarm("secrets-version", "encrypted")
		return
	}
	d.refuseInSwarm()
	p.Stack = &Stack{SecretsVersion: max(i.SecretsVersion, 1), Encrypted: i.Encrypted, Servers: p.Members}
	if p.Topology == intent.Standalone {
		p.Stack.Servers = []Member{{Name: i.Name, Key: yamlWord(i.Name), Volume: "data", Label: i.Name}}
	}
	p.Stack.restart(i.Restart)
	if i.CPUs != "" {
		p.Stack.CPUs = fmt.Sprintf("%q", i.CPUs)
	}
}

func (d *decider) refuseWithoutSwarm(names ...string) {
	for _, name := range names {
		if d.intent.Given(name) {
			d.refuse(intent.Faultf(`write target = "swarm", or leave `+name+" out", "%s has no meaning with target %q", name, intent.Compose), name)
		}
	}
}

func (d *decider) refuseInSwarm() {
	i := d.intent
	d.refuseClusterInSwarm()
	if i.Publish != "" {
		d.refuse(intent.Faultf("leave publish out, and let clients join the network of the stack",
			"a swarm has no address of a host for a port: it would open it on every node and every interface"), "publish")
	}
	if i.Usable("name") && len(i.Name) > LongestStackName {
		d.refuse(intent.Faultf("choose a shorter one",
			"with target %q the name is part of others: at most %d characters, not %d", intent.Swarm, LongestStackName, len(i.Name)), "name")
		return
	}
	d.refuseLongUsers()
}

// longestUserSecret is what the names of a set and of a user may have together, for NAME_user-USER-password_9999 to be a secret's name, of
// which 64 characters are allowed.
const longestUserSecret = 64 - len("_user--password_9999")

func (d *decider) refuseLongUsers() {
	i := d.intent
	for _, user := range i.Users {
		if room := longestUserSecret - len(i.Name); i.Usable("name") && len(user.Name) > room {
			d.problems = append(d.problems, i.UserProblem(user, "name", intent.Faultf("choose a shorter one",
				"with target %q the user's name is part of a secret's: behind the name %q at most %d characters, not %d", intent.Swarm, i.Name, room, len(user.Name))))
		}
	}
}

// restart says in the swarm's words when a container is started again. A swarm has none for a person's docker stop: it replaces what stops.
func (s *Stack) restart(policy string) {
	condition, attempts, _ := strings.Cut(policy, ":")
	switch condition {
	case "no":
		s.RestartCondition = "none"
	case "on-failure":
		s.RestartCondition, s.RestartAttempts = condition, attempts
	default:
		s.RestartCondition = "any"
	}
}

// labels are those of the servers and sentinels, each once and in order.
func (d *decider) labels() []string {
	var all []string
	for _, list := range [][]Member{d.plan.Stack.Servers, d.plan.Sentinels} {
		for _, member := range list {
			if !slices.Contains(all, member.Label) {
				all = append(all, member.Label)
			}
		}
	}
	return all
}

// describeStack fills in what the README of a stack has more.
func (d *decider) describeStack() {
	p := &d.plan
	if p.Stack == nil {
		return
	}
	s := p.Stack
	s.Labels = d.labels()
	for n, label := range s.Labels {
		s.OneNodeLabels += " --label-add " + label + "=yes"
		s.SpreadLabels = append(s.SpreadLabels, SpreadLabel{label, n + 1})
	}
	s.OneNodeLabels = strings.TrimSpace(s.OneNodeLabels)
	s.RollOrder = names(append(append([]Member{}, s.Servers[1:]...), s.Servers[0]))
	s.Services = strings.TrimSpace(names(s.Servers) + " " + names(p.Sentinels))
	s.Loss = d.nodeLoss()
	d.spreadCluster()
}

// nodeLoss says what the loss of a node means, which depends on how the labels are spread.
func (d *decider) nodeLoss() []SurvivalLine {
	lines := []SurvivalLine{{"the only node is lost", "everything until it is back"}}
	if len(d.plan.Sentinels) == 0 {
		return append(lines, SurvivalLine{"one of several nodes is lost", "what it ran is away until it is back, since the volume is there: a replica, or with the master all writes"})
	}
	return append(lines,
		SurvivalLine{"one node of three is lost, each with one label", "as a crash of its server and sentinel: another server takes over"},
		SurvivalLine{"two nodes of three are lost", "no majority of the sentinels: nobody takes over, and a swarm of three managers takes no commands"})
}

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
