package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// walked lists what a walk comes by, relative to the root.
func walked(t *testing.T, tree *disk.Tree, directory string, visit func(path string, entry fs.DirEntry) error) (names []string, err error) {
	t.Helper()
	err = tree.Walk(filepath.Join(tree.Path(), directory), func(path string, entry fs.DirEntry) error {
		name, relErr := filepath.Rel(tree.Path(), path)
		require.NoError(t, relErr)
		names = append(names, name)
		if visit != nil {
			return visit(path, entry)
		}
		return nil
	})
	return names, err
}

func TestWalk(t *testing.T) {
	root := place(t, map[string]string{
		"b/2": "", "b/1": "", "a": "", "c/d/e": "", ".git/config": "", "c/.GIT/config": "", "c/.gitignore": "",
	}, map[string]string{"to-b": "b", "to-above": "..", "c/round": "."})
	tree := open(t, root)
	names, err := walked(t, tree, ".", nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b", "b/1", "b/2", "c", "c/.gitignore", "c/d", "c/d/e", "c/round", "to-above", "to-b"}, names,
		"sorted, links as what they are, nothing of git")

	names, err = walked(t, tree, "c", nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"c/.gitignore", "c/d", "c/d/e", "c/round"}, names)

	names, err = walked(t, tree, "to-b", nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"to-b/1", "to-b/2"}, names, "what the walk begins at may be a link that stays inside")

	names, err = walked(t, tree, ".", func(path string, _ fs.DirEntry) error {
		switch filepath.Base(path) {
		case "b":
			return fs.SkipDir
		case "c":
			return fs.SkipAll
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b", "c"}, names)

	stop := errors.New("stop")
	_, err = walked(t, tree, ".", func(string, fs.DirEntry) error { return stop })
	assert.ErrorIs(t, err, stop)
	for directory, want := range map[string]error{"to-above": disk.ErrOutside, "..": disk.ErrOutside, ".git": disk.ErrGit, "none": fs.ErrNotExist} {
		names, err = walked(t, tree, directory, nil)
		assert.ErrorIs(t, err, want, directory)
		assert.Empty(t, names)
	}
	_, err = walked(t, tree, "a", nil)
	assert.Error(t, err, "a file is no directory")
}

func TestWalkHasAnEnd(t *testing.T) {
	root := place(t, nil, nil)
	require.NoError(t, os.MkdirAll(filepath.Join(root, strings.Repeat("d/", 300)), 0o755))
	names, err := walked(t, open(t, root), ".", nil)
	deep := (*disk.Deep)(nil)
	require.ErrorAs(t, err, &deep, "what was not entered is said")
	assert.True(t, strings.HasSuffix(deep.Path, strings.Repeat("/d", 101)), deep.Path)
	assert.Len(t, names, 101, "as deep as it goes")

	wide := place(t, nil, nil)
	for i := range 60 {
		for j := range 50 {
			require.NoError(t, os.MkdirAll(filepath.Join(wide, fmt.Sprint(i), fmt.Sprint(j)), 0o755))
		}
	}
	tree := open(t, wide)
	for err = nil; err == nil; {
		_, err = walked(t, tree, ".", nil)
	}
	assert.ErrorIs(t, err, disk.ErrBudget)
	assert.Contains(t, err.Error(), "directory entries, at ")
}

func TestGlob(t *testing.T) {
	root := place(t, map[string]string{
		"conf/a.conf": "", "conf/b.conf": "", "conf/.hidden.conf": "", "conf/c.d/x.conf": "", "conf/[x].conf": "", "other/a.conf": "",
		".git/a.conf": "", "conf/d.conf/file": "",
	}, map[string]string{"conf/link.conf": "../other/a.conf", "conf/out.conf": "/etc/passwd", "to-conf": "conf", "out": "/etc", "gone.conf": "none"})
	tree := open(t, root)
	for pattern, want := range map[string][]string{
		"conf/*.conf":      {"conf/[x].conf", "conf/a.conf", "conf/b.conf", "conf/link.conf", "conf/out.conf"},
		"*/a.conf":         {"conf/a.conf", "other/a.conf", "to-conf/a.conf"},
		"*/*/x.conf":       {"conf/c.d/x.conf", "to-conf/c.d/x.conf"},
		"conf/.*.conf":     {"conf/.hidden.conf"},
		"conf/[ab].conf":   {"conf/a.conf", "conf/b.conf"},
		`conf/\[x\].conf`:  {"conf/[x].conf"},
		"to-conf/?.conf":   {"to-conf/a.conf", "to-conf/b.conf"},
		"conf/a.conf":      {"conf/a.conf"},
		"conf/../*/a.conf": {"conf/a.conf", "other/a.conf", "to-conf/a.conf"},
		".git/*":           nil,
		".*/a.conf":        nil,
		"out/*":            nil,
		"gone*":            {"gone.conf"},
		"none/*":           nil,
		"*":                {"gone.conf", "out"},
		".":                nil,
	} {
		matches, err := tree.Glob(filepath.Join(root, pattern))
		require.NoError(t, err, pattern)
		var names []string
		for _, match := range matches {
			name, err := filepath.Rel(root, match)
			require.NoError(t, err)
			names = append(names, name)
		}
		assert.Equal(t, want, names, pattern)
	}
	_, err := tree.Glob(filepath.Join(root, "..", "*"))
	assert.ErrorIs(t, err, disk.ErrOutside)
	_, err = tree.Glob(filepath.Join(root, "[a"))
	assert.Error(t, err)
}

// TestGlobHasAnEnd has many files, patterns that try every place of a name,
// and services that ask again and again.
func TestGlobHasAnEnd(t *testing.T) {
	root := place(t, nil, nil)
	name := strings.Repeat("a", 100)
	for i := range 12_000 {
		require.NoError(t, os.WriteFile(filepath.Join(root, fmt.Sprint(name, i)), nil, 0o600))
	}
	tree := open(t, root)
	started := time.Now()

	matches, err := tree.With(disk.NewBudget()).Glob(filepath.Join(root, "*"))
	assert.ErrorIs(t, err, disk.ErrBudget)
	assert.EqualError(t, err, `it causes too much work: more than 10000 files matched, at "*"`)
	assert.LessOrEqual(t, len(matches), 10_001)

	_, err = tree.With(disk.NewBudget()).Glob(filepath.Join(root, strings.Repeat("*a", 50)+"b"))
	assert.ErrorIs(t, err, disk.ErrBudget, "fifty stars are fifty times the work")

	view, asked := tree.With(disk.NewBudget()), 0
	for err = nil; err == nil; asked++ {
		_, err = view.Glob(filepath.Join(root, "none*"))
	}
	assert.ErrorIs(t, err, disk.ErrBudget)
	assert.Equal(t, 11, asked, "what is listed once is still looked through each time")
	assert.Less(t, time.Since(started), time.Minute, "far above what is needed")
}

func TestADirectoryIsListedOnce(t *testing.T) {
	root := place(t, map[string]string{"a": "", "b": ""}, nil)
	tree := open(t, root)
	seen := watch(tree)
	for range 5 {
		entries, err := tree.With(disk.NewBudget()).ReadDir(root)
		require.NoError(t, err)
		require.Len(t, entries, 2)
	}
	assert.Len(t, seen.paths, 1)
}
