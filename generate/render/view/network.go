package view

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/deployment/subnet"
)

// What files say of networks, addresses and ports.

// Networks are those of the one server, as YAML has them.
func (v View) Networks() []string { return words(v.Plan.Networks) }

// OtherNetworks are those that the intent names.
func (v View) OtherNetworks() []string { return words(v.Plan.OtherNetworks) }

// HostAddress is where a server listens in the host's own network, "" where it
// has another.
func (v View) HostAddress() string {
	if !v.Host.IsValid() {
		return ""
	}
	return v.Host.Addr().String()
}

// Ports are where the host listens for one server, and on which port of it: for
// TLS beside plain text under the server's own number.
func (v View) Ports() []string {
	published, err := netip.ParseAddrPort(v.Publish)
	switch {
	case err != nil:
		return nil
	case v.PlainPort != 0:
		return []string{fmt.Sprintf("%s:%d", v.Publish, v.PlainPort), fmt.Sprintf("%s:%d", v.PublishedTLS(), v.Port)}
	}
	return []string{fmt.Sprintf("%s:%d", published, v.Port)}
}

// PublishedTLS is where the host listens for TLS beside plain text.
func (v View) PublishedTLS() string {
	published, err := netip.ParseAddrPort(v.Publish)
	if err != nil {
		return ""
	}
	return netip.AddrPortFrom(published.Addr(), uint16(v.Port)).String()
}

// Subnet is the range of the members, "" where whoever runs them chooses.
func (v View) Subnet() string {
	if !v.Plan.Subnet.IsValid() {
		return ""
	}
	return v.Plan.Subnet.String()
}

// FreeAddresses is the part of the subnet for containers without a fixed address.
func (v View) FreeAddresses() string { return subnet.Upper(v.Plan.Subnet).String() }

// Hosts are all that have a fixed address.
func (v View) Hosts() []deployment.Member {
	hosts := slices.Concat(v.Members, v.Sentinels)
	if v.Proxy != nil {
		hosts = append(hosts, v.Proxy.Member)
	}
	return hosts
}
