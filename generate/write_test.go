package generate

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
)

func filesOf(t *testing.T, memory string) []ondisk.File {
	t.Helper()
	plan, problems := Compile("redis.toml", []byte("name = \"shop\"\nrole = \"queue\"\nmemory = \""+memory+"\"\n"))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	return files
}

const encryptedIntent = "name = \"shop\"\nrole = \"queue\"\nmemory = \"512M\"\n[tls]\nauthority = \"development\"\n"

func encryptedFiles(t *testing.T) []ondisk.File {
	t.Helper()
	plan, problems := Compile("redis.toml", []byte(encryptedIntent))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	return files
}

func secretsIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	contents := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "secrets", "[a-z]*"))
	require.NoError(t, err)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		contents[filepath.Base(path)] = string(content)
	}
	return contents
}

func states(t *testing.T, dir string, files []ondisk.File) map[string]ondisk.State {
	t.Helper()
	changes, err := ondisk.Compare(dir, files)
	require.NoError(t, err)
	found := map[string]ondisk.State{}
	for _, change := range changes {
		found[change.Path] = change.State
	}
	return found
}

func TestWriteThenNothingChanges(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deploy", "redis")
	files := filesOf(t, "512M")
	changes, err := ondisk.Write(dir, files, false)
	require.NoError(t, err)
	for _, change := range changes {
		assert.Equal(t, ondisk.New, change.State)
		assert.Equal(t, !change.Secret, change.Drift())
	}
	for _, state := range states(t, dir, files) {
		assert.Equal(t, ondisk.Same, state)
	}
	diff, err := ondisk.Diff(dir, files)
	require.NoError(t, err)
	assert.Empty(t, diff)
	leftovers, err := filepath.Glob(filepath.Join(dir, "*", ".rcomp-*"))
	require.NoError(t, err)
	assert.Empty(t, leftovers)
}

func TestModesDoNotDependOnTheUmask(t *testing.T) {
	for _, mask := range []int{0o077, 0o022, 0} {
		func() {
			defer setUmask(setUmask(mask))
			dir := t.TempDir()
			_, err := ondisk.Write(dir, filesOf(t, "512M"), false)
			require.NoError(t, err)
			for path, want := range map[string]os.FileMode{"redis.conf": 0o644, "docker-compose.yml": 0o644, credentials.Directory + credentials.DefaultPassword: 0o600} {
				info, err := os.Stat(filepath.Join(dir, path))
				require.NoError(t, err)
				assert.Equal(t, want, info.Mode().Perm(), path)
			}
		}()
	}
}

func TestPasswordIsMadeOnce(t *testing.T) {
	dir := t.TempDir()
	_, err := ondisk.Write(dir, filesOf(t, "512M"), false)
	require.NoError(t, err)
	first, err := os.ReadFile(filepath.Join(dir, credentials.Directory+credentials.DefaultPassword))
	require.NoError(t, err)
	assert.Regexp(t, `^[A-Za-z0-9][A-Za-z0-9_-]{42}\n$`, string(first))

	_, err = ondisk.Write(dir, filesOf(t, "1G"), true)
	require.NoError(t, err)
	second, err := os.ReadFile(filepath.Join(dir, credentials.Directory+credentials.DefaultPassword))
	require.NoError(t, err)
	assert.Equal(t, first, second, "not even force makes a new one")

	other := t.TempDir()
	_, err = ondisk.Write(other, filesOf(t, "512M"), false)
	require.NoError(t, err)
	third, err := os.ReadFile(filepath.Join(other, credentials.Directory+credentials.DefaultPassword))
	require.NoError(t, err)
	assert.NotEqual(t, first, third)
}

func TestEmptyPasswordFileIsAnError(t *testing.T) {
	dir := t.TempDir()
	files := filesOf(t, "512M")
	_, err := ondisk.Write(dir, files, false)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, credentials.Directory+credentials.DefaultPassword), []byte("\n"), 0o600))
	_, err = ondisk.Write(dir, files, true)
	assert.ErrorContains(t, err, "secrets/redis-password is empty")
}

func TestChangedIntentIsDriftAndIsWritten(t *testing.T) {
	dir := t.TempDir()
	_, err := ondisk.Write(dir, filesOf(t, "512M"), false)
	require.NoError(t, err)
	larger := filesOf(t, "1G")
	assert.Equal(t, map[string]ondisk.State{
		"docker-compose.yml": ondisk.Drifted, "redis.conf": ondisk.Drifted, "README.md": ondisk.Drifted, "secrets/.gitignore": ondisk.Same, "backup/.gitignore": ondisk.Same, credentials.Directory + credentials.DefaultPassword: ondisk.Same,
	}, states(t, dir, larger))
	diff, err := ondisk.Diff(dir, larger)
	require.NoError(t, err)
	assert.Contains(t, diff, "--- a/docker-compose.yml\n+++ b/docker-compose.yml\n")
	assert.Contains(t, diff, "\n-    mem_limit: 512m\n")
	assert.Contains(t, diff, "\n+    mem_limit: 1g\n")
	assert.NotContains(t, diff, "redis-password\n+++")
	_, err = ondisk.Write(dir, larger, false)
	require.NoError(t, err)
	assert.Equal(t, ondisk.Same, states(t, dir, larger)["redis.conf"])
}

func TestEditedFileStopsEverything(t *testing.T) {
	dir := t.TempDir()
	_, err := ondisk.Write(dir, filesOf(t, "512M"), false)
	require.NoError(t, err)
	conf := filepath.Join(dir, "redis.conf")
	before, err := os.ReadFile(conf)
	require.NoError(t, err)
	edited := strings.Replace(string(before), "loglevel notice", "loglevel verbose", 1)
	require.NotEqual(t, string(before), edited)
	require.NoError(t, os.WriteFile(conf, []byte(edited), 0o644))

	larger := filesOf(t, "1G")
	changes, err := ondisk.Write(dir, larger, false)
	var stopped *ondisk.EditedError
	require.True(t, errors.As(err, &stopped))
	assert.Equal(t, []string{"redis.conf"}, stopped.Paths)
	assert.Len(t, changes, len(larger))
	after, err := os.ReadFile(filepath.Join(dir, "docker-compose.yml"))
	require.NoError(t, err)
	assert.Contains(t, string(after), "mem_limit: 512m", "nothing at all is written")
	assert.Equal(t, ondisk.Edited, states(t, dir, larger)["redis.conf"])

	_, err = ondisk.Write(dir, larger, true)
	require.NoError(t, err)
	assert.Equal(t, ondisk.Same, states(t, dir, larger)["redis.conf"])
}

func TestForeignFileIsKept(t *testing.T) {
	dir := t.TempDir()
	readme := filepath.Join(dir, "README.md")
	require.NoError(t, os.WriteFile(readme, []byte("# Our project\n"), 0o644))
	_, err := ondisk.Write(dir, filesOf(t, "512M"), false)
	require.ErrorContains(t, err, "README.md")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestDigestSurvivesOtherLineEnds(t *testing.T) {
	dir := t.TempDir()
	files := filesOf(t, "512M")
	_, err := ondisk.Write(dir, files, false)
	require.NoError(t, err)
	conf := filepath.Join(dir, "redis.conf")
	content, err := os.ReadFile(conf)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(conf, []byte(strings.ReplaceAll(string(content), "\n", "\r\n")), 0o644))
	assert.Equal(t, ondisk.Same, states(t, dir, files)["redis.conf"])
	assert.Equal(t, ondisk.Drifted, states(t, dir, filesOf(t, "1G"))["redis.conf"])
}

// A repository is not trusted to keep gen inside it.
func TestWriteDoesNotLeaveTheDirectory(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "secrets")))
	_, err := ondisk.Write(dir, filesOf(t, "512M"), true)
	require.Error(t, err)
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

func TestFailedWriteLeavesTheOldFiles(t *testing.T) {
	dir := t.TempDir()
	files := filesOf(t, "512M")
	_, err := ondisk.Write(dir, files, false)
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "secrets")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secrets"), nil, 0o644)) // a file where the directory should be
	_, err = ondisk.Write(dir, filesOf(t, "1G"), true)
	require.Error(t, err)
	content, err := os.ReadFile(filepath.Join(dir, "redis.conf"))
	require.NoError(t, err)
	assert.Equal(t, string(files[1].Content), string(content))
	leftovers, err := filepath.Glob(filepath.Join(dir, ".rcomp-*"))
	require.NoError(t, err)
	assert.Empty(t, leftovers)
}

// Another intent's files are not its own, whether they were edited or not.
func TestFilesOfAnotherIntentAreKept(t *testing.T) {
	dir := t.TempDir()
	_, err := ondisk.Write(dir, filesOf(t, "512M"), false)
	require.NoError(t, err)
	before := secretsIn(t, dir)
	plan, problems := Compile("sessions.redis.toml", []byte("name = \"sessions\"\nrole = \"session-store\"\nmemory = \"1G\"\n"))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	changes, err := ondisk.Write(dir, files, false)
	require.ErrorContains(t, err, "docker-compose.yml, redis.conf, README.md")
	for _, change := range changes {
		assert.Equal(t, change.Secret, change.State == ondisk.Same, change.Path)
		assert.True(t, change.Secret || change.State == ondisk.Other, change.Path)
	}
	assert.Equal(t, before, secretsIn(t, dir))
	assert.Equal(t, ondisk.Same, states(t, dir, filesOf(t, "512M"))["redis.conf"], "nothing at all is written")
}

// TestProgramsAreGuarded: a program says nothing of an intent, but what
// somebody changed in it is kept, and what an older gen made is replaced.
func TestProgramsAreGuarded(t *testing.T) {
	plan, problems := Compile("redis.toml", []byte("name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"sentinel\"\n"))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	dir := t.TempDir()
	_, err = ondisk.Write(dir, files, false)
	require.NoError(t, err)
	program := filepath.Join(dir, "start-server.sh")
	made, err := os.ReadFile(program)
	require.NoError(t, err)

	require.NoError(t, os.WriteFile(program, append(made, "exit\n"...), 0o644))
	assert.Equal(t, ondisk.Edited, states(t, dir, files)["start-server.sh"])
	older := ondisk.Stamp([]byte("#!/bin/sh\n# Made by `rcomp gen` from redis.toml. To change it, change that file and run `rcomp gen` again.\n# rcomp-digest: \nexit\n"))
	require.NoError(t, os.WriteFile(program, older, 0o644))
	assert.Equal(t, ondisk.Drifted, states(t, dir, files)["start-server.sh"])
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\nexit\n"), 0o644))
	assert.Equal(t, ondisk.Foreign, states(t, dir, files)["start-server.sh"])

	require.NoError(t, os.WriteFile(program, made, 0o644))
	single := filesOf(t, "256M")
	left, err := ondisk.Leftovers(dir, single, render.Paths())
	require.NoError(t, err)
	assert.Contains(t, left, ondisk.Leftover{Path: "start-server.sh"})
}

// TestSecretsAreKnownByTheirNames: what is left of them is told from passwords
// of the user's own in the same directory.
func TestSecretsAreKnownByTheirNames(t *testing.T) {
	const web = "[[users]]\nname = \"web\"\npreset = \"application\"\n[tls]\nauthority = \"development\"\n"
	for _, lines := range []string{"", web, "topology = \"cluster\"\n" + web, "topology = \"sentinel\"\nexporter = true\nproxy = true\ndefault-user = true\n" + web} {
		for _, file := range fileSet(t, lines) {
			assert.Equal(t, file.Secret, credentials.Makes(path.Base(file.Path)), file.Path)
		}
	}
	for _, name := range []string{"postgres-password", "user-password", "user--password", "redis-password.old", "password"} {
		assert.False(t, credentials.Makes(name), name)
	}
}

// TestWhatStandsInTheWay is said by its name, and nothing is written.
func TestWhatStandsInTheWay(t *testing.T) {
	for says, put := range map[string]func(dir string) error{
		"cannot read secrets/redis-password: a link on the way leads nowhere: bring back": func(dir string) error {
			require.NoError(t, os.Mkdir(filepath.Join(dir, "secrets"), 0o755))
			return os.Symlink("../vault/password", filepath.Join(dir, "secrets/redis-password"))
		},
		"cannot read secrets/.gitignore: a link on the way leads nowhere:":      func(dir string) error { return os.Symlink("vault", filepath.Join(dir, "secrets")) },
		"cannot write redis.conf: .rcomp-redis.conf.tmp is in the way: move it": func(dir string) error { return os.MkdirAll(filepath.Join(dir, ".rcomp-redis.conf.tmp/mine"), 0o755) },
	} {
		dir := t.TempDir()
		require.NoError(t, put(dir))
		_, err := ondisk.Write(dir, filesOf(t, "256M"), false)
		require.ErrorContains(t, err, says)
		assert.NoFileExists(t, filepath.Join(dir, "docker-compose.yml"))
		assert.NoFileExists(t, filepath.Join(dir, ".rcomp-docker-compose.yml.tmp"))
	}
}
