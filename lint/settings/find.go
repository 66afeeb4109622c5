package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// Finder finds the settings that hold for a directory: those of the nearest
// file above it, up to the root of what may be read. Each file is read once.
type Finder struct {
	mutex   sync.Mutex // projects are judged side by side
	words   Vocabulary
	named   *Settings            // of the file that the user names: it holds everywhere
	nearest map[string]*Settings // by absolute directory
	read    []*Settings
}

// NewFinder prepares to find settings.
func NewFinder(words Vocabulary) *Finder {
	return &Finder{words: words, nearest: map[string]*Settings{}}
}

// Use makes one file hold everywhere, whatever others there are. A file that
// is not below the root of a project says nothing of where it stands, so its
// patterns start at that root.
func (f *Finder) Use(roots *disk.Roots, file string) error {
	tree, absolute, _, err := roots.Locate(file)
	if err == nil {
		f.named, err = f.load(tree, absolute)
	}
	if fault := (*Fault)(nil); err != nil && !errors.As(err, &fault) {
		return fmt.Errorf("cannot read %q: %w", file, err)
	}
	return err
}

// For returns the settings that hold for a directory of a tree.
func (f *Finder) For(tree *disk.Tree, directory string) (*Settings, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.holding(tree, directory)
}

func (f *Finder) holding(tree *disk.Tree, directory string) (*Settings, error) {
	if f.named != nil {
		return f.named, nil
	}
	if known, ok := f.nearest[directory]; ok {
		return known, nil
	}
	found, err := f.above(tree, directory)
	if err != nil {
		return nil, err
	}
	f.nearest[directory] = found
	return found, nil
}

func (f *Finder) above(tree *disk.Tree, directory string) (*Settings, error) {
	path := filepath.Join(directory, Name)
	_, err := tree.Stat(path)
	switch {
	case err == nil:
		settings, err := f.load(tree, path)
		if fault := (*Fault)(nil); err != nil && !errors.As(err, &fault) {
			return nil, fmt.Errorf("cannot read %q: %w", tree.Show(path), err)
		}
		return settings, err
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("cannot read %q: %w", tree.Show(path), err)
	case directory == tree.Path() || directory == filepath.Dir(directory):
		return &Settings{place: place{directory: tree.Path()}}, nil
	}
	return f.holding(tree, filepath.Dir(directory))
}

func (f *Finder) load(tree *disk.Tree, path string) (*Settings, error) {
	source, err := tree.ReadFile(path)
	if err != nil {
		return nil, err
	}
	settings, err := Read(position.NewText(tree.Show(path), source), filepath.Dir(path), f.words)
	if err == nil {
		settings.source = source
		f.read = append(f.read, settings)
	}
	return settings, err
}

// Files lists the settings that were read, in the order in which they were.
func (f *Finder) Files() []*Settings { return f.read }
