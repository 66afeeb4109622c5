package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// listing is a directory that is listed once, or why it is not.
type listing struct {
	once    sync.Once
	entries []fs.DirEntry
	err     error
}

// ReadDir lists a directory below the root, sorted by name. Nothing that git
// keeps for itself is in it.
func (t *Tree) ReadDir(path string) ([]fs.DirEntry, error) {
	relative, _, err := t.resolve(path)
	if err != nil {
		return nil, err
	}
	return t.list(relative, t.Show(path))
}

// list lists a directory by a path without links. Who lists it again pays for
// it again, though it is read once: looking through it is work too.
func (t *Tree) list(relative, shown string) ([]fs.DirEntry, error) {
	if err := t.budget.Left(DirectoryEntries); err != nil {
		return nil, err
	}
	t.mutex.Lock()
	found := t.listings[relative]
	if found == nil {
		found = &listing{}
		t.listings[relative] = found
	}
	t.mutex.Unlock()
	found.once.Do(func() {
		opened, err := t.root.OpenFile(relative, os.O_RDONLY|nonblock, 0)
		if err != nil {
			found.err = Plain(err)
			return
		}
		defer opened.Close()
		t.observed(relative, opened)
		found.entries, found.err = entriesOf(opened, maxListing)
	})
	if found.err != nil {
		return nil, found.err
	}
	return found.entries, t.budget.spendAt(DirectoryEntries, int64(costOfOpening+len(found.entries)), shown)
}

// maxListing bounds the entries of one directory.
const maxListing = 200_000

var errManyEntries = errors.New("it is a directory of too many files")

// entriesOf reads the entries of a directory, sorted by name, in portions so
// that a directory without end does not fill the memory.
func entriesOf(directory *os.File, most int) ([]fs.DirEntry, error) {
	var entries []fs.DirEntry
	for {
		portion, err := directory.ReadDir(4096)
		for _, entry := range portion {
			if !isGit(entry.Name()) {
				entries = append(entries, entry)
			}
		}
		if len(entries) > most {
			return nil, errManyEntries
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, Plain(err)
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// maxDepth bounds how deep a walk goes. Every level holds a directory open.
const maxDepth = 100

// Deep is the error of a walk that has visited all but what is too deep.
type Deep struct{ Path string } // the first directory that was not entered, absolute

func (d *Deep) Error() string {
	return fmt.Sprintf("what is more than %d levels below is not looked at", maxDepth)
}

// Walk calls visit for everything below a directory, sorted by name, a
// directory before what is in it. Links are not followed, and what cannot be
// listed is passed over. Visit may return fs.SkipDir for a directory, and
// fs.SkipAll to end the walk. The error is a *Deep where only that was left out.
func (t *Tree) Walk(directory string, visit func(path string, entry fs.DirEntry) error) error {
	relative, _, err := t.resolve(directory)
	if err != nil {
		return err
	}
	root, err := t.root.OpenRoot(relative)
	if err != nil {
		return Plain(err)
	}
	w := walk{tree: t, visit: visit}
	err = w.into(root, directory, relative, 0)
	switch {
	case errors.Is(err, fs.SkipAll):
		return nil
	case err == nil && w.deep != nil:
		return w.deep
	}
	return err
}

// costOfOpening is how many entries the opening of a directory counts for: that
// is about what it takes.
const costOfOpening = 8

type walk struct {
	tree  *Tree
	visit func(path string, entry fs.DirEntry) error
	deep  *Deep
}

// into walks a directory and closes it.
func (w *walk) into(directory *os.Root, path, relative string, depth int) error {
	defer directory.Close()
	entries, err := w.entries(directory, path, relative)
	if err != nil {
		if depth > 0 && !errors.Is(err, ErrBudget) {
			return nil // nothing in it can be read
		}
		return err
	}
	for _, entry := range entries {
		below := filepath.Join(path, entry.Name())
		err := w.visit(below, entry)
		if errors.Is(err, fs.SkipDir) && entry.IsDir() {
			continue
		}
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			continue
		}
		if depth == maxDepth {
			if w.deep == nil {
				w.deep = &Deep{below}
			}
			continue
		}
		// A link that takes its place meanwhile leads nowhere: the directory
		// is a root of its own.
		inner, err := directory.OpenRoot(entry.Name())
		if err != nil {
			continue
		}
		if err := w.into(inner, below, filepath.Join(relative, entry.Name()), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entries(directory *os.Root, path, relative string) ([]fs.DirEntry, error) {
	if err := w.tree.budget.Left(DirectoryEntries); err != nil {
		return nil, err
	}
	opened, err := directory.Open(".")
	if err != nil {
		return nil, Plain(err)
	}
	defer opened.Close()
	w.tree.observed(relative, opened)
	entries, err := entriesOf(opened, maxListing)
	if err != nil {
		return nil, err
	}
	return entries, w.tree.budget.spendAt(DirectoryEntries, int64(costOfOpening+len(entries)), w.tree.Show(path))
}
