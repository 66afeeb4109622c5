package inspect

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Port is a port that a service publishes on the host.
type Port struct {
	Text      string // as written
	Container string // the port in the container, or a range
	Address   string // "" all interfaces
	Known     bool   // the address is
	Variable  string // that the port of the host is, and that may bring an address with it; "" none
	At        position.Span
}

// Ports returns what a service publishes, in the order of the files.
func (s *Service) Ports() []Port {
	var ports []Port
	for _, port := range s.Config.Ports {
		variable := ""
		if port.HostIP == "" && port.Short && unset.Known(port.Target) {
			variable = onlyVariable(port.Published)
		}
		known := unset.Known(port.HostIP) && (port.HostIP != "" || unset.Known(port.Published) || !port.Short)
		ports = append(ports, Port{Text: port.Text, Container: port.Target, Address: port.HostIP, Known: known, Variable: variable, At: port.Span})
	}
	return ports
}

// onlyVariable returns the variable that a text is and nothing else, as a
// person would write it; "" for any other text.
func onlyVariable(text string) string {
	if variables := unset.VariablesIn(text); len(variables) == 1 && variables[0].Mark() == text {
		return variables[0].String()
	}
	return ""
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
