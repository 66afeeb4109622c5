package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/e2e/strangers"
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/report"
	"github.com/rcomp/rcomp/rules"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// strangersTrees is how many repositories are looked at, the same each time.
// The end-to-end tests look at 2,000 from outside of the program.
const strangersTrees = 400

// TestOpensStayInTheRoot looks at what is opened while the repositories of
// strangers are judged: by the path of each open, and on Linux by what the
// kernel says that the descriptor is.
func TestOpensStayInTheRoot(t *testing.T) {
	above, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	outside := filepath.Join(above, "outside")
	require.NoError(t, strangers.Outside(outside))
	t.Setenv("RCOMP_PLANTED", strangers.Secret)
	t.Setenv("LEAK", strangers.Secret)
	t.Setenv("HOME", outside)

	var opened, refused int
	for seed := range strangersTrees {
		root := filepath.Join(above, fmt.Sprint("r", seed))
		require.NoError(t, strangers.Repository(rand.New(rand.NewPCG(6, uint64(seed))), root, outside))
		seen := judgeStranger(t, root)
		for _, path := range seen.opened {
			opened++
			if !assertInside(t, root, path) {
				t.Logf("repository %d: %s", seed, path)
			}
		}
		refused += seen.refused
		for format, output := range seen.printed {
			if strings.Contains(output, strangers.Secret) {
				t.Errorf("repository %d: a secret is printed as %s:\n%s", seed, format, output)
			}
		}
		require.NoError(t, os.RemoveAll(root))
		if t.Failed() {
			t.FailNow()
		}
	}
	// So that it does not hold because nothing happens.
	assert.Greater(t, opened, 5*strangersTrees)
	assert.Greater(t, refused, strangersTrees)
	t.Logf("%d repositories, %d opens, %d refusals for their place", strangersTrees, opened, refused)
}

type strangersRun struct {
	projects []*compose.Project
	result   *lint.Result
	opened   []string
	refused  int
	printed  map[string]string // by format
}

// judgeStranger does to a repository what lint and inspect do.
func judgeStranger(t *testing.T, root string) (seen strangersRun) {
	t.Helper()
	tree, err := disk.OpenTree(root, root)
	require.NoError(t, err)
	defer tree.Close()
	tree.Observe(func(path string, file *os.File) {
		seen.opened = append(seen.opened, path)
		if runtime.GOOS == "linux" {
			real, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", file.Fd()))
			require.NoError(t, err)
			seen.opened = append(seen.opened, real)
		}
	})
	groups, err := compose.Discover(tree, root)
	require.NoError(t, err)
	var targets []compose.Target
	for _, group := range groups {
		targets = append(targets, compose.Target{Tree: tree, Group: group})
	}
	seen.projects = compose.Judge(targets, func(p *compose.Project) *compose.Project { return p })
	seen.result = lint.Run(seen.projects, rules.All)
	seen.result.Secrets = inspect.Secrets(seen.projects)
	for _, unseen := range seen.result.Unseen {
		if strings.Contains(unseen.Message, disk.ErrOutside.Error()) {
			seen.refused++
		}
	}
	seen.printed = formats(t, seen)
	return seen
}

// formats is what lint and inspect print of a run, by format.
func formats(t *testing.T, seen strangersRun) map[string]string {
	t.Helper()
	outputs := map[string]string{}
	for _, format := range report.Formats {
		var output bytes.Buffer
		writer := display.NewWriter(&output)
		if format.Commands {
			require.NoError(t, format.Print(writer.Commands(), seen.result, report.Options{}))
		} else {
			require.NoError(t, format.Print(writer, seen.result, report.Options{}))
		}
		outputs[format.Name] = output.String()
	}
	for i, project := range seen.projects {
		document := inspect.Describe(inspect.Services(project))
		var text, all, json bytes.Buffer
		require.NoError(t, inspect.Print(display.NewWriter(&text), document, false))
		require.NoError(t, inspect.Print(display.NewWriter(&all), document, true))
		require.NoError(t, display.WriteJSON(display.NewWriter(&json), document))
		outputs[fmt.Sprint("inspect ", i)], outputs[fmt.Sprint("inspect --all ", i)], outputs[fmt.Sprint("inspect json ", i)] = text.String(), all.String(), json.String()
	}
	return outputs
}

// assertInside reports whether what was opened is the repository's and not
// git's.
func assertInside(t *testing.T, root, path string) bool {
	t.Helper()
	below, err := filepath.Rel(root, path)
	return assert.NoError(t, err) && assert.True(t, filepath.IsLocal(below), "%s is outside of %s", path, root) &&
		assert.NotContains(t, strings.Split(strings.ToLower(below), "/"), ".git", "it is git's")
}

// TestTheWatchSees is the counterpart: with a larger root the same trees do
// read what is outside, and it is seen and printed.
func TestTheWatchSees(t *testing.T) {
	above := t.TempDir()
	require.NoError(t, strangers.Outside(filepath.Join(above, "outside")))
	write(t, filepath.Join(above, "r", "compose.yml"), "include: [../outside/compose.yml]\nservices: {a: {image: 'redis:7.4'}}\n")
	above, err := filepath.EvalSymlinks(above)
	require.NoError(t, err)
	seen := judgeStranger(t, above)
	assert.Contains(t, seen.opened, filepath.Join(above, "outside", "compose.yml"))
	assert.Contains(t, seen.printed["text"], strangers.Secret)
}
