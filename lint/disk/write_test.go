package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/disk"
)

func TestReplace(t *testing.T) {
	root := filepath.Join(place(t, map[string]string{"work/a.conf": "old\n", "outside/b.conf": "old\n"}, map[string]string{
		"work/link.conf": "a.conf", "work/out.conf": "../outside/b.conf",
	}), "work")
	require.NoError(t, os.Chmod(filepath.Join(root, "a.conf"), 0o640))
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	path := func(name string) string { return filepath.Join(tree.Path(), name) }
	content := func(name string) string {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		return string(text)
	}

	assert.ErrorContains(t, tree.Replace(path("a.conf"), []byte("other\n"), []byte("new\n")), "it has changed since it was read")
	assert.ErrorIs(t, tree.Replace(path("out.conf"), []byte("old\n"), []byte("new\n")), disk.ErrOutside)
	assert.ErrorIs(t, tree.Replace(path("../outside/b.conf"), []byte("old\n"), []byte("new\n")), disk.ErrOutside)
	assert.Equal(t, "old\n", content("a.conf"))
	assert.Equal(t, "old\n", content("../outside/b.conf"))

	require.NoError(t, tree.Replace(path("link.conf"), []byte("old\n"), []byte("new\n")))
	assert.Equal(t, "new\n", content("a.conf"))
	info, err := os.Lstat(filepath.Join(root, "link.conf"))
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link stays")
	info, err = os.Stat(filepath.Join(root, "a.conf"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	assert.Len(t, entries, 3, "nothing stays beside it")
}

func TestWriteFile(t *testing.T) {
	directory := t.TempDir()
	path := filepath.Join(directory, "a.json")
	require.NoError(t, disk.WriteFile(path, []byte("1")))
	require.NoError(t, disk.WriteFile(path, []byte("2")))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "2", string(text))
	assert.ErrorIs(t, disk.WriteFile(directory, []byte("1")), disk.ErrNotRegular)
	assert.ErrorIs(t, disk.WriteFile("/dev/full", []byte("1")), disk.ErrNotRegular)
	assert.Error(t, disk.WriteFile(filepath.Join(directory, "none", "a.json"), []byte("1")))
}
