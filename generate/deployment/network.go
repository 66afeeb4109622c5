package deployment

import (
	"cmp"
	"net/netip"

	"github.com/rcomp/rcomp/generate/intent"
)

// Network is who reaches the servers, and where.
type Network struct {
	OwnNetwork    bool           // the deployment brings one
	Internal      bool           // with no way in or out
	NetworkName   string         // that clients join, as the engine calls it
	Networks      []string       // of the one server or, beside their own, of the members
	OtherNetworks []string       // that the intent names
	Host          netip.AddrPort // where the server listens in the host's own network; zero where it has another
	Publish       string         // where the host listens
	Port          int64          // that servers listen on; 0 where each has its own
	PlainPort     int64          // where TLS is spoken, that one server listens on without; 0 for none
}

// OwnNetwork is what docker-compose.yml calls the network that a deployment brings.
const OwnNetwork = "redis"

// networkNamed is what the engine calls it.
func networkNamed(i *intent.Intent) string { return i.Name + "_" + OwnNetwork }

// networkOf decides which networks there are, and which port of the host leads there.
func networkOf(i *intent.Intent, s Set, cluster *Cluster) (Network, []intent.Problem) {
	refused := i.Refusals()
	n := Network{NetworkName: networkNamed(i), Networks: []string{OwnNetwork}, OtherNetworks: i.Networks, Publish: i.Publish, Port: serverPort}
	at, onHost := onHostNetwork(i)
	switch {
	case onHost:
		refuseOnHostNetwork(refused, i, s)
		n.Host, n.Publish, n.Port = at, at.String(), int64(at.Port())
	case cluster != nil && cluster.Host.IsValid():
		n.Port = 0
	case s.Alone():
		n.Port, n.PlainPort = alonePorts(i)
	}
	n.OwnNetwork = !onHost && (len(i.Networks) == 0 || len(s.Members) > 0)
	n.Internal = n.OwnNetwork && i.Publish == ""
	if !n.OwnNetwork && len(i.Networks) > 0 {
		n.NetworkName, n.Networks = i.Networks[0], i.Networks
	}
	if i.ExporterAt != "" {
		refuseExporterNetwork(refused, i)
	}
	if i.Publish != "" && len(s.Sentinels) > 0 && !i.Proxy && i.Target != intent.Swarm { // refuseInSwarm refuses it whatever leads
		refused.Refuse(intent.Faultf("write proxy = true, let clients join the network "+n.NetworkName+", or write topology = \"replicated\"",
			"a published port stays with one server, but with sentinels the master moves"), "publish")
	}
	return n, refused.Problems
}

// alonePorts are where one server in a network of its own listens: by the
// intent's wish with TLS, and beside it without until clients have moved.
func alonePorts(i *intent.Intent) (port, plain int64) {
	if i.TLSPlainText {
		plain = serverPort
	}
	return cmp.Or(i.TLSPort, serverPort), plain
}

// hostDefault is where a server on the host's network listens unless the intent
// says otherwise.
var hostDefault = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), serverPort)

// onHostNetwork is where a server listens on the host's own network: on one
// address, with the port that the intent publishes; false where it has another
// network.
func onHostNetwork(i *intent.Intent) (netip.AddrPort, bool) {
	if i.NetworkMode != intent.NetworkModeHost || !i.Usable("network-mode", "publish") {
		return netip.AddrPort{}, false
	}
	if published, err := netip.ParseAddrPort(i.Publish); err == nil {
		return published, true
	}
	return hostDefault, true
}

// refuseOnHostNetwork refuses what has no place there.
func refuseOnHostNetwork(refused *intent.Refusals, i *intent.Intent, s Set) {
	switch {
	case i.Usable("target") && i.Target == intent.Swarm:
		refused.Refuse(intent.Faultf("leave network-mode or target out",
			"a swarm may start the server on any node, and 127.0.0.1 of another node is another server"), "network-mode")
	case i.Usable("topology") && !s.Alone():
		refused.Refuse(intent.Faultf("leave network-mode out, and let clients join the network of the set",
			"the members of a set know each other by an address each, and on the host's network they would all have the host's"), "network-mode")
	}
	if len(i.Networks) > 0 {
		refused.Refuse(intent.Faultf("leave networks or network-mode out", "a container on the host's network joins no other one"), "networks")
	}
	if i.Exporter {
		refused.Refuse(intent.Faultf("leave exporter or network-mode out",
			"the exporter has a network of its own, from which it does not reach a server that listens on the host alone"), "exporter")
	}
}

// refuseExporterNetwork refuses foreign networks with a name that the
// exporter's own one has.
func refuseExporterNetwork(refused *intent.Refusals, i *intent.Intent) {
	for _, name := range i.Networks {
		if name == intent.Exporter || name == i.Name+"_"+intent.Exporter {
			refused.Refuse(intent.Faultf("leave exporter-publish out, or let that network have another name", "%q is the name of the network that a published exporter brings", name), "networks")
		}
	}
}
