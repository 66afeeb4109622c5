package compose

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/disk"
)

// Group is the compose files that make up one project, as absolute paths:
// the base first, then its override.
type Group []string

// DefaultFileNames are what Compose looks for where no file is named, the first
// one first.
var DefaultFileNames = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

// overrideFileNames are what Compose merges over a default file by itself.
var overrideFileNames = []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}

// skipped are directories that hold other people's files. The walk itself
// leaves out what git keeps.
var skipped = map[string]bool{"node_modules": true, "vendor": true, ".terraform": true}

// Discover finds the projects below a directory of the tree: files that are
// named like a compose file, and other YAML files that read like one. Files
// that Compose itself would merge come as one group. Groups are returned with
// a *disk.Deep too: more may be where it says.
func Discover(tree *disk.Tree, directory string) ([]Group, error) {
	var named, others []string
	err := tree.Walk(directory, func(path string, entry fs.DirEntry) error {
		switch {
		case entry.IsDir() && skipped[entry.Name()]:
			return fs.SkipDir
		case !entry.Type().IsRegular():
		case isNamedCompose(path):
			named = append(named, path)
		case mayBeCompose(path):
			others = append(others, path)
		}
		return nil
	})
	deep := (*disk.Deep)(nil)
	if err != nil && !errors.As(err, &deep) {
		return nil, err
	}
	found, readErr := thatRead(tree, others)
	if readErr != nil {
		err = readErr
	}
	return Groups(tree, append(named, found...)), err
}

// thatRead returns those of the files that read like a compose file. What
// the others hold is of no use to anyone.
func thatRead(tree *disk.Tree, paths []string) ([]string, error) {
	var found []string
	for _, path := range paths {
		source, err := tree.ReadFile(path)
		if errors.Is(err, disk.ErrBudget) {
			return nil, err
		}
		if err == nil && readsLikeCompose(source, isTemplate(path)) {
			found = append(found, path)
		} else {
			tree.Forget(path)
		}
	}
	return found, nil
}

// Groups puts each base together with the override beside it, as Compose does
// for its default file names. An override alone brings its base with it.
func Groups(tree *disk.Tree, paths []string) []Group {
	var groups []Group
	seen := map[string]bool{}
	pairs := map[string]pair{}
	for _, path := range paths {
		group := groupOf(tree, path, pairs)
		if key := strings.Join(group, "\x00"); !seen[key] {
			seen[key] = true
			groups = append(groups, group)
		}
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return strings.Compare(a[0], b[0]) })
	return groups
}

// pair is what Compose takes of a directory: one base and one override, each
// "" where there is none.
type pair struct{ base, override string }

func groupOf(tree *disk.Tree, path string, pairs map[string]pair) Group {
	directory, name := filepath.Split(path)
	isDefault := slices.Contains(DefaultFileNames, name)
	isOverride := slices.Contains(overrideFileNames, name)
	if !isDefault && !isOverride {
		return Group{path}
	}
	taken, known := pairs[directory]
	if !known {
		taken = pair{firstOf(tree, directory, DefaultFileNames), firstOf(tree, directory, overrideFileNames)}
		pairs[directory] = taken
	}
	// Any further file is run by naming it, and so stands alone.
	if taken.base == "" || isDefault && path != taken.base || isOverride && path != taken.override {
		return Group{path}
	}
	if taken.override == "" {
		return Group{taken.base}
	}
	return Group{taken.base, taken.override}
}

func firstOf(tree *disk.Tree, directory string, names []string) string {
	for _, name := range names {
		path := filepath.Join(directory, name)
		if info, err := tree.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}
