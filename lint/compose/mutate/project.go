// Package mutate makes compose projects that may be faulty out of sound ones,
// the same ones for the same seed: what Compose makes of each is then compared
// with what rcomp makes of it. It is for tests alone.
package mutate

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Project is the files of one project by their path, written with slashes.
type Project struct {
	Name  string
	Files map[string]string
}

// Read returns the projects of a directory: each of its directories is one.
func Read(fsys fs.FS) ([]Project, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var projects []Project
	for _, entry := range entries {
		project := Project{Name: entry.Name(), Files: map[string]string{}}
		err := fs.WalkDir(fsys, entry.Name(), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := fs.ReadFile(fsys, path)
			project.Files[strings.TrimPrefix(path, project.Name+"/")] = string(content)
			return err
		})
		if err != nil {
			return nil, err
		}
		projects = append(projects, project)
	}
	return projects, nil
}

// Write puts the files of a project into a directory.
func (p Project) Write(directory string) error {
	for path, content := range p.Files {
		path = filepath.Join(directory, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// composeFiles are the names that Compose looks for, the base first.
var composeFiles = []string{"compose.yaml", "compose.override.yaml"}

// Compose returns the files that are named to Compose, the base first. What
// those include and extend is not among them.
func (p Project) Compose() []string {
	var files []string
	for _, name := range composeFiles {
		if _, ok := p.Files[name]; ok {
			files = append(files, name)
		}
	}
	return files
}

// yamlFiles are all the compose files of a project, sorted.
func (p Project) yamlFiles() []string {
	var files []string
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		if strings.HasSuffix(path, ".yaml") {
			files = append(files, path)
		}
	}
	return files
}

// with is a project in which one file has another text.
func (p Project) with(path, text string) Project {
	files := maps.Clone(p.Files)
	files[path] = text
	return Project{Name: p.Name, Files: files}
}
