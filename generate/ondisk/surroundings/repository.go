// Package surroundings is what stands around the files of an intent: subnets,
// names and ports that other compose files of the repository want, and files of
// the user's own. All of it is read through package lint/disk.
package surroundings

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"regexp"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/disk"
)

// What a search looks at. It has to end soon in any directory, also in
// somebody's home: what is beyond stays unknown, and Unseen says so.
const (
	mostEntries     = 50000
	mostComposeSize = 1 << 20 // bytes of one file
	mostComposeRead = 4 << 20 // bytes of all that matter to one question
)

// composeNames are the files that may claim something, those of stacks included.
var composeNames = regexp.MustCompile(`^(docker-)?(compose|stack).*\.ya?ml$`)

// foreignDirectories hold other people's files, which nobody starts from here.
var foreignDirectories = map[string]bool{"node_modules": true, "vendor": true}

// Repository is the compose files around an output directory: those of the
// repository that it is in, or of the directory itself where there is none. It
// is searched once, when something is first asked.
type Repository struct {
	output   string // without links
	tree     *disk.Tree
	most     int // entries that are looked at
	searched bool
	files    []string // absolute, in order
	unseen   error    // why there may be more
}

// Open prepares to search. What cannot be opened claims nothing that could be seen.
func Open(output string) *Repository {
	directory, err := disk.Resolve(output)
	if err != nil {
		directory, err = disk.Absolute(output) // it is yet to be made
	}
	if err != nil {
		return &Repository{}
	}
	root := directory
	if repository, ok := disk.Repository(directory); ok {
		root = repository
	}
	tree, err := disk.OpenTree(root, ".")
	if err != nil {
		return &Repository{}
	}
	return &Repository{output: directory, tree: tree, most: mostEntries}
}

// Close releases the repository's directory.
func (r *Repository) Close() {
	if r.tree != nil {
		r.tree.Close()
	}
}

// Unseen says why something may have been missed that was asked for, nil where
// nothing was.
func (r *Repository) Unseen() error { return r.unseen }

// missed keeps the first reason.
func (r *Repository) missed(err error) {
	if r.unseen == nil {
		r.unseen = err
	}
}

// composeFiles returns the paths of compose files, in order. Links are not followed.
func (r *Repository) composeFiles() []string {
	if r.searched || r.tree == nil {
		return r.files
	}
	r.searched = true
	entries := 0
	err := r.tree.Walk(r.tree.Path(), func(path string, entry fs.DirEntry) error {
		entries++
		switch {
		case entries > r.most:
			r.missed(fmt.Errorf("only the first %d files and directories are looked at, which end before %q", r.most, r.show(path)))
			return fs.SkipAll
		case entry.IsDir() && foreignDirectories[entry.Name()]:
			return fs.SkipDir
		case entry.Type().IsRegular() && composeNames.MatchString(entry.Name()):
			r.files = append(r.files, path)
		}
		return nil
	})
	if deep := (*disk.Deep)(nil); errors.As(err, &deep) {
		err = fmt.Errorf("%w, such as %q", err, shortened(r.show(deep.Path)))
	}
	if err != nil {
		r.missed(err)
	}
	return r.files
}

// shortened keeps the beginning of a path that would fill the screen.
func shortened(path string) string {
	const enough = 60
	if runes := []rune(path); len(runes) > enough {
		return string(runes[:enough]) + "…"
	}
	return path
}

// contents returns the compose files that matter by their absolute paths, in
// order, up to a number of bytes. What cannot be read claims nothing that could
// be seen.
func (r *Repository) contents(matters func(path string, content []byte) bool) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		left := mostComposeRead
		for _, path := range r.composeFiles() {
			content, err := r.tree.ReadFile(path)
			switch {
			case errors.Is(err, disk.ErrBudget):
				r.missed(err)
				return
			case err != nil || len(content) > mostComposeSize || !matters(path, content):
				continue
			}
			if left -= len(content); left < 0 {
				r.missed(fmt.Errorf("only %d bytes of compose files are read, which end before %q", mostComposeRead, r.show(path)))
				return
			}
			if !yield(path, content) {
				return
			}
		}
	}
}

// show is a path as the user would type it.
func (r *Repository) show(path string) string {
	if working, err := disk.Resolve("."); err == nil {
		if relative, err := filepath.Rel(working, path); err == nil {
			path = relative
		}
	}
	return filepath.ToSlash(path)
}

// pairs goes through the keys of a mapping and their values.
func pairs(node *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i], node.Content[i+1]) {
				return
			}
		}
	}
}

// document reads a compose file as far as that is possible: nil for what is no
// YAML, which claims nothing that could be seen. Nodes are looked at once each,
// since following aliases, or reading a mapping of thousands of keys as one,
// takes longer than the file is worth.
func document(content []byte) *yaml.Node {
	var read yaml.Node
	if yaml.Unmarshal(content, &read) != nil || len(read.Content) == 0 {
		return nil
	}
	return read.Content[0]
}
