// Package disk is the one door to the files of a project. Whatever a project
// names is opened here, below a root that the user or the repository gives, or
// not at all.
package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Why a path is not read. Each is a sentence that goes after the path.
var (
	ErrOutside    = errors.New("it is outside the project")
	ErrGit        = errors.New("what git keeps for itself is never read")
	ErrSystem     = errors.New("what the system shows as a file is never read")
	ErrNotRegular = errors.New("it is not a regular file")
	ErrLinks      = errors.New("it leads through too many links")
	ErrLong       = errors.New("it is longer than a path can be")
	ErrChanged    = errors.New("it changed while it was opened")
)

// Tree is the part of the file system that may be read: the project's root
// and what is below it. Symbolic links that lead out of it are not followed.
// What is read once is kept, so that a run sees one state of each file. Many
// goroutines may use a Tree.
type Tree struct {
	*state
	budget *Budget
}

// state is what all views of a tree share.
type state struct {
	root    *os.Root
	path    string // absolute; no link leads to it but one of the user's own
	real    string // path without any link
	shown   string // absolute directory that paths are shown relative to
	observe func(path string, opened *os.File)

	stopped     *atomic.Bool // nil: nothing stops what is read of it
	mutex       sync.Mutex
	files       map[string]*file        // by path below the root
	provided    map[string]fs.FileInfo  // what stands there without being a file
	put         map[string][]byte       // what is to stand in a file, by path below the root, without links
	interrupt   func(step string) error // before each step of a commit, for tests
	listings    map[string]*listing     // by path below the root, without links
	directories map[string]fs.FileInfo  // by path below the root, without links
}

// OpenTree opens a root directory. Paths are shown relative to shown.
func OpenTree(root, shown string) (*Tree, error) {
	path, err := Resolve(root)
	if err != nil {
		return nil, err
	}
	opened, err := os.OpenRoot(path)
	if err != nil {
		return nil, Plain(err)
	}
	if resolved, err := filepath.EvalSymlinks(shown); err == nil {
		shown = resolved
	}
	return newTree(opened, path, path, shown)
}

// newTree makes a tree of an opened root. What is never read is no root.
func newTree(opened *os.Root, path, real, shown string) (*Tree, error) {
	if err := forbidden(real); err != nil {
		opened.Close()
		return nil, err
	}
	return &Tree{budget: NewRunBudget(), state: &state{
		root: opened, path: path, real: real, shown: shown,
		files: map[string]*file{}, provided: map[string]fs.FileInfo{}, put: map[string][]byte{}, listings: map[string]*listing{}, directories: map[string]fs.FileInfo{},
	}}, nil
}

// sub opens a directory of the tree as a tree of its own, by the same path.
func (t *Tree) sub(directory string) (*Tree, error) {
	relative, _, err := t.resolve(directory)
	if err != nil {
		return nil, err
	}
	opened, err := t.root.OpenRoot(relative)
	if err != nil {
		return nil, Plain(err)
	}
	tree, err := newTree(opened, directory, filepath.Join(t.real, relative), t.shown)
	if err == nil {
		tree.observe = t.observe
	}
	return tree, err
}

// With returns the same tree for work that is counted elsewhere: a project
// takes a budget of its own.
func (t *Tree) With(budget *Budget) *Tree {
	budget.stopped = t.stopped
	return &Tree{t.state, budget}
}

// Budget is where the work of the tree's user is counted.
func (t *Tree) Budget() *Budget { return t.budget }

// Observe calls a function with every file and directory that is opened from
// now on, for tests. The path is the one that was opened, without links.
func (t *Tree) Observe(observe func(path string, opened *os.File)) { t.observe = observe }

func (t *Tree) observed(relative string, opened *os.File) {
	if t.observe != nil {
		t.observe(filepath.Join(t.real, relative), opened)
	}
}

// Close releases the root directory.
func (t *Tree) Close() error { return t.root.Close() }

// Path is the absolute path of the root.
func (t *Tree) Path() string { return t.path }

// Show returns a path as the user sees it, with forward slashes: relative for
// what is in the tree, absolute for what is outside.
func (t *Tree) Show(path string) string {
	relative, err := filepath.Rel(t.shown, path)
	if _, outside := t.inside(path); outside != nil || err != nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(relative)
}

// inside returns a path relative to the root. It is a matter of the text
// alone: ".." takes back the part before it, whatever stands on the disk, and
// the text that is left is the one that is opened.
func (t *Tree) inside(path string) (string, error) {
	if len(path) > maxPath {
		return "", ErrLong
	}
	relative, err := filepath.Rel(t.path, filepath.Clean(path))
	if err != nil || !filepath.IsLocal(relative) {
		return "", ErrOutside
	}
	return relative, nil
}

// Stat describes what stands at a path below the root, links followed.
func (t *Tree) Stat(path string) (fs.FileInfo, error) {
	_, info, err := t.resolve(path)
	return info, err
}
