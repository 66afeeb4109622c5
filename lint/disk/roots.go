package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
)

// Roots says what the paths of a command line may read: what is below the root
// that the user names; else the repository that a path lies in as it is
// written; else the current directory, where the path is below it; else the
// directory of the path. A link below the root is part of what strangers may
// have written: it never makes another place the root.
type Roots struct {
	named   []string // the root that the user names, as written and without links; none to choose by the path
	home    string   // the repository of the current directory, or that directory; "" where it is the top of all files
	working string   // the current directory, without links
	shown   string   // the directory that paths are shown relative to
	trees   map[string]*Tree
	stopped atomic.Bool
}

// NewRoots prepares to open what paths name. An empty root is chosen by the
// path. Paths are shown relative to shown, or to the current directory where
// that is empty.
func NewRoots(root, shown string) (*Roots, error) {
	working, err := Resolve(".")
	if err != nil {
		return nil, fmt.Errorf("cannot find the current directory: %w", err)
	}
	r := &Roots{working: working, shown: shown, trees: map[string]*Tree{}}
	if shown == "" {
		r.shown = working
	}
	if root != "" {
		real, err := Resolve(root)
		if err != nil {
			return nil, fmt.Errorf("cannot use --root: %w", err)
		}
		r.named = []string{r.written(root), real}
	}
	r.home = homeOf(working)
	return r, nil
}

// Stop ends every budget of what is opened here, at its next piece of work. It
// is for who does not wait for an answer any more: what is said from then on is
// of no use.
func (r *Roots) Stop() { r.stopped.Store(true) }

// Close releases all roots.
func (r *Roots) Close() {
	for _, tree := range r.trees {
		tree.Close()
	}
}

// Locate returns the tree that a path of the command line may read, its
// absolute path in it, and what stands there.
func (r *Roots) Locate(path string) (tree *Tree, absolute string, info fs.FileInfo, err error) {
	if path == "" {
		return nil, "", nil, fs.ErrNotExist
	}
	written := r.written(path)
	if len(r.named) > 0 {
		tree, absolute, err = r.belowNamed(written)
	} else {
		tree, absolute, err = r.belowOwn(written)
	}
	if err != nil {
		return nil, "", nil, err
	}
	info, err = tree.Stat(absolute)
	return tree, absolute, info, err
}

// written is the absolute path of a path as its text has it.
func (r *Roots) written(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(r.working, path)
}

// belowNamed finds a path below the root that the user names. Links to the
// root are the user's own.
func (r *Roots) belowNamed(written string) (*Tree, string, error) {
	tree, err := r.open(r.named[1])
	if err != nil {
		return nil, "", fmt.Errorf("cannot use --root: %w", err)
	}
	for _, root := range r.named {
		if below, ok := within(root, written); ok {
			return tree, filepath.Join(tree.Path(), below), nil
		}
	}
	if directory, err := Resolve(filepath.Dir(written)); err == nil {
		if below, ok := within(tree.Path(), directory); ok {
			return tree, filepath.Join(tree.Path(), below, filepath.Base(written)), nil
		}
	}
	return nil, "", ErrOutside
}

// belowOwn finds a path below the root that is its own.
func (r *Roots) belowOwn(written string) (*Tree, string, error) {
	root := r.home
	below, ok := within(root, written)
	if root == "" || !ok {
		root = outermost(written)
		below, _ = within(root, written)
	}
	tree, err := r.open(root)
	if err != nil {
		return nil, "", err
	}
	return r.innermost(tree, filepath.Join(tree.Path(), below))
}

// innermost goes from a root down to the last repository on the way to a path,
// through the door: a submodule is a root of its own, and a link that leads
// out of the root is refused. No link is followed further than its repository
// lets it.
func (r *Roots) innermost(tree *Tree, written string) (*Tree, string, error) {
	below, _ := within(tree.Path(), written)
	directory := tree.Path()
	for _, part := range split(below) {
		directory = filepath.Join(directory, part)
		found, err := tree.isRepository(directory)
		if errors.Is(err, ErrOutside) {
			return nil, "", errLeadsOut
		}
		if err != nil {
			break // whatever it is, looking at the whole path says so
		}
		if !found || directory == tree.Path() {
			continue
		}
		if tree, err = r.openBelow(tree, directory); err != nil {
			return nil, "", err
		}
	}
	return tree, written, nil
}

// errLeadsOut is what is said of an argument; it is ErrOutside all the same.
var errLeadsOut = leadsOut{}

type leadsOut struct{}

func (leadsOut) Error() string {
	return "a link on the way leads out of what may be read (--root names more)"
}

func (leadsOut) Is(target error) bool { return target == ErrOutside }

// Absolute is the absolute path of a path as it is shown.
func (r *Roots) Absolute(shown string) string {
	path := filepath.FromSlash(shown)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.shown, path)
}

func (r *Roots) open(root string) (*Tree, error) {
	return r.once(root, func() (*Tree, error) { return OpenTree(root, r.shown) })
}

func (r *Roots) openBelow(tree *Tree, directory string) (*Tree, error) {
	return r.once(directory, func() (*Tree, error) { return tree.sub(directory) })
}

func (r *Roots) once(root string, open func() (*Tree, error)) (*Tree, error) {
	if tree, ok := r.trees[root]; ok {
		return tree, nil
	}
	tree, err := open()
	if err == nil {
		tree.stopped, tree.budget.stopped = &r.stopped, &r.stopped
		r.trees[root] = tree
	}
	return tree, err
}

// isRepository reports whether a directory of the tree has a .git, which is
// looked for and never opened.
func (t *Tree) isRepository(directory string) (bool, error) {
	relative, info, err := t.resolve(directory)
	if err != nil || !info.IsDir() {
		return false, err
	}
	_, err = t.root.Lstat(filepath.Join(relative, ".git"))
	return err == nil, nil
}

// homeOf is the repository of a directory, or else the directory itself. The
// top of all files is nobody's project.
func homeOf(directory string) string {
	if repository, ok := Repository(directory); ok {
		return repository
	}
	if directory == filepath.Dir(directory) {
		return ""
	}
	return directory
}

// Repository returns the nearest directory with .git, from an absolute one
// upwards.
func Repository(directory string) (string, bool) {
	for ancestor := directory; ; ancestor = filepath.Dir(ancestor) {
		if hasGit(ancestor) {
			return ancestor, true
		}
		if ancestor == filepath.Dir(ancestor) {
			return "", false
		}
	}
}

// outermost is the first repository on the way to a path as it is written, or
// else the directory of the path. What lies above a repository is the user's
// own, links included; what lies below may be a stranger's.
func outermost(written string) string {
	root := written
	for ancestor := written; ancestor != filepath.Dir(ancestor); ancestor = filepath.Dir(ancestor) {
		if hasGit(ancestor) {
			root = ancestor
		}
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		root = filepath.Dir(root)
	}
	return root
}

func hasGit(directory string) bool {
	_, err := os.Lstat(filepath.Join(directory, ".git"))
	return err == nil
}

// within returns what is left of a path below a directory.
func within(directory, path string) (below string, ok bool) {
	below, err := filepath.Rel(directory, path)
	return below, err == nil && filepath.IsLocal(below)
}
