package surroundings

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/disk"
)

// Found is an intent, and where its files are.
type Found struct {
	Intent    string // as the user would type it
	Directory string // of the files that were made from it; "" where none were found
}

var intentNames = regexp.MustCompile(`^(.*\.)?redis\.toml$`)

// Search finds the intents below a directory, and those that deployments below
// it were made from, wherever in the repository they are. It is in order.
// Source says which intent a file names that gen wrote, "" for any other. Links
// are not followed.
func Search(directory string, source func(content []byte) string) ([]Found, error) {
	roots, err := disk.NewRoots("", "")
	if err != nil {
		return nil, err
	}
	defer roots.Close()
	tree, top, _, err := roots.Locate(directory)
	if err != nil {
		return nil, err
	}
	s := search{tree: tree, source: source, deployed: map[string]bool{}}
	if err := tree.Walk(top, s.look); err != nil {
		return nil, err
	}
	for _, path := range s.intents {
		if !s.deployed[path] {
			s.found = append(s.found, Found{Intent: tree.Show(path)})
		}
	}
	slices.SortFunc(s.found, func(a, b Found) int { return strings.Compare(a.Intent+"\x00"+a.Directory, b.Intent+"\x00"+b.Directory) })
	return s.found, nil
}

type search struct {
	tree     *disk.Tree
	source   func([]byte) string
	entries  int
	intents  []string // absolute
	deployed map[string]bool
	found    []Found
}

func (s *search) look(path string, entry fs.DirEntry) error {
	s.entries++
	switch {
	case s.entries > mostEntries:
		return fmt.Errorf("it has more than %d files and directories: name the intents", mostEntries)
	case entry.IsDir() && foreignDirectories[entry.Name()]:
		return fs.SkipDir
	case !entry.Type().IsRegular():
	case intentNames.MatchString(entry.Name()):
		s.intents = append(s.intents, path)
	case composeNames.MatchString(entry.Name()):
		if intent, ok := madeFrom(s.tree, s.source, path, filepath.Dir(path)); ok {
			s.deployed[intent] = true
			s.found = append(s.found, Found{s.tree.Show(intent), s.tree.Show(filepath.Dir(path))})
		}
	}
	return nil
}

// MadeFrom is the intent that a file was made from, and the directory of the
// deployment that it is a part of. ok is false for what gen did not write, and
// where there is no such intent in the repository.
func MadeFrom(file string, source func(content []byte) string) (found Found, ok bool, err error) {
	roots, err := disk.NewRoots("", "")
	if err != nil {
		return Found{}, false, err
	}
	defer roots.Close()
	tree, absolute, _, err := roots.Locate(file)
	if err != nil {
		return Found{}, false, err
	}
	// A file of a deployment lies in its directory or in one of that.
	for _, directory := range []string{filepath.Dir(absolute), filepath.Dir(filepath.Dir(absolute))} {
		if intent, ok := madeFrom(tree, source, absolute, directory); ok {
			return Found{tree.Show(intent), tree.Show(directory)}, true, nil
		}
	}
	return Found{}, false, nil
}

// madeFrom follows what a file says of itself. It is a stranger's word, so it
// leads to a file of the repository or nowhere.
func madeFrom(tree *disk.Tree, source func([]byte) string, file, directory string) (intent string, ok bool) {
	content, err := tree.ReadFile(file)
	if err != nil {
		return "", false
	}
	way := source(content)
	if way == "" || filepath.IsAbs(way) {
		return "", false
	}
	intent = filepath.Join(directory, filepath.FromSlash(way))
	info, err := tree.Stat(intent)
	return intent, err == nil && info.Mode().IsRegular() && strings.HasSuffix(intent, ".toml")
}
