package disk

import (
	"errors"
	"path"
	"path/filepath"
	"strings"
)

// Glob returns the files below the root that match a pattern as glob(3) has it,
// sorted: links that lead nowhere, or out of the root, as well. Each directory
// is listed once in a run, and both what is held against a pattern and what
// matches is counted.
func (t *Tree) Glob(pattern string) ([]string, error) {
	relative, err := t.inside(pattern)
	if err != nil {
		return nil, err
	}
	relative = filepath.ToSlash(relative)
	if _, err := path.Match(relative, ""); err != nil {
		return nil, err
	}
	g := globbing{tree: t, shown: t.Show(pattern)}
	err = g.below(t.path, strings.Split(relative, "/"))
	return g.matches, err
}

// Match returns everything below a directory that matches a relative pattern as
// COPY of a Dockerfile has it, sorted: directories and hidden files too. It
// counts as Glob does.
func (t *Tree) Match(directory, pattern string) ([]string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	g := globbing{tree: t, shown: t.Show(filepath.Join(directory, pattern)), all: true}
	err := g.below(directory, strings.Split(path.Clean(pattern), "/"))
	return g.matches, err
}

type globbing struct {
	tree    *Tree
	shown   string
	all     bool // directories and hidden files too
	matches []string
}

// below finds what matches the parts of a pattern in a directory. What cannot
// be listed matches nothing.
func (g *globbing) below(directory string, parts []string) error {
	part, rest := parts[0], parts[1:]
	if !strings.ContainsAny(part, `*?[\`) {
		return g.step(filepath.Join(directory, part), rest)
	}
	entries, err := g.tree.ReadDir(directory)
	if errors.Is(err, ErrBudget) {
		return err
	}
	// Every star may have to be tried at every place of a name.
	if stars := strings.Count(part, "*"); stars > 1 {
		if err := g.tree.budget.spendAt(DirectoryEntries, int64(stars*len(entries)), g.shown); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		// A wildcard does not match the dot of a hidden file.
		if !g.all && strings.HasPrefix(entry.Name(), ".") && !strings.HasPrefix(part, ".") {
			continue
		}
		if matched, _ := path.Match(part, entry.Name()); !matched {
			continue
		}
		if err := g.step(filepath.Join(directory, entry.Name()), rest); err != nil {
			return err
		}
	}
	return nil
}

// step goes on with a path that matches so far.
func (g *globbing) step(name string, rest []string) error {
	if len(rest) > 0 {
		return g.below(name, rest)
	}
	info, err := g.tree.Stat(name)
	if _, isLink := g.tree.Link(name); err != nil && (g.all || !isLink) || err == nil && info.IsDir() && !g.all {
		return nil
	}
	g.matches = append(g.matches, name)
	return g.tree.budget.spendAt(FilesMatched, 1, g.shown)
}
