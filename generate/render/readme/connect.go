package readme

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment"
)

// Connect is what clients have to know.
func (r Readme) Connect() []string {
	network := row("network", "`"+r.NetworkName+"`"+where(r.isSet(), r.AlsoNetworks()))
	switch {
	case r.isOne() && r.byCompose():
		return r.connectOne()
	case r.isOne():
		return []string{network, row("address", r.addressOfOne()), row("user and password", r.UsersText())}
	case r.hasSentinels():
		return []string{
			network,
			row("sentinels", r.sentinelEndpoints()),
			row("password of the sentinels", "content of `secrets/sentinel-password`"),
			row("name of the set", "`"+r.PrimaryName()+"`"),
			row("user and password"+where(r.byCompose(), " of the servers"), r.UsersText()),
		}
	}
	rows := []string{
		network,
		row("master, for writes", "`"+r.Leader()+":6379`"),
		row("replicas, for reads that may be a moment old", r.replicaEndpoints()),
	}
	if r.Publish != "" {
		rows = append(rows, row("master, from the host", "`"+r.Publish+"`"))
	}
	return append(rows, row("user and password", r.UsersText()))
}

func (r Readme) connectOne() []string {
	inside, outside := fmt.Sprintf("%s on the network `%s`", r.addressOfOne(), r.NetworkName), "no port is published; use the shell below"
	if r.onHost() {
		inside = "only from one that has `network_mode: host` as well"
	}
	if r.Publish != "" {
		outside = "`" + r.Publish + "`"
	}
	if r.Publish != "" && r.besidePlain() {
		outside = withoutTLS(r.PublishedTLS(), r.Publish)
	}
	rows := []string{row("from a container", inside), row("from the host", outside)}
	if r.hasUsers() {
		return append(rows, row("users", "see below"))
	}
	return append(rows, row("user", "`default`"), row("password", "content of `secrets/redis-password`"))
}

// addressOfOne is where one server answers in its network.
func (r Readme) addressOfOne() string {
	address := fmt.Sprintf("%s:%d", r.Name, r.Port)
	if r.besidePlain() {
		return withoutTLS(address, fmt.Sprintf("%s:%d", r.Name, r.PlainPort))
	}
	return "`" + address + "`"
}

// withoutTLS are two addresses, of which the second one is for clients that
// have not moved.
func withoutTLS(address, plain string) string {
	return fmt.Sprintf("`%s`, or without TLS `%s`", address, plain)
}

// ProxyRows are where the proxy listens.
func (r Readme) ProxyRows() []string {
	rows := []string{row("on these networks", "`"+r.Proxy.Name+":6379`")}
	if r.Publish != "" {
		rows = append(rows, row("from the host", "`"+r.Publish+"`"))
	}
	return rows
}

// Leader is the server that leads at the first start, or the one server.
func (r Readme) Leader() string {
	if r.isOne() {
		return r.Name
	}
	return r.Members[0].Name
}

// FirstSentinel is one of the sentinels.
func (r Readme) FirstSentinel() string { return r.Sentinels[0].Name }

// Takers are the servers that take the keys of another deployment: of a set
// all, since any may lead; of a cluster one, which knows where each key belongs.
func (r Readme) Takers() string {
	const port = ":6379"
	switch {
	case r.Cluster != nil:
		return fmt.Sprintf("%s:%d", r.First().Name, r.First().Port)
	case r.isOne():
		return r.Name + port
	}
	var all []string
	for _, member := range r.Members {
		all = append(all, member.Name+port)
	}
	return strings.Join(all, " ")
}

// First is the first node of a cluster.
func (r Readme) First() deployment.Node { return r.Cluster.Nodes[0] }

// AlsoNetworks are the further ones that members are on.
func (r Readme) AlsoNetworks() string {
	var text string
	for _, network := range r.OtherNetworks() {
		text += ", `" + network + "`"
	}
	return text
}

// replicaEndpoints are where the replicas answer after the first start.
func (r Readme) replicaEndpoints() string { return endpoints(r.Members[1:], 6379) }

// sentinelEndpoints are where the sentinels answer.
func (r Readme) sentinelEndpoints() string { return endpoints(r.Sentinels, 26379) }

func endpoints(list []deployment.Member, port int) string {
	var all []string
	for _, member := range list {
		all = append(all, fmt.Sprintf("`%s:%d`", member.Name, port))
	}
	return strings.Join(all, ", ")
}

// NodeEndpoints are where the nodes of a cluster answer.
func (r Readme) NodeEndpoints() string {
	var all []string
	for _, node := range r.Cluster.Nodes {
		all = append(all, fmt.Sprintf("`%s:%d`", node.Name, node.Port))
	}
	return strings.Join(all, ", ")
}

// AddressOrName heads the column of what clients of a cluster ask for.
func (r Readme) AddressOrName() string {
	if r.published() {
		return "address"
	}
	return "name"
}

// PortsText are the ports that the host publishes for a cluster.
func (r Readme) PortsText() string {
	nodes := r.Cluster.Nodes
	return fmt.Sprintf("%d to %d", nodes[0].Port, nodes[len(nodes)-1].Port)
}

// OrAnother is for clients on further networks.
func (r Readme) OrAnother() string {
	return where(len(r.OtherNetworks()) > 0, " or another that the nodes are on")
}

// SentOnBy says how a cluster sends clients on.
func (r Readme) SentOnBy() string {
	if r.Cluster.AnnouncesName {
		return "The cluster sends them on by names."
	}
	return fmt.Sprintf("The cluster sends them on by addresses: %s announces no names.", r.Release)
}

// BusAsks says what keeps others off the bus of a cluster.
func (r Readme) BusAsks() string {
	if r.encrypted() {
		return " but\nfor a certificate of the authority: whoever has one, and is on this network,"
	}
	return ": whoever is on\nthis network"
}

// UsersText says who clients log in as.
func (r Readme) UsersText() string {
	if r.Named {
		return "one of the users above, content of its secret"
	}
	return "`default`, content of `secrets/redis-password`"
}

// NorEncrypts is what a proxy leaves out.
func (r Readme) NorEncrypts() string { return where(!r.encrypted(), ", and it does not encrypt") }

// NotEncrypted is a warning where there is no TLS.
func (r Readme) NotEncrypted() string { return where(!r.encrypted(), "Traffic is not encrypted. ") }

// Meanwhile is what clients wait for.
func (r Readme) Meanwhile() string {
	if r.hasSentinels() {
		return "another server takes over"
	}
	return "the master restarts"
}

// NoReplicas is an error that clients may get.
func (r Readme) NoReplicas() string { return where(r.MinReplicas > 0, ", `NOREPLICAS`") }

// SentinelPasswords are passwords that members of a set with sentinels have more.
func (r Readme) SentinelPasswords() string {
	return where(r.hasSentinels(), ", `monitor-password` and `sentinel-password`")
}

// ForAUser says whose password is changed where there are several.
func (r Readme) ForAUser() string {
	return where(r.hasUsers(), " for a user, and puts it into the user's file")
}
