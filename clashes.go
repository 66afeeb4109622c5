package main

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
)

const generatedCompose = "docker-compose.yml"

// sayClashes warns of what another compose file of the repository wants too, and only one deployment of a host can have: the name of the project, and a port.
// It may be meant for another host, so nothing is refused.
func (p *program) sayClashes(g generation, files []generate.File) {
	var own occupied
	for _, file := range files {
		if file.Path == generatedCompose {
			own = readOccupied(file.Content)
		}
	}
	if own.name == nil {
		return // a swarm publishes nothing, and a stack's name is in no file
	}
	others := neighbours(g.directory)
	for _, path := range slices.Sorted(maps.Keys(others)) {
		other := others[path]
		if other.name != nil && other.name.Value == own.name.Value {
			p.warn("%s: the name %s is also that of %s, line %d: on one host they are one project, and docker compose up in one directory replaces what runs of the other; give one of them another name",
				g.intent, own.name.Value, path, other.name.Line)
			continue // its ports are the same ones then
		}
		for _, port := range own.ports {
			for _, theirs := range other.ports {
				if port.meets(theirs) {
					p.warn("%s: port %s of the host is also published by %s, line %d, as %s: on one host only one of them starts; publish another port", g.intent, port, path, theirs.line, theirs)
				}
			}
		}
	}
}

func (p *program) warn(format string, arguments ...any) {
	fmt.Fprintln(p.stderr, display.Clean(fmt.Sprintf(format, arguments...)))
}

// occupied is what a compose file takes of its host.
type occupied struct {
	name  *yaml.Node // nil where the directory decides
	ports []hostPort
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

// neighbours are the compose files of the repository in other directories than that of the output, by their paths as the user would type them.
func neighbours(output string) map[string]occupied {
	found := map[string]occupied{}
	directory, tree := repositoryOf(output)
	if tree == nil {
		return found
	}
	defer tree.Close()
	left := mostComposeRead
	for _, path := range composeFiles(tree) {
		if filepath.Dir(path) == directory {
			continue // what is merged with the file, or for another engine
		}
		content, err := tree.ReadFile(path)
		if err != nil || len(content) > mostComposeSize {
			continue
		}
		if left -= len(content); left < 0 {
			break
		}
		found[shownPath(path)] = readOccupied(content)
	}
	return found
}

// readOccupied reads a compose file as far as that is possible.
func readOccupied(content []byte) occupied {
	var found occupied
	var document yaml.Node
	if yaml.Unmarshal(content, &document) != nil || len(document.Content) == 0 {
		return found
	}
	for key, value := range pairs(document.Content[0]) {
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

// hostPorts reads single ports of the host. A range, and a variable, take nothing that could be seen.
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

// repositoryOf returns an output directory without links, and the files of the repository that it is in, of the directory itself where there is none; nil where
// they cannot be read.
func repositoryOf(output string) (directory string, tree *disk.Tree) {
	directory, err := disk.Resolve(output)
	if err != nil {
		directory, err = filepath.Abs(output) // it is yet to be made
	}
	if err != nil {
		return "", nil
	}
	root := directory
	if repository, ok := disk.Repository(directory); ok {
		root = repository
	}
	tree, err = disk.OpenTree(root, ".")
	if err != nil {
		return "", nil
	}
	return directory, tree
}
