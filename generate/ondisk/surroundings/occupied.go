package surroundings

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// Clashes says what another compose file, in another directory, wants too and
// only one deployment of a host can have: the name of the project, and a port.
// It may be meant for another host. The content is that of the compose file
// that is about to be written.
func (r *Repository) Clashes(content []byte) []string {
	own := sync.OnceValue(func() occupied { return readOccupied(content) }) // mostly there is no other
	var clashes []string
	// What is in the same directory is merged with the file, or for another engine.
	for path, content := range r.contents(func(path string, _ []byte) bool { return filepath.Dir(path) != r.output }) {
		if own().name == nil {
			return nil // a swarm publishes nothing, and a stack's name is in no file
		}
		clashes = append(clashes, own().clashes(path, readOccupied(content))...)
	}
	return clashes
}

// occupied is what a compose file takes of its host.
type occupied struct {
	name  *yaml.Node // nil where the directory decides
	ports []hostPort
}

func (o occupied) clashes(path string, other occupied) []string {
	if other.name != nil && other.name.Value == o.name.Value { // its ports are the same ones then
		return []string{fmt.Sprintf("the name %s is also that of %s, line %d: on one host they are one project, and docker compose up in one directory replaces what runs of the other; "+
			"give one of them another name", o.name.Value, path, other.name.Line)}
	}
	var clashes []string
	for _, port := range o.ports {
		for _, theirs := range other.ports {
			if port.meets(theirs) {
				clashes = append(clashes, fmt.Sprintf("port %s of the host is also published by %s, line %d, as %s: on one host only one of them starts; publish another port",
					port, path, theirs.line, theirs))
			}
		}
	}
	return clashes
}

// hostPort is where the host listens.
type hostPort struct {
	address string // empty for all
	port    string
	line    int
}

func (h hostPort) String() string { return strings.TrimPrefix(h.address+":"+h.port, ":") }

// meets tells that two cannot listen at once.
func (h hostPort) meets(other hostPort) bool {
	return h.port == other.port && (h.address == other.address || h.everywhere() || other.everywhere())
}

func (h hostPort) everywhere() bool {
	address, err := netip.ParseAddr(strings.Trim(h.address, "[]"))
	return h.address == "" || err == nil && address.IsUnspecified()
}

func readOccupied(content []byte) occupied {
	var found occupied
	root := document(content)
	if root == nil {
		return found
	}
	for key, value := range pairs(root) {
		switch key.Value {
		case "name":
			found.name = value
		case "services":
			for _, service := range pairs(value) {
				for key, value := range pairs(service) {
					if key.Value == "ports" {
						found.ports = append(found.ports, hostPorts(value)...)
					}
				}
			}
		}
	}
	return found
}

// hostPorts reads single ports of the host. A range, and a variable, take
// nothing that could be seen.
func hostPorts(list *yaml.Node) []hostPort {
	var ports []hostPort
	for _, node := range list.Content {
		port := hostPort{line: node.Line}
		if node.Kind == yaml.ScalarNode {
			text, _, _ := strings.Cut(node.Value, "/")
			if last := strings.LastIndex(text, ":"); last >= 0 { // without one the engine chooses
				text = text[:last]
				port.address, port.port = text[:max(strings.LastIndex(text, ":"), 0)], text[strings.LastIndex(text, ":")+1:]
			}
		}
		for key, value := range pairs(node) {
			switch key.Value {
			case "published":
				port.port = value.Value
			case "host_ip":
				port.address = value.Value
			}
		}
		if port.port != "" && strings.Trim(port.port, "0123456789") == "" {
			ports = append(ports, port)
		}
	}
	return ports
}
