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
