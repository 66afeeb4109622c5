package ondisk

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// Diff returns what gen would change in dir as a unified diff, "" for nothing.
// Files edited by hand are part of it; secrets never are.
func Diff(dir string, files []File) (string, error) {
	changes, err := Compare(dir, files)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for i, file := range files {
		if file.Secret || changes[i].State == Same {
			continue
		}
		old, from, err := Old(dir, file.Path)
		if err != nil {
			return "", err
		}
		unified, err := udiff.ToUnified(from, "b/"+file.Path, old, udiff.Lines(old, string(file.Content)), udiff.DefaultContextLines)
		if err != nil {
			return "", fmt.Errorf("cannot compare %s: %w", file.Path, err)
		}
		out.WriteString(unified)
	}
	return out.String(), nil
}

// Old returns a file's text and its name in the head of a diff.
func Old(dir, path string) (text, name string, err error) {
	root, err := openRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "/dev/null", nil
	}
	if err != nil {
		return "", "", err
	}
	defer root.Close()
	content, err := ReadRegular(root, path, largestOutput)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "/dev/null", nil
	case err != nil:
		return "", "", fmt.Errorf("cannot read %s: %w", path, bare(err))
	}
	return string(content), "a/" + path, nil
}
