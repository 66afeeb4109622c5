package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// target is the compose files of one project, and what it may read.
type target struct {
	tree  *disk.Tree
	group compose.Group
}

// finder turns the paths of a command line into projects.
type finder struct {
	root    string // what may be read, as the user says; "" to choose by the path
	working string // the current directory, absolute, links resolved
	shown   string // the directory that paths are shown relative to
	trees   map[string]*disk.Tree
	targets []target
	seen    map[string]bool // groups among targets
}

func newFinder(root, shown string) (*finder, error) {
	working, err := resolved(".")
	if err != nil {
		return nil, fmt.Errorf("cannot find the current directory: %w", err)
	}
	if root != "" {
		if root, err = resolved(root); err != nil {
			return nil, fmt.Errorf("cannot use --root: %w", reason(err))
		}
	}
	if shown == "" {
		shown = working
	}
	return &finder{root: root, working: working, shown: shown, trees: map[string]*disk.Tree{}, seen: map[string]bool{}}, nil
}

func (f *finder) close() {
	for _, tree := range f.trees {
		tree.Close()
	}
}

// addPath adds the projects below a directory, or that of a compose file.
func (f *finder) addPath(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("cannot read %q: %w", path, reason(err))
	}
	if info.IsDir() {
		return f.addDirectory(path)
	}
	tree, absolute, err := f.locate(path)
	if err != nil {
		return err
	}
	f.add(tree, compose.Groups(tree, []string{absolute}))
	return nil
}

func (f *finder) addDirectory(path string) error {
	tree, absolute, err := f.locate(filepath.Join(path, "."))
	if err != nil {
		return err
	}
	groups, err := compose.Discover(tree, absolute)
	if err != nil {
		return fmt.Errorf("cannot search %q: %w", path, err)
	}
	if len(groups) == 0 {
		return fmt.Errorf("there is no compose file in %q or below", path)
	}
	f.add(tree, groups)
	return nil
}

// addMerged adds files as one project, the first as its base.
func (f *finder) addMerged(paths []string) error {
	var group compose.Group
	var tree *disk.Tree
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("cannot read %q: %w", path, reason(err))
		}
		found, absolute, err := f.locate(path)
		if err != nil {
			return err
		}
		if tree == nil {
			tree = found
		}
		group = append(group, absolute)
	}
	f.add(tree, []compose.Group{group})
	return nil
}

func (f *finder) add(tree *disk.Tree, groups []compose.Group) {
	for _, group := range groups {
		if key := strings.Join(group, "\x00"); !f.seen[key] {
			f.seen[key] = true
			f.targets = append(f.targets, target{tree, group})
		}
	}
}

// locate returns the absolute path of a file or directory, its directory's
// links resolved, and the tree that it may read.
func (f *finder) locate(path string) (*disk.Tree, string, error) {
	directory, name := path, ""
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		directory, name = filepath.Split(path)
	}
	absolute, err := resolved(directory)
	if err != nil {
		return nil, "", fmt.Errorf("cannot read %q: %w", path, reason(err))
	}
	tree, err := f.tree(f.rootOf(absolute))
	return tree, filepath.Join(absolute, name), err
}

// rootOf returns what a file in a directory may read: its repository, else
// the current directory where it is below that, else its own directory.
func (f *finder) rootOf(directory string) string {
	if f.root != "" {
		return f.root
	}
	if repository, ok := repositoryOf(directory); ok {
		return repository
	}
	if relative, err := filepath.Rel(f.working, directory); err == nil && filepath.IsLocal(relative) {
		return f.working
	}
	return directory
}

// repositoryOf returns the nearest directory with .git, from an absolute one
// upwards.
func repositoryOf(directory string) (string, bool) {
	for ancestor := directory; ; ancestor = filepath.Dir(ancestor) {
		if _, err := os.Lstat(filepath.Join(ancestor, ".git")); err == nil {
			return ancestor, true
		}
		if ancestor == filepath.Dir(ancestor) {
			return "", false
		}
	}
}

func (f *finder) tree(root string) (*disk.Tree, error) {
	if tree, ok := f.trees[root]; ok {
		return tree, nil
	}
	tree, err := disk.OpenTree(root, f.shown)
	if err != nil {
		return nil, fmt.Errorf("cannot open %q: %w", root, reason(err))
	}
	f.trees[root] = tree
	return tree, nil
}

// resolved returns the absolute path of a directory, without links.
func resolved(directory string) (string, error) {
	absolute, err := filepath.Abs(directory)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(absolute)
}

// reason takes the path out of an error: who reports it names the file itself.
func reason(err error) error {
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
