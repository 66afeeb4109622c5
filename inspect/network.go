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
	for _, port := range s.Config.Ports {
		// ${X}:6379 may hold an address and a port.
		known := unset.Known(port.HostIP) && (port.HostIP != "" || unset.Known(port.Published))
		ports = append(ports, Port{Text: port.Text, Container: port.Target, Address: port.HostIP, Known: known, At: port.Span})
	}
	return ports
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
		names = append(names, network.Aliases...)
		names = append(names, network.Addresses...)
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
