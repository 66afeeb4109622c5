package main

import (
	"cmp"
	"io/fs"
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
	mostComposeSize = 1 << 20 // bytes
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
	directory, err := disk.Resolve(output)
	if err != nil {
		directory, err = filepath.Abs(output) // it is yet to be made
	}
	if err != nil {
		return nil
	}
	root := directory
	if repository, ok := disk.Repository(directory); ok {
		root = repository
	}
	tree, err := disk.OpenTree(root, ".")
	if err != nil {
		return nil
	}
	defer tree.Close()
	own := []string{filepath.Join(directory, "docker-compose.yml"), filepath.Join(directory, "docker-stack.yml")}
	var taken []generate.TakenSubnet
	for _, path := range composeFiles(tree) {
		if file := readClaims(tree, path); !slices.Contains(own, path) && file.Name != project {
			taken = append(taken, file.subnets(shownPath(path))...)
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
	Name     string
	Networks map[string]struct {
		IPAM struct {
			Config []struct{ Subnet yaml.Node }
		}
	}
}

// readClaims reads a compose file as far as that is possible: what is no YAML,
// too large or a variable claims nothing that could be seen.
func readClaims(tree *disk.Tree, path string) claims {
	var found claims
	content, err := tree.ReadFile(path)
	if err == nil && len(content) <= mostComposeSize {
		_ = yaml.Unmarshal(content, &found) // what could be read is in found
	}
	return found
}

// subnets returns the claims of the file in the order of its lines.
func (c claims) subnets(file string) []generate.TakenSubnet {
	var taken []generate.TakenSubnet
	for _, network := range c.Networks {
		for _, pool := range network.IPAM.Config {
			node := &pool.Subnet
			if node.Alias != nil {
				node = node.Alias
			}
			if prefix, err := netip.ParsePrefix(node.Value); err == nil {
				taken = append(taken, generate.TakenSubnet{Prefix: prefix, File: file, Line: pool.Subnet.Line})
			}
		}
	}
	slices.SortFunc(taken, func(a, b generate.TakenSubnet) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), a.Prefix.Compare(b.Prefix))
	})
	return taken
}
