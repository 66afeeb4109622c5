package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace writes a file of the tree anew, all of it or nothing, where it still
// holds what was read of it. A link stays, and the file that it leads to is
// written.
func (t *Tree) Replace(path string, old, content []byte) error {
	relative, info, err := t.resolve(path)
	if err != nil {
		return err
	}
	opened, err := t.open(relative, info)
	if err != nil {
		return err
	}
	now, err := readAll(opened, info.Size())
	opened.Close()
	if err == nil && !bytes.Equal(now, old) {
		err = errors.New("it has changed since it was read")
	}
	if err != nil {
		return err
	}
	return replace(t.root, relative, content, info.Mode().Perm())
}

// WriteFile writes a file that the user names, all of it or nothing.
func WriteFile(path string, content []byte) error {
	mode := fs.FileMode(0o644)
	switch info, err := os.Lstat(path); {
	case err == nil && !info.Mode().IsRegular():
		return ErrNotRegular
	case err == nil:
		mode = info.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return Plain(err)
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return Plain(err)
	}
	defer root.Close()
	return replace(root, filepath.Base(path), content, mode)
}

// replace writes a file beside the one that it then takes the place of.
func replace(root *os.Root, name string, content []byte, mode fs.FileMode) error {
	beside := filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s.rcomp-%d", filepath.Base(name), os.Getpid()))
	file, err := root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return Plain(err)
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close())
	if err == nil {
		err = root.Rename(beside, name)
	}
	if err != nil {
		_ = root.Remove(beside)
		return Plain(err)
	}
	return nil
}

// Write writes a file that the user names, all of it or nothing. What lies in
// a repository may be a stranger's: no link leads the writing out of it, and
// what stands in the file's place has to be a file.
func (r *Roots) Write(path string, content []byte) error {
	tree, absolute, err := r.belowOwn(r.written(path))
	if err != nil {
		return err
	}
	directory, info, err := tree.resolve(filepath.Dir(absolute))
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return errors.New("it lies in what is no directory")
	case isGit(filepath.Base(absolute)):
		return ErrGit
	}
	name, mode := filepath.Join(directory, filepath.Base(absolute)), fs.FileMode(0o644)
	switch info, err := tree.root.Lstat(name); {
	case err == nil && !info.Mode().IsRegular():
		return ErrNotRegular
	case err == nil:
		mode = info.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return Plain(err)
	}
	return replace(tree.root, name, content, mode)
}
