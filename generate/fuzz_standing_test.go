package generate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/generate/rollout"
)

// FuzzStanding puts arbitrary files where gen has written its own: what it
// says of the change has words, what it would do to them is no guess, and none
// of the secrets beside them is in it.
func FuzzStanding(f *testing.F) {
	plan, problems := Compile("redis.toml", []byte(good+"topology = \"replicated\"\nexporter = true\n[[users]]\nname = \"web\"\npreset = \"application\"\nkeys = [\"shop:*\"]\n"))
	require.Empty(f, problems)
	files, err := Files(plan)
	require.NoError(f, err)
	for _, path := range []string{render.ComposeFile, render.ConfFile} {
		for _, file := range files {
			if file.Path == path {
				f.Add(string(file.Content), "maxmemory 1gb\nsave 60 1\n", "a password\n")
				f.Add("services: {}\n", string(file.Content), "x")
			}
		}
	}
	f.Add("name: &a x\nservices: {a: &s {image: 'redis:9', volumes: [data:/data, {type: volume, source: x, target: /data}], ports: ['1:2', {target: 6379}]}, b: *s}\nvolumes: {data: }\n", "appendonly yes\nuser a on\ndir \"", "\n")
	f.Add("services: {a: *b}\n", "\xff\x00maxmemory", "")
	f.Add("# "+strings.Repeat("{", 1000), "maxmemory 99999999999999999999gb\nmaxmemory", "x")
	command, password := People(plan)
	people := rollout.Client{Command: command, Secret: password}
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, compose, conf, secret string) {
		if len(compose)+len(conf) > 1<<14 || len(secret) > 100 {
			return
		}
		dir, err := os.MkdirTemp(root, "d")
		require.NoError(t, err)
		defer os.RemoveAll(dir)
		planted := "Zq7planted" + secret
		require.NoError(t, os.Mkdir(filepath.Join(dir, "secrets"), 0o755))
		for path, content := range map[string]string{render.ComposeFile: compose, render.ConfFile: conf, credentials.Directory + credentials.DefaultPassword: planted} {
			require.NoError(t, os.WriteFile(filepath.Join(dir, path), []byte(content), 0o600))
		}
		var said strings.Builder
		standing := rollout.Standing(dir)
		changes, err := ondisk.Compare(dir, files)
		require.NoError(t, err)
		for _, consequence := range rollout.Consequences(standing, files, changes) {
			require.NotEmpty(t, consequence.Message)
			require.Equal(t, consequence.Leaves, consequence.Way != "")
			said.WriteString(consequence.Message)
		}
		room, err := rollout.LessRoom(dir, files)
		require.NoError(t, err)
		diff, err := ondisk.Diff(dir, files)
		require.NoError(t, err)
		for _, next := range rollout.Next(people, standing, files, changes) {
			require.NotEmpty(t, next)
			said.WriteString(next)
		}
		require.NotContains(t, said.String()+room+diff, "Zq7planted")

		// Nothing of somebody else's is overwritten, and with force all is as
		// the intent says.
		_, err = ondisk.Write(dir, files, false)
		if slices.ContainsFunc(changes, ondisk.Change.Kept) {
			require.Error(t, err)
			content, err := os.ReadFile(filepath.Join(dir, render.ComposeFile))
			require.NoError(t, err)
			require.Equal(t, compose, string(content))
		}
		_, err = ondisk.Write(dir, files, true)
		require.NoError(t, err)
		after, err := ondisk.Compare(dir, files)
		require.NoError(t, err)
		for _, change := range after {
			require.Equal(t, ondisk.Same, change.State, change.Path)
		}
		content, err := os.ReadFile(filepath.Join(dir, credentials.Directory+credentials.DefaultPassword))
		require.NoError(t, err)
		require.Equal(t, planted, string(content))
	})
}
