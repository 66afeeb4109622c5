package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/lint/disk"
)

// largestUserFile is more than any chain of certificates has, in bytes.
const largestUserFile = 1 << 20

// userFiles reads the files that an intent names, relative to its directory, by the paths as it has them. Nothing else is read.
func userFiles(paths []string, directory, output string) map[string]generate.UserFile {
	found := map[string]generate.UserFile{}
	for _, path := range paths {
		file := generate.UserFile{Path: path}
		place := filepath.FromSlash(path)
		if !filepath.IsAbs(place) {
			place = filepath.Join(directory, place)
			file.Path, file.Err = wayFrom(output, place)
		}
		if file.Err == nil {
			file.Content, file.Err = readUserFile(place)
		}
		found[path] = file
	}
	return found
}

// wayFrom is a path as a file in a directory has to write it.
func wayFrom(directory, path string) (string, error) {
	from, err := filepath.Abs(directory)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	way, err := filepath.Rel(from, to)
	return filepath.ToSlash(way), err
}

// readUserFile reads a regular file. A link may lead to it: renewed certificates are often reached by one. What the system shows as a file is none, since
// to read it can mean to wait for ever.
func readUserFile(path string) ([]byte, error) {
	real, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, disk.Plain(err)
	}
	if real, err = filepath.Abs(real); err != nil {
		return nil, disk.Plain(err)
	}
	tree, err := disk.OpenTree(filepath.Dir(real), ".")
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	content, err := tree.ReadFile(real)
	if err == nil && len(content) > largestUserFile {
		err = fmt.Errorf("it has more than %d bytes", largestUserFile)
	}
	return content, err
}
