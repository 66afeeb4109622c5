package disk_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/require"
)

// place makes a new directory of files, by path, and of links.
func place(t testing.TB, files, links map[string]string) (root string) {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	fill(t, root, files, links)
	return root
}

func fill(t testing.TB, root string, files, links map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	for name, target := range links {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.Symlink(target, path))
	}
}

func open(t testing.TB, root string) *disk.Tree {
	t.Helper()
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	t.Cleanup(func() { tree.Close() })
	return tree
}

// opens are what a tree opens: the path that it says, and the one that the
// kernel has for the descriptor.
type opens struct {
	mutex sync.Mutex
	paths []string
}

func watch(tree *disk.Tree) *opens {
	seen := &opens{}
	tree.Observe(func(path string, opened *os.File) {
		seen.mutex.Lock()
		defer seen.mutex.Unlock()
		seen.paths = append(seen.paths, path)
	})
	return seen
}
