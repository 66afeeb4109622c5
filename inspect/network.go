package inspect

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Port is a port that a service publishes on the host.
type Port struct {
	Text      string // as written
	Container string // the port in the container, or a range
	Address   string // "" all interfaces
	Known     bool   // the address is
	At        position.Span
}

// Ports returns what a service publishes, in the order of the files.
func (s *Service) Ports() []Port {
	var ports []Port
	for _, item := range s.Items("ports") {
		if text := item.Text(); text != "" {
			ports = append(ports, shortPort(text, item.Span))
			continue
		}
		target, at, _ := item.Field("target")
		address, _, _ := item.Field("host_ip")
		published, _, ok := item.Field("published")
		if !ok {
			published = "a random port"
		}
		ports = append(ports, Port{Text: published + ":" + target, Container: target, Address: address, Known: unset.Known(address), At: at})
	}
	return ports
}

// shortPort reads [address:][published:]container[/protocol].
func shortPort(text string, at position.Span) Port {
	port := Port{Text: text, Known: true, At: at}
	plain, _, _ := strings.Cut(text, "/")
	last := strings.LastIndex(plain, ":")
	port.Container = plain[last+1:]
	if last < 0 {
		port.Known = unset.Known(plain)
		return port
	}
	rest := plain[:last]
	if cut := strings.LastIndex(rest, ":"); cut >= 0 && !strings.HasSuffix(rest, "]") {
		port.Address = strings.Trim(rest[:cut], "[]")
	}
	// ${X}:6379 may hold an address and a port.
	port.Known = unset.Known(port.Address) && (port.Address != "" || unset.Known(rest))
	return port
}

// Everywhere reports whether a port is certainly published on all interfaces.
func (p Port) Everywhere() bool {
	if !p.Known {
		return false
	}
	address, err := netip.ParseAddr(p.Address)
	return !strings.HasSuffix(p.Text, "/udp") && (p.Address == "" || err == nil && address.IsUnspecified())
}

// OnHost reports whether the service uses the host's network itself.
func (s *Service) OnHost() bool { return s.Config.NetworkMode == "host" }

// Names returns the names under which other services of the project reach
// this one.
func (s *Service) Names() []string {
	names := []string{s.Name}
	for _, name := range []string{s.Config.ContainerName, s.Config.Hostname} {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, network := range s.Config.Networks {
		if network != nil {
			names = append(names, network.Aliases...)
			names = append(names, network.Ipv4Address, network.Ipv6Address)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	slices.Sort(names)
	return slices.Compact(names)
}

// Reached returns the service of the project that a host name or an address
// leads to; nil where none is certain.
func Reached(project *compose.Project, host string) *Service {
	for _, service := range Services(project) {
		if slices.Contains(service.Names(), host) {
			return service
		}
	}
	return nil
}
