package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rcomp/rcomp/git"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// branch tells what a branch has touched since it left another. What is on the
// disk is compared here with what git knows of the older state.
type branch struct {
	ref   string
	mutex sync.Mutex
	older map[string]map[string]string // by root: the digest of each file, by its path
}

func newBranch(ref string) *branch {
	if ref == "" {
		return nil
	}
	return &branch{ref: ref, older: map[string]map[string]string{}}
}

// touches reports whether a change concerns a project: one that reads a file
// which differs, or that is beside one which is gone.
func (c *branch) touches(j *judgement, project *compose.Project) (bool, error) {
	root := project.Tree().Path()
	older, err := c.since(root)
	if err != nil {
		return false, err
	}
	texts := project.Texts()
	if found, err := j.settings.For(project.Tree(), project.Directory); err == nil && found.File() != "" {
		texts[found.File()] = found.Source()
	}
	for file, content := range texts {
		below, err := filepath.Rel(root, j.roots.Absolute(file))
		if err != nil || !git.IsBlob(content, older[filepath.ToSlash(below)]) {
			return true, nil
		}
	}
	return isGone(project, older), nil
}

// isGone reports whether a file that stood beside a project, or below, is gone.
func isGone(project *compose.Project, older map[string]string) bool {
	directory, err := filepath.Rel(project.Tree().Path(), project.Directory)
	if err != nil {
		return false
	}
	for file := range older {
		if directory != "." && !strings.HasPrefix(file, filepath.ToSlash(directory)+"/") {
			continue
		}
		if _, err := project.Tree().Stat(filepath.Join(project.Tree().Path(), filepath.FromSlash(file))); errors.Is(err, os.ErrNotExist) {
			return true
		}
	}
	return false
}

// since lists the files of a repository where the branch began, with their
// digests.
func (c *branch) since(root string) (map[string]string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known, ok := c.older[root]; ok {
		return known, nil
	}
	if _, ok := disk.Repository(root); !ok {
		return nil, fmt.Errorf("--changed-since: %q is in no git repository", root)
	}
	files, err := git.Since(root, c.ref)
	if err != nil {
		return nil, fmt.Errorf("--changed-since: %w", err)
	}
	c.older[root] = files
	return files, nil
}
