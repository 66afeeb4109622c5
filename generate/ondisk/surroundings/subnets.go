package surroundings

import (
	"bytes"
	"cmp"
	"net/netip"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/intent"
)

// Subnets returns what the compose files claim, by file and line. A file of a
// project with the same name is not another one: it is the very file that is
// about to be written, or the same project for another host.
func (r *Repository) Subnets(project string) []intent.TakenSubnet {
	own := []string{filepath.Join(r.output, "docker-compose.yml"), filepath.Join(r.output, "docker-stack.yml")}
	var taken []intent.TakenSubnet
	for path, content := range r.contents(func(path string, content []byte) bool {
		return !slices.Contains(own, path) && bytes.Contains(content, []byte("subnet"))
	}) {
		if file := readClaims(content); file.name != project {
			taken = append(taken, file.taken(r.show(path))...)
		}
	}
	return taken
}

// claims is what a compose file says about addresses.
type claims struct {
	name    string
	subnets []*yaml.Node // values of the key subnet, wherever they stand
}

func readClaims(content []byte) claims {
	var found claims
	root := document(content)
	if root == nil {
		return found
	}
	for key, value := range pairs(root) {
		if key.Value == "name" {
			found.name = value.Value
		}
	}
	found.collect(root)
	return found
}

func (c *claims) collect(node *yaml.Node) {
	for key, value := range pairs(node) {
		if key.Value == "subnet" {
			c.subnets = append(c.subnets, value)
		}
	}
	for _, child := range node.Content {
		c.collect(child)
	}
}

// taken returns the claims of the file in the order of its lines. A variable
// claims nothing that could be seen.
func (c claims) taken(file string) []intent.TakenSubnet {
	var taken []intent.TakenSubnet
	for _, node := range c.subnets {
		value := node.Value
		if node.Alias != nil {
			value = node.Alias.Value
		}
		if prefix, err := netip.ParsePrefix(value); err == nil {
			taken = append(taken, intent.TakenSubnet{Prefix: prefix, File: file, Line: node.Line})
		}
	}
	slices.SortStableFunc(taken, func(a, b intent.TakenSubnet) int { return cmp.Compare(a.Line, b.Line) })
	return taken
}
