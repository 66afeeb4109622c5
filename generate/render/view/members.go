package view

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
)

// What files say of members, be they servers of a set or nodes of a cluster,
// and of one server.

// Member is what a server is called in programs and files.
func (v View) Member() string {
	if v.Cluster != nil {
		return "node"
	}
	return "server"
}

// MemberMounts are the files of a server.
func (v View) MemberMounts() []Mount { return v.Mounts[string(v.memberKind())] }

// StartsHow goes on with what the start program does, up to the entrypoint.
func (v View) StartsHow() string {
	if v.Cluster != nil {
		return "puts the addresses of nodes.conf right, and starts\n# the server through"
	}
	return "finds out whom to follow, and starts the server\n# through"
}

// MemberStart is how long a server may take until it is healthy, and
// MemberWaits what for beside its data.
func (v View) MemberStart() string {
	if v.Cluster != nil && v.Stack == nil {
		return v.ClusterStart()
	}
	return v.StartPeriod()
}

// MemberWaits is what a member waits for beside its data.
func (v View) MemberWaits() string {
	if v.Cluster != nil && v.Stack == nil {
		return ", and a minute until the last node answers"
	}
	return ""
}

// OtherFiles are what a server has open beside its clients and its own files.
func (v View) OtherFiles() string {
	if v.Cluster != nil {
		return " and the other nodes"
	}
	return ""
}

// Alive is what being healthy means to a swarm.
func (v View) Alive() string {
	if v.Cluster != nil {
		return "gives a name only to what is healthy. So a node that loads, that has no link to its master,\n# that finds no cluster or that waits before it starts its server is healthy."
	}
	return "brings clients to it only once it is healthy. So a server that loads, that lost its\n# master, whose disk is full or that waits to learn whom to follow is healthy: any reply is life."
}

// CreatorReads is what the container that forms a cluster needs its capability for.
func (v View) CreatorReads() string {
	if v.TLS != nil {
		return "secrets whoever owns them"
	}
	return "password whoever owns it"
}

// NodeList is name and port of each node, with blanks between.
func (v View) NodeList() string {
	var all []string
	for _, node := range v.Cluster.Nodes {
		all = append(all, fmt.Sprintf("%s:%d", node.Name, node.Port))
	}
	return strings.Join(all, " ")
}

// NodeView is a node of a cluster as files have it.
type NodeView struct {
	deployment.Node
	Setting string // line of redis.conf that it has alone
	Publish string // where the host listens for it, empty where it does not
}

// Nodes are those of a cluster.
func (v View) Nodes() []NodeView {
	var all []NodeView
	for _, node := range v.Cluster.Nodes {
		view := NodeView{Node: node, Setting: Word(v.ownSetting(node))}
		if v.Cluster.Host.IsValid() {
			view.Publish = fmt.Sprintf("%s:%d:%d", v.Cluster.Host, node.Port, node.Port)
		}
		all = append(all, view)
	}
	return all
}

// ownSetting is what redis.conf leaves to each node: the port, where the host
// publishes one for each, or the name, where clients are sent to names.
func (v View) ownSetting(node deployment.Node) string {
	switch {
	case v.Port == 0 && v.TLS != nil:
		return fmt.Sprintf("tls-port %d", node.Port)
	case v.Port == 0:
		return fmt.Sprintf("port %d", node.Port)
	case v.Cluster.AnnouncesName:
		return "cluster-announce-hostname " + node.Name
	}
	return ""
}

// Alone is what the files say of one server, with users or with a password alone.
type Alone struct {
	Puts, Password string // words of a comment
	Secret, CLI    string // of the health check
}

// Alone is the view of one server.
func (v View) Alone() Alone {
	if len(v.Users) > 0 {
		return Alone{"users into files", "No password is", credentials.HealthPassword, v.CLI() + " --user health"}
	}
	return Alone{"password into one file", "The password is never", credentials.DefaultPassword, v.CLI()}
}

// What a stack alone has.

// RestartCondition and RestartAttempts say in the swarm's words when a
// container is started again. A swarm has none for a person's docker stop: it
// replaces what stops.
func (v View) RestartCondition() string {
	switch condition, _, _ := strings.Cut(v.Plan.Restart, ":"); condition {
	case "no":
		return "none"
	case "on-failure":
		return condition
	}
	return "any"
}

// RestartAttempts is how often, empty for no limit.
func (v View) RestartAttempts() string {
	_, attempts, _ := strings.Cut(v.Plan.Restart, ":")
	return attempts
}

// StackCPUs is a text, which the schema of stack files asks for.
func (v View) StackCPUs() string {
	if v.CPUs == "" {
		return ""
	}
	return strconv.Quote(v.CPUs)
}
