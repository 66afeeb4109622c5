package inspect

import (
	"slices"

	"github.com/rcomp/rcomp/lint/compose"
)

// Neighbours says who shares a network with a service: how many services of the
// project, and which of its networks is made by somebody else, who may put
// anything there; "" where none is.
func (s *Service) Neighbours() (count int, external string) {
	own := networksOf(s.Service)
	for _, name := range own {
		network := s.Project.Value("networks", name, "external")
		if network != nil && network.Text != "false" && external == "" {
			external = name
		}
	}
	for _, other := range s.Project.Services {
		if other.Name != s.Name && ShareNetwork(s.Service, other) {
			count++
		}
	}
	return count, external
}

// IsJoined reports whether another service lives in the network of this one, as
// a proxy beside it does: it reaches what listens on the loopback interface.
func (s *Service) IsJoined() bool {
	return slices.ContainsFunc(s.Project.Services, func(other *compose.Service) bool {
		mode := other.Config.NetworkMode
		return mode == "service:"+s.Name || s.Config.ContainerName != "" && mode == "container:"+s.Config.ContainerName
	})
}

// ShareNetwork reports whether two services reach each other by their names.
func ShareNetwork(one, other *compose.Service) bool {
	names := networksOf(one)
	return slices.ContainsFunc(networksOf(other), func(name string) bool { return slices.Contains(names, name) })
}

// networksOf are the networks of a service: the project's default where it
// names none, and none where it has a mode of its own.
func networksOf(service *compose.Service) (names []string) {
	if mode := service.Config.NetworkMode; mode != "" && mode != "bridge" {
		return nil
	}
	for _, network := range service.Config.Networks {
		names = append(names, network.Name)
	}
	if len(names) == 0 {
		names = append(names, "default")
	}
	return names
}
