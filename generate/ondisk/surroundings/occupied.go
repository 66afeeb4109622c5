package surroundings

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// Clashes says what another compose file, in another directory, wants too and
// only one deployment of a host can have: the name of the project or the stack,
// and a port. It may be meant for another host. The contents are those of the
// compose file that is about to be written, and of the redis.conf beside it. same
// tells that a file, by its absolute path, was made from the same intent.
func (r *Repository) Clashes(content, conf []byte, same func(path string, content []byte) bool) []string {
	own := sync.OnceValue(func() occupied { return readOccupied(content, func() []byte { return conf }) }) // mostly there is no other
	var clashes []string
	// What is in the same directory is merged with the file, or Overruled tells of it.
	for path, content := range r.contents(func(path string, _ []byte) bool { return filepath.Dir(path) != r.output }) {
		conf := func() []byte {
			beside, _ := r.tree.ReadFile(filepath.Join(filepath.Dir(path), "redis.conf"))
			return beside // without one nothing is known
		}
		other := readOccupied(content, conf)
		other.same = same(path, content)
		clashes = append(clashes, own().clashes(r.show(path), other)...)
	}
	return clashes
}

// occupied is what a compose file takes of its host.
type occupied struct {
	name  string // "" where the directory decides, or whoever deploys
	line  int    // of the name
	stack bool
	same  bool // made from the intent that is asked for
	ports []hostPort
}

func (o occupied) clashes(path string, other occupied) []string {
	if other.name != "" && other.name == o.name { // its ports are the same ones then
		advice := "give one of them another name"
		if other.same {
			advice = "it was made from the same intent, so where the files have moved, put its secrets in the place of those that are made here, or clients have to learn these"
		}
		both := "on one host they are one project, and docker compose up in one directory replaces what runs of the other"
		switch {
		case o.stack && other.stack:
			both = "in one swarm they are one stack, and docker stack deploy in one directory replaces what runs of the other"
		case o.stack != other.stack:
			both = "on one host they have the same volumes"
		}
		return []string{fmt.Sprintf("the name %s is also that of %s, line %d: %s; %s", o.name, path, other.line, both, advice)}
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

// ofStack is the name of the config that a stack of gen's has redis.conf from. A
// stack's own name is in no other place of its file.
var ofStack = regexp.MustCompile(`^(.+)_redis\.conf_[0-9a-f]{8}$`)

// readOccupied reads a compose file, and the redis.conf beside it where a server
// is on the host's own network.
func readOccupied(content []byte, conf func() []byte) occupied {
	var found occupied
	root := document(content)
	if root == nil {
		return found
	}
	for key, value := range pairs(root) {
		switch key.Value {
		case "name":
			found.name, found.line = value.Value, value.Line
		case "configs":
			for _, config := range pairs(value) {
				for key, value := range pairs(config) {
					if name := ofStack.FindStringSubmatch(value.Value); key.Value == "name" && name != nil {
						found.name, found.line, found.stack = name[1], value.Line, true
					}
				}
			}
		case "services":
			for _, service := range pairs(value) {
				for key, value := range pairs(service) {
					switch {
					case key.Value == "ports":
						found.ports = append(found.ports, hostPorts(value)...)
					case key.Value == "network_mode" && value.Value == "host":
						found.ports = append(found.ports, listened(conf(), value.Line)...)
					}
				}
			}
		}
	}
	return found
}

// listened is where a server listens that gen puts on the host's own network.
func listened(conf []byte, line int) []hostPort {
	directives := map[string]string{}
	for text := range strings.Lines(string(conf)) {
		if name, value, found := strings.Cut(strings.TrimSpace(text), " "); found {
			directives[name] = value
		}
	}
	address, err := netip.ParseAddr(directives["bind"])
	if err != nil {
		return nil
	}
	host := strings.TrimSuffix(netip.AddrPortFrom(address, 0).String(), ":0") // an IPv6 address in brackets
	var ports []hostPort
	for _, name := range []string{"port", "tls-port"} {
		if port := directives[name]; port != "" && port != "0" && strings.Trim(port, "0123456789") == "" {
			ports = append(ports, hostPort{host, port, line})
		}
	}
	return ports
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
