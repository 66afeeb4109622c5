package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/rules"
)

// isConf tells the configuration of a server from a compose file, by its name
// as servers and their images take them.
func isConf(path string) bool { return strings.EqualFold(filepath.Ext(path), ".conf") }

// addReaders adds the projects that read conf files. Only judging a project
// shows what its servers read, so those of the whole root are judged. That no
// project reads a file is said and no trouble: it may be for something else.
func (p *program) addReaders(find *finder, confs []string) {
	candidates := map[*disk.Tree][]candidate{}
	for _, conf := range confs {
		tree, absolute, err := find.locateConf(conf)
		if err != nil {
			p.trouble(err)
			continue
		}
		inTree, searched := candidates[tree]
		if !searched {
			if inTree, err = judgeAll(tree); err != nil {
				p.trouble(fmt.Errorf("cannot search for what reads %q: %w", conf, err))
				continue
			}
			candidates[tree] = inTree
		}
		if !find.addReadersOf(absolute, inTree) {
			fmt.Fprintf(p.stderr, "rcomp: no compose file has a server that reads %q\n", conf)
		}
	}
}

// locateConf returns the tree that a conf file is in, and its absolute path.
func (f *finder) locateConf(path string) (*disk.Tree, string, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err != nil {
		return nil, "", fmt.Errorf("cannot read %q: %w", path, reason(err))
	}
	tree, absolute, err := f.locate(path)
	if err == nil {
		_, err = tree.Stat(absolute)
	}
	if err != nil {
		return nil, "", fmt.Errorf("cannot read %q: %w", path, reason(err))
	}
	return tree, absolute, nil
}

// candidate is a project that may read a file.
type candidate struct {
	target
	project *compose.Project
}

// judgeAll loads and judges every project of a tree.
func judgeAll(tree *disk.Tree) ([]candidate, error) {
	groups, err := compose.Discover(tree, tree.Path())
	if err != nil {
		return nil, err
	}
	var targets []target
	for _, group := range groups {
		targets = append(targets, target{tree, group})
	}
	projects := load(targets)
	lint.Run(projects, rules.All)
	var candidates []candidate
	for i, project := range projects {
		candidates = append(candidates, candidate{targets[i], project})
	}
	return candidates, nil
}

// addReadersOf adds the projects that read a file, and tells whether there
// are any.
func (f *finder) addReadersOf(path string, candidates []candidate) bool {
	found := false
	for _, c := range candidates {
		if c.project.Source(c.tree.Show(path)) != nil {
			found = true
			f.add(c.tree, []compose.Group{c.group})
		}
	}
	return found
}
