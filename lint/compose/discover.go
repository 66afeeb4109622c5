package compose

import (
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

// skipped are directories that hold other people's files or none of ours.
var skipped = map[string]bool{".git": true, "node_modules": true, "vendor": true, ".terraform": true}

// Discover finds the projects below a directory of the tree: files that are
// named like a compose file, and other YAML files that read like one. Files
// that Compose itself would merge come as one group.
func Discover(tree *disk.Tree, directory string) ([]Group, error) {
	var paths []string
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			if path != directory && entry != nil && entry.IsDir() {
				return filepath.SkipDir // nothing in it can be read
			}
			return err
		}
		if entry.IsDir() {
			if path != directory && skipped[entry.Name()] {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.Type().IsRegular() && isCompose(tree, path) {
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		return nil, disk.Plain(err)
	}
	return Groups(tree, paths), nil
}

// Groups puts each base together with the override beside it, as Compose does
// for its default file names. An override alone brings its base with it.
func Groups(tree *disk.Tree, paths []string) []Group {
	var groups []Group
	seen := map[string]bool{}
	for _, path := range paths {
		group := groupOf(tree, path)
		if key := strings.Join(group, "\x00"); !seen[key] {
			seen[key] = true
			groups = append(groups, group)
		}
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return strings.Compare(a[0], b[0]) })
	return groups
}

func groupOf(tree *disk.Tree, path string) Group {
	directory, name := filepath.Split(path)
	isDefault := slices.Contains(DefaultFileNames, name)
	isOverride := slices.Contains(overrideFileNames, name)
	if !isDefault && !isOverride {
		return Group{path}
	}
	base := firstOf(tree, directory, DefaultFileNames)
	override := firstOf(tree, directory, overrideFileNames)
	// Compose takes one base and one override of a directory; any further
	// one is run by naming it, and so stands alone.
	if base == "" || isDefault && path != base || isOverride && path != override {
		return Group{path}
	}
	if override == "" {
		return Group{base}
	}
	return Group{base, override}
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
