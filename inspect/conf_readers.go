package inspect

import (
	"errors"
	"fmt"
	"sync"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// ConfReaders finds the projects whose servers read a conf file. What servers
// read only shows where a project is looked at as they do, so all projects of
// a root are, once.
type ConfReaders struct {
	roots *disk.Roots
	tell  func(*compose.Project) error
	trees map[*disk.Tree][]reader
	deep  map[*disk.Tree]*disk.Deep // where more may be
}

// reader is a project that may read a conf file.
type reader struct {
	target  compose.Target
	project *compose.Project
}

// NewConfReaders prepares to search what roots let read. What the user says of
// a project is told by a function before it is looked at.
func NewConfReaders(roots *disk.Roots, tell func(*compose.Project) error) *ConfReaders {
	return &ConfReaders{roots, tell, map[*disk.Tree][]reader{}, map[*disk.Tree]*disk.Deep{}}
}

// AddTo adds the projects that read a conf file, and tells whether there are
// any.
func (c *ConfReaders) AddTo(find *compose.Finder, conf string) (found bool, err error) {
	tree, absolute, info, err := c.roots.Locate(conf)
	if err == nil && !info.Mode().IsRegular() {
		err = disk.ErrNotRegular
	}
	if err != nil {
		return false, fmt.Errorf("cannot read %q: %w", conf, err)
	}
	readers, err := c.in(tree)
	if err != nil {
		return false, fmt.Errorf("cannot search for what reads %q: %w", conf, err)
	}
	find.NotSearched(tree, c.deep[tree])
	for _, reader := range readers {
		if reader.project.Source(tree.Show(absolute)) != nil {
			found = true
			find.Add(tree, reader.target.Group)
		}
	}
	return found, nil
}

// in loads and looks at every project of a tree.
func (c *ConfReaders) in(tree *disk.Tree) ([]reader, error) {
	if readers, searched := c.trees[tree]; searched {
		return readers, nil
	}
	groups, err := compose.Discover(tree, tree.Path())
	deep := (*disk.Deep)(nil)
	if err != nil && !errors.As(err, &deep) {
		return nil, err
	}
	c.deep[tree] = deep
	var targets []compose.Target
	for _, group := range groups {
		targets = append(targets, compose.Target{Tree: tree, Group: group})
	}
	var mutex sync.Mutex
	var failed error
	projects := compose.Each(targets, func(project *compose.Project) *compose.Project {
		if err := c.tell(project); err != nil {
			mutex.Lock()
			defer mutex.Unlock()
			failed = err
			return project
		}
		for _, server := range Services(project) { // reads what the servers read
			server.Access() // and the ACL file
		}
		return project
	})
	if failed != nil {
		return nil, failed
	}
	readers := make([]reader, len(targets))
	for i, project := range projects {
		readers[i] = reader{targets[i], project}
	}
	c.trees[tree] = readers
	return readers, nil
}
