package main

import (
	"bytes"
	"cmp"
	"io/fs"
	"iter"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/lint/disk"
)

// What a search for subnets looks at. It has to end soon in any directory, also
// in somebody's home: what is beyond stays unknown.
const (
	mostEntries     = 50000
	mostComposeSize = 1 << 20 // bytes of one file
	mostComposeRead = 4 << 20 // bytes of all that name a subnet
)

// composeNames are the files that may claim a subnet, those of stacks included.
var composeNames = regexp.MustCompile(`^(docker-)?(compose|stack).*\.ya?ml$`)

// foreignDirectories hold other people's files, which nobody starts from here.
var foreignDirectories = map[string]bool{"node_modules": true, "vendor": true}

// takenSubnets returns what the compose files of the repository claim, by file
// and line. Without a repository only the output directory and what is below
// it is searched. Links are not followed. A file of a project with the same
// name is not another one: it is the very file that is about to be written,
// or the same project for another host.
func takenSubnets(output, project string) []generate.TakenSubnet {
	directory, tree := repositoryOf(output)
	if tree == nil {
		return nil
	}
	defer tree.Close()
	own := []string{filepath.Join(directory, "docker-compose.yml"), filepath.Join(directory, "docker-stack.yml")}
	var taken []generate.TakenSubnet
	left := mostComposeRead
	for _, path := range composeFiles(tree) {
		if slices.Contains(own, path) {
			continue
		}
		content := mayClaim(tree, path)
		if left -= len(content); left < 0 {
			break
		}
		if file := readClaims(content); file.Name != project {
			taken = append(taken, file.taken(shownPath(path))...)
		}
	}
	return taken
}

// composeFiles returns the paths of compose files in a tree, in order.
func composeFiles(tree *disk.Tree) []string {
	var paths []string
	entries := 0
	// What cannot be read claims nothing that could be seen, so no error matters.
	_ = tree.Walk(tree.Path(), func(path string, entry fs.DirEntry) error {
		entries++
		switch {
		case entries > mostEntries:
			return fs.SkipAll
		case entry.IsDir() && foreignDirectories[entry.Name()]:
			return fs.SkipDir
		case entry.Type().IsRegular() && composeNames.MatchString(entry.Name()):
			paths = append(paths, path)
		}
		return nil
	})
	return paths
}

// shownPath is a path as the user would type it.
func shownPath(path string) string {
	if working, err := disk.Resolve("."); err == nil {
		if relative, err := filepath.Rel(working, path); err == nil {
			path = relative
		}
	}
	return filepath.ToSlash(path)
}

// claims is what a compose file says about addresses.
type claims struct {
	Name    string
	subnets []*yaml.Node // values of the key subnet, wherever they stand
}

// mayClaim returns a compose file that names a subnet, and nothing for another, or one that is too large.
func mayClaim(tree *disk.Tree, path string) []byte {
	content, err := tree.ReadFile(path)
	if err != nil || len(content) > mostComposeSize || !bytes.Contains(content, []byte("subnet")) {
		return nil
	}
	return content
}

// readClaims reads a compose file as far as that is possible: what is no YAML claims nothing that could be seen. Nodes are looked at once each, since
// following aliases, or reading a mapping of thousands of keys as one, takes longer than the file is worth.
func readClaims(content []byte) claims {
	var found claims
	var document yaml.Node
	if yaml.Unmarshal(content, &document) != nil || len(document.Content) == 0 {
		return found
	}
	for key, value := range pairs(document.Content[0]) {
		if key.Value == "name" {
			found.Name = value.Value
		}
	}
	found.collect(&document)
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

// pairs goes through the keys of a mapping and their values.
func pairs(node *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i], node.Content[i+1]) {
				return
			}
		}
	}
}

// taken returns the claims of the file in the order of its lines. A variable claims nothing that could be seen.
func (c claims) taken(file string) []generate.TakenSubnet {
	var taken []generate.TakenSubnet
	for _, node := range c.subnets {
		value := node.Value
		if node.Alias != nil {
			value = node.Alias.Value
		}
		if prefix, err := netip.ParsePrefix(value); err == nil {
			taken = append(taken, generate.TakenSubnet{Prefix: prefix, File: file, Line: node.Line})
		}
	}
	slices.SortStableFunc(taken, func(a, b generate.TakenSubnet) int { return cmp.Compare(a.Line, b.Line) })
	return taken
}
