package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// Target is the compose files of one project, and what it may read.
type Target struct {
	Tree  *disk.Tree
	Group Group
}

// Finder turns the paths of a command line into projects, each once.
type Finder struct {
	Targets []Target
	Unseen  []Unseen // directories that were not searched, and why

	roots *disk.Roots
	seen  map[string]bool
}

// NewFinder prepares to find what roots let read.
func NewFinder(roots *disk.Roots) *Finder {
	return &Finder{roots: roots, seen: map[string]bool{}}
}

// AddPath adds the projects below a directory, or that of a compose file.
func (f *Finder) AddPath(path string) error {
	tree, absolute, info, err := f.roots.Locate(path)
	switch {
	case err != nil:
		return fmt.Errorf("cannot read %q: %w", path, err)
	case !info.IsDir():
		f.Add(tree, Groups(tree, []string{absolute})...)
		return nil
	}
	groups, err := Discover(tree, absolute)
	if deep := (*disk.Deep)(nil); errors.As(err, &deep) {
		f.NotSearched(tree, deep)
		err = nil
	}
	if err != nil {
		return fmt.Errorf("cannot search %q: %w", path, err)
	}
	if len(groups) == 0 {
		return fmt.Errorf("there is no compose file in %q or below", path)
	}
	f.Add(tree, groups...)
	return nil
}

// NotSearched notes once that a search has left out what is too deep; nil is nothing.
func (f *Finder) NotSearched(tree *disk.Tree, deep *disk.Deep) {
	if deep == nil {
		return
	}
	at := position.Span{File: tree.Show(deep.Path), Start: position.At(1, 1), End: position.At(1, 1)}
	if unseen := (Unseen{Span: at, Message: "not searched: " + deep.Error()}); !slices.Contains(f.Unseen, unseen) {
		f.Unseen = append(f.Unseen, unseen)
	}
}

// AddMerged adds files as one project, the first as its base, whose root is
// that of all.
func (f *Finder) AddMerged(paths []string) error {
	var merged Target
	for _, path := range paths {
		tree, absolute, _, err := f.roots.Locate(path)
		if err != nil {
			return fmt.Errorf("cannot read %q: %w", path, err)
		}
		if merged.Tree == nil {
			merged.Tree = tree
		}
		merged.Group = append(merged.Group, absolute)
	}
	f.Add(merged.Tree, merged.Group)
	return nil
}

// Add adds projects of a tree.
func (f *Finder) Add(tree *disk.Tree, groups ...Group) {
	for _, group := range groups {
		if key := strings.Join(group, "\x00"); !f.seen[key] {
			f.seen[key] = true
			f.Targets = append(f.Targets, Target{tree, group})
		}
	}
}
