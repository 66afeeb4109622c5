package deployment

import (
	"fmt"
	"net/netip"

	"github.com/rcomp/rcomp/generate/intent"
)

func (d *decider) chooseNetwork() {
	i, p := d.intent, &d.plan
	p.Source, p.elsewhere, p.Name, p.Service = i.Cited(), i.Asked, i.Name, yamlWord(i.Name)
	at, onHost := onHostNetwork(&i)
	switch {
	case onHost:
		p.HostAddress, p.Publish, p.Port = at.Addr().String(), at.String(), fmt.Sprint(at.Port())
	case p.Cluster != nil && p.Cluster.Host != "":
		p.Publish = i.Publish // and each node has a port of its own
	default:
		p.Publish, p.Port = i.Publish, fmt.Sprint(serverPort)
	}
	p.OwnNetwork = !onHost && (len(i.Networks) == 0 || len(p.Members) > 0)
	p.Internal = p.OwnNetwork && i.Publish == ""
	p.NetworkName = i.Name + "_redis"
	p.Networks = []string{"redis"}
	for _, name := range i.Networks {
		p.OtherNetworks = append(p.OtherNetworks, yamlWord(name))
	}
	if !p.OwnNetwork && len(i.Networks) > 0 {
		p.NetworkName = i.Networks[0]
		p.Networks = p.OtherNetworks
	}
	if i.ExporterAt != "" {
		d.refuseExporterNetwork()
	}
	if i.Publish != "" && len(p.Sentinels) > 0 && !i.Proxy && i.Target != intent.Swarm { // refuseInSwarm refuses it whatever leads
		d.refuse(intent.Faultf("write proxy = true, let clients join the network "+p.NetworkName+", or write topology = \"replicated\"",
			"a published port stays with one server, but with sentinels the master moves"), "publish")
	}
}

// hostDefault is where a server on the host's network listens unless the intent says otherwise.
var hostDefault = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), serverPort)

// onHostNetwork is where a server listens on the host's own network: on one address, with the port that the intent publishes; false where it has
// another network.
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
func (d *decider) refuseOnHostNetwork() {
	i := d.intent
	if _, on := onHostNetwork(&i); !on {
		return
	}
	switch {
	case i.Usable("target") && i.Target == intent.Swarm:
		d.refuse(intent.Faultf("leave network-mode or target out",
			"a swarm may start the server on any node, and 127.0.0.1 of another node is another server"), "network-mode")
	case i.Usable("topology") && d.plan.Topology != intent.Standalone:
		d.refuse(intent.Faultf("leave network-mode out, and let clients join the network of the set",
			"the members of a set know each other by an address each, and on the host's network they would all have the host's"), "network-mode")
	}
	if len(i.Networks) > 0 {
		d.refuse(intent.Faultf("leave networks or network-mode out", "a container on the host's network joins no other one"), "networks")
	}
	if i.Exporter {
		d.refuse(intent.Faultf("leave exporter or network-mode out",
			"the exporter has a network of its own, from which it does not reach a server that listens on the host alone"), "exporter")
	}
}
