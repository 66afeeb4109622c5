package main

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With -update the tests rewrite what they compare with. All golden files are
// compared in this package, since the flag exists in no other.
var update = flag.Bool("update", false, "rewrite golden files, README.md and docs/rules")

// repository is where the sources are: tests leave it for directories of
// their own.
var repository = func() string {
	directory, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return directory
}()

func TestMain(m *testing.M) {
	// What a test prints must not depend on where it runs.
	for _, name := range []string{"GITHUB_WORKSPACE", "GITHUB_ACTIONS", "CI_PROJECT_DIR", "GITLAB_CI", "TF_BUILD", "BUILD_SOURCESDIRECTORY", "TEAMCITY_VERSION", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "TERM_PROGRAM", "VTE_VERSION"} {
		os.Unsetenv(name)
	}
	os.Exit(m.Run())
}

// compare holds a text against a golden file of the repository.
func compare(t *testing.T, path, got string) {
	t.Helper()
	path = filepath.Join(repository, path)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test . -update writes it")
	if string(want) != got {
		assert.Fail(t, "go test . -update rewrites it", "%v", udiff.Unified(path, "now", string(want), got))
	}
}

// outcome is what a run leaves.
type outcome struct {
	stdout, stderr string
	status         int
}

// rcomp runs the program in the current directory.
func rcomp(arguments ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := run(arguments, strings.NewReader(""), &stdout, &stderr)
	return outcome{stdout.String(), stderr.String(), status}
}

// enterCopy makes a copy of a directory of the repository the current one.
func enterCopy(t *testing.T, directory string) {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "work")
	require.NoError(t, os.CopyFS(copied, os.DirFS(filepath.Join(repository, directory))))
	t.Chdir(copied)
}

// directories returns the names of the directories in one of the repository.
func directories(t *testing.T, directory string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(repository, directory))
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	require.NotEmpty(t, names)
	return names
}

// filesIn returns the paths of all files below a directory, sorted.
func filesIn(t *testing.T, directory string) []string {
	t.Helper()
	var paths []string
	require.NoError(t, filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			relative, relErr := filepath.Rel(directory, path)
			paths, err = append(paths, filepath.ToSlash(relative)), relErr
		}
		return err
	}))
	return paths
}

func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
}
