package generate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/hexops/gotextdiff"
	"github.com/hexops/gotextdiff/myers"
	"github.com/hexops/gotextdiff/span"
)

// Diff returns what gen would change in dir as a unified diff, "" for nothing. Files edited by hand are part of it; secrets never are.
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
		old, from, err := readOld(dir, file.Path)
		if err != nil {
			return "", err
		}
		edits := myers.ComputeEdits(span.URIFromPath(file.Path), old, string(file.Content))
		fmt.Fprint(&out, gotextdiff.ToUnified(from, "b/"+file.Path, old, edits))
	}
	return out.String(), nil
}

// readOld returns a file's text and its name in the head of a diff.
func readOld(dir, path string) (text, name string, err error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "/dev/null", nil
	}
	if err != nil {
		return "", "", err
	}
	defer root.Close()
	content, err := root.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "/dev/null", nil
	}
	return string(content), "a/" + path, err
}
