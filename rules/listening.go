package rules

import "github.com/rcomp/rcomp/inspect"

// sharesPorts reports whether others may listen where a health check asks: in
// the network of another container or of the host.
func sharesPorts(s *inspect.Service) bool {
	return s.Config.NetworkMode != "" && s.Config.NetworkMode != "bridge" && s.Config.NetworkMode != "none"
}

// listens are the ports of a server, "" where one is not known.
func listens(s *inspect.Service) (plain, encrypted string) {
	port, tls := s.Get("port"), s.Get("tls-port")
	if s.Kind == inspect.Sentinel && !port.Set && s.Opaque == "" {
		port.Value = "26379"
	}
	if !port.Known || !tls.Known || port.Value == "0" && tls.Value == "0" {
		return "", ""
	}
	return port.Value, tls.Value
}
