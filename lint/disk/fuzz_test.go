package disk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzPaths asks a tree for paths and patterns of every kind, with a link that
// may lead anywhere: what is opened is inside and not git's, and what is
// outside is never returned.
func FuzzPaths(f *testing.F) {
	for _, way := range []string{
		"a.conf", "sub/../a.conf", "../outside/x", "link", "link/x", "link/../x", "way/x", "in/../../outside/x", ".git/config", ".GIT/config", ".git./config", "GIT~1/config",
		"/etc/passwd", "/proc/self/environ", "/dev/zero", "*", "*/*", "[.]git/*", "link/*", "../*/x", "sub/.g\u200cit/config", "a.conf\x00", strings.Repeat("in/", 60) + "a.conf", "",
	} {
		f.Add(way, "../outside")
		f.Add("link/"+way, way)
	}
	f.Fuzz(func(t *testing.T, way, target string) {
		if len(way)+len(target) > 1<<10 || target == "" || strings.Contains(target, "\x00") {
			return
		}
		above, err := filepath.EvalSymlinks(t.TempDir())
		require.NoError(t, err)
		const private = "PRIVATE"
		fill(t, above, map[string]string{
			"outside/x": private, "root/.git/config": private, "root/sub/.git/config": private, "root/a.conf": "a", "root/sub/b.conf": "b", "root/sub/deep/c.conf": "c",
		}, map[string]string{"root/in": "sub/..", "root/way": "../outside", "root/sub/up": "../.."})
		root := filepath.Join(above, "root")
		if os.Symlink(target, filepath.Join(root, "link")) != nil {
			return // longer than a link can be
		}
		tree, err := disk.OpenTree(root, root)
		require.NoError(t, err)
		defer tree.Close()
		seen := watch(tree)
		for _, path := range []string{filepath.Join(root, way), root + "/" + way, way} {
			if content, err := tree.ReadFile(path); err == nil {
				require.NotContains(t, string(content), private)
			}
			matched, _ := tree.Glob(path)
			for _, file := range matched {
				if content, err := tree.ReadFile(file); err == nil {
					require.NotContains(t, string(content), private)
				}
			}
			_, _ = tree.ReadDir(path)
			_, _ = tree.Stat(path)
		}
		for _, path := range seen.paths {
			below, err := filepath.Rel(root, path)
			require.NoError(t, err)
			assert.True(t, filepath.IsLocal(below), path)
			assert.NotContains(t, strings.Split(strings.ToLower(below), "/"), ".git", path)
		}
	})
}
