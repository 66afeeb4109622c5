package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rcomp/rcomp/generate"
)

// readIntent reads an intent. It may be a link, or in a directory that is one, as long as that leads to another place in the repository: a pull request
// can make links, and what is wrong with a file is said in words of the file.
func readIntent(path string) ([]byte, error) {
	place, inside, err := intentRoot(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(place)
	if err != nil {
		return nil, reason(err)
	}
	defer root.Close()
	content, err := generate.ReadRegular(root, inside, generate.LargestIntent)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return content, reason(err)
	}
	if _, outside := root.Stat(inside); outside != nil {
		if _, err := os.Stat(path); err == nil {
			return nil, fmt.Errorf("a link leads out of %q: put the file itself there", place)
		}
	}
	return nil, reason(err)
}

// intentRoot is what links of an intent may not lead out of, and its path from there: the repository of the current directory, else that directory, else
// for an intent elsewhere its own repository or directory.
func intentRoot(path string) (root, inside string, err error) {
	working, err := resolved(".")
	if err != nil {
		return "", "", err
	}
	absolute := path
	if !filepath.IsAbs(path) {
		absolute = filepath.Join(working, path)
	}
	own := filepath.Dir(absolute)
	roots := []string{working, own}
	for i, directory := range []string{working, own} {
		if repository, ok := repositoryOf(directory); ok {
			roots[i] = repository
		}
	}
	for _, root := range roots {
		if inside, err = filepath.Rel(root, absolute); err == nil && filepath.IsLocal(inside) {
			return root, inside, nil
		}
	}
	return own, filepath.Base(absolute), nil
}
