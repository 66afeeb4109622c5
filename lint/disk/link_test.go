package disk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A link is read as it is written, wherever it leads, and nothing outside is
// touched on the way to it.
func TestLink(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	root, outside := filepath.Join(base, "root"), filepath.Join(base, "outside")
	require.NoError(t, os.MkdirAll(filepath.Join(root, "deep", ".git"), 0o755))
	require.NoError(t, os.Mkdir(outside, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "file"), nil, 0o600))
	for link, target := range map[string]string{
		"away": "/etc/redis.conf", "above": "../outside", "down": "deep", "deep/up": "../file", "deep/.git/HEAD": "x",
	} {
		require.NoError(t, os.Symlink(target, filepath.Join(root, link)))
	}
	require.NoError(t, os.Symlink("file", filepath.Join(outside, "link")))
	tree, err := OpenTree(root, root)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tree.Close()) })
	for name, want := range map[string]string{
		"away": "/etc/redis.conf", "above": "../outside", "down": "deep", "deep/up": "../file", "down/up": "../file",
		"file": "", "deep": "", "nothing": "", "above/link": "", "../outside/link": "", "deep/.git/HEAD": "", ".": "",
	} {
		target, ok := tree.Link(filepath.Join(root, name))
		assert.Equal(t, want, target, name)
		assert.Equal(t, want != "", ok, name)
	}
	matches, err := tree.Glob(filepath.Join(root, "a*"))
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(root, "above"), filepath.Join(root, "away")}, matches)
}
