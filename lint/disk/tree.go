package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxFileSize bounds every file that is read, in bytes: a linter runs on other
// people's pull requests. The largest stock redis.conf has 0.1 MiB.
const maxFileSize = 4 << 20

// ErrOutside says that a path leads out of the project's root.
var ErrOutside = errors.New("it is outside the project")

// Tree is the part of the file system that may be read: the project's root
// and what is below it. Symbolic links that lead out of it are not followed.
type Tree struct {
	root  *os.Root
	path  string // absolute, symbolic links resolved
	shown string // absolute directory that paths are shown relative to
}

// OpenTree opens a root directory. Paths are shown relative to shown.
func OpenTree(root, shown string) (*Tree, error) {
	path, err := filepath.Abs(root)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return nil, err
	}
	opened, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	if resolved, err := filepath.EvalSymlinks(shown); err == nil {
		shown = resolved
	}
	return &Tree{root: opened, path: path, shown: shown}, nil
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

// inside returns a path relative to the root.
func (t *Tree) inside(path string) (string, error) {
	relative, err := filepath.Rel(t.path, filepath.Clean(path))
	if err != nil || !filepath.IsLocal(relative) {
		return "", ErrOutside
	}
	return relative, nil
}

// ReadFile reads a regular file below the root. Its errors are ErrOutside,
// fs.ErrNotExist, or say what is wrong with the file.
func (t *Tree) ReadFile(path string) ([]byte, error) {
	relative, err := t.inside(path)
	if err != nil {
		return nil, err
	}
	info, err := t.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	file, err := t.root.Open(relative)
	if err != nil {
		return nil, Plain(err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err == nil && len(content) > maxFileSize {
		err = fmt.Errorf("it is larger than %d MiB", maxFileSize>>20)
	}
	return content, Plain(err)
}

// Stat describes what stands at a path below the root, links followed.
func (t *Tree) Stat(path string) (fs.FileInfo, error) {
	relative, err := t.inside(path)
	if err != nil {
		return nil, err
	}
	info, err := t.root.Stat(relative)
	return info, Plain(err)
}

// Glob returns the files below the root that match a pattern as glob(3) has
// it, sorted.
func (t *Tree) Glob(pattern string) ([]string, error) {
	relative, err := t.inside(pattern)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(t.root.FS(), filepath.ToSlash(relative))
	var matches []string
	for _, name := range names {
		info, statErr := t.root.Stat(filepath.FromSlash(name))
		// A wildcard does not match the dot of a hidden file.
		hidden := strings.HasPrefix(path.Base(name), ".") && !strings.HasPrefix(filepath.Base(relative), ".")
		if statErr == nil && !info.IsDir() && !hidden {
			matches = append(matches, filepath.Join(t.path, filepath.FromSlash(name)))
		}
	}
	return matches, err
}

// Plain takes the path out of an error: who reports it names the file itself.
func Plain(err error) error {
	var pathError *fs.PathError
	if !errors.As(err, &pathError) {
		return err
	}
	if strings.Contains(pathError.Err.Error(), "escapes") {
		return ErrOutside
	}
	return pathError.Err
}
