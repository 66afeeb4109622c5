package inspect_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
)

// BenchmarkServices loads and works out one project that holds a service of
// each way in which servers are told their configuration.
func BenchmarkServices(b *testing.B) {
	root, err := filepath.EvalSymlinks(b.TempDir())
	require.NoError(b, err)
	for name, content := range map[string]string{
		"compose.yml": mounting,
		"redis.conf":  "maxmemory 100mb\nmaxmemory-policy allkeys-lru\nsave 900 1\nsave 300 10\nrequirepass x\n",
		"start.sh":    "#!/bin/sh\ncp /redis.conf /tmp/r.conf\necho \"timeout 5\" >> /tmp/r.conf\nexec \"$@\"\n",
	} {
		require.NoError(b, os.WriteFile(filepath.Join(root, name), []byte(content), 0o600))
	}
	tree, err := disk.OpenTree(root, root)
	require.NoError(b, err)
	defer tree.Close()
	b.Run("load and inspect", func(b *testing.B) {
		for b.Loop() {
			services := inspect.Services(compose.Load(tree, []string{filepath.Join(root, "compose.yml")}))
			require.Len(b, services, 6)
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			compose.Load(tree, []string{filepath.Join(root, "compose.yml")})
		}
	})
	b.Run("describe", func(b *testing.B) {
		services := inspect.Services(compose.Load(tree, []string{filepath.Join(root, "compose.yml")}))
		for b.Loop() {
			inspect.Describe(services)
		}
	})
}
