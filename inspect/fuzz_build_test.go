package inspect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzBuilds reads arbitrary bytes as a Dockerfile, as what it copies and as a
// .dockerignore. Whatever they are, there is no panic, nothing outside the
// project is opened, and every place lies inside the file that it names.
func FuzzBuilds(f *testing.F) {
	for _, s := range scenarios(f, "dockerfiles.txt") {
		built, conf, ignore := "", "", ""
		for _, file := range s.files[1:] {
			switch {
			case strings.HasSuffix(file.name, "ignore"):
				ignore = file.content
			case strings.Contains(file.content, "FROM "):
				built = file.content
			default:
				conf = file.content
			}
		}
		f.Add(built, conf, ignore)
	}
	f.Add("FROM redis\nCOPY ../secret /etc/a.conf\nCOPY out/secret /etc/b.conf\nADD /*/secret out* /etc/\nCMD [\"/etc/a.conf\"]\n", "", "")
	f.Fuzz(func(t *testing.T, built, conf, ignore string) {
		above, err := filepath.EvalSymlinks(t.TempDir())
		require.NoError(t, err)
		root := filepath.Join(above, "project")
		for name, content := range map[string]string{
			"secret": "requirepass planted\n", "project/compose.yml": building, "project/Dockerfile": built,
			"project/redis.conf": conf, "project/conf/redis.conf": conf, "project/start.sh": conf, "project/.dockerignore": ignore,
		} {
			path := filepath.Join(above, filepath.FromSlash(name))
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		}
		require.NoError(t, os.Symlink("..", filepath.Join(root, "out")))
		tree, err := disk.OpenTree(root, root)
		require.NoError(t, err)
		defer tree.Close()
		tree.Observe(func(path string, _ *os.File) {
			below, err := filepath.Rel(root, path)
			assert.True(t, err == nil && filepath.IsLocal(below), "%s is outside", path)
		})
		loaded := compose.Load(tree, []string{filepath.Join(root, "compose.yml")})
		require.Empty(t, loaded.Refusals)
		services := inspect.Services(loaded)
		inspect.Describe(services)
		for _, s := range services {
			for _, span := range spans(s) {
				inside(t, loaded, span)
			}
			for _, copied := range s.Copied() {
				inside(t, loaded, copied.At)
			}
			s.Health()
			s.WhenUnset()
		}
	})
}

// building builds the Dockerfile in every way that a service may.
const building = `services:
  plain:
    build: .
  command:
    build: {context: ., target: base, args: {VERSION: "${VERSION}", A: "1"}}
    command: redis-server /etc/redis.conf
  other:
    build: {context: conf, dockerfile: ../Dockerfile, additional_contexts: {up: .., here: .}}
    entrypoint: [sh, -c, "exec redis-server /etc/redis/redis.conf"]
`
