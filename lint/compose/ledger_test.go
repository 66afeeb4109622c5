package compose_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// targets are the files of a directory, each a project of its own.
func targets(t *testing.T, root string, names ...string) (all []compose.Target) {
	tree := open(t, root)
	for _, name := range names {
		all = append(all, compose.Target{Tree: tree, Group: compose.Group{filepath.Join(root, name)}})
	}
	return all
}

// unread counts the projects that a run had nothing for.
func unread(projects []*compose.Project) (count int) {
	for _, p := range projects {
		if len(p.Refusals) > 0 && p.Refusals[0].Kind == compose.TooMuch && strings.HasPrefix(p.Refusals[0].Message, "not read: what was read before it") {
			count++
		}
	}
	return count
}

// What is made of a project counts for the run, too: here all the shell steps
// that a project may take.
func TestWhatIsMadeOfProjectsIsChargedToTheRun(t *testing.T) {
	root := t.TempDir()
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("c%02d.yaml", i))
		require.NoError(t, os.WriteFile(filepath.Join(root, names[i]), []byte("services: {a: {image: redis}}\n"), 0o600))
	}
	spend := func(steps int) func(*compose.Project) *compose.Project {
		return func(p *compose.Project) *compose.Project {
			if steps > 0 && len(p.Refusals) == 0 {
				require.NoError(t, p.Tree().Budget().Spend(disk.ShellSteps, steps))
			}
			return p
		}
	}
	assert.Zero(t, unread(compose.Each(targets(t, root, names...), spend(0))))
	assert.Zero(t, unread(compose.Each(targets(t, root, names[:8]...), spend(100_000))))
	for range 3 { // whichever goroutine is the quicker
		projects := compose.Each(targets(t, root, names...), spend(100_000))
		require.Len(t, projects, 40)
		assert.Equal(t, 31, unread(projects), "the run has eight times what a project has")
		assert.Zero(t, unread(projects[:9]))
	}
}

// Files that are tried as the base of a part count for the run: not each of
// twenty neighbours has a budget for itself.
func TestNeighboursOfPartsAreChargedToTheRun(t *testing.T) {
	root := t.TempDir()
	// Each neighbour takes nearly all the nodes that a project may visit, by
	// names for one value, and declares nothing that is looked for.
	var anchors strings.Builder
	for i := range 195 {
		fmt.Fprintf(&anchors, "x-%d:\n  <<: *a\n", i)
	}
	base := "x: &a {" + strings.Repeat("k%d: v, ", 0)
	for i := range 1000 {
		base += fmt.Sprintf("k%d: v, ", i)
	}
	bomb := "x-" + base + "}\n" + anchors.String() + "services: {b: {image: redis}}\n"
	require.NoError(t, os.Mkdir(filepath.Join(root, "parts"), 0o755))
	for i := range 20 {
		require.NoError(t, os.WriteFile(filepath.Join(root, "parts", fmt.Sprintf("compose.n%02d.yaml", i)), []byte(bomb), 0o600))
	}
	var names []string
	for i := range 12 {
		names = append(names, fmt.Sprintf("parts/compose.p%02d.yaml", i))
		require.NoError(t, os.WriteFile(filepath.Join(root, names[i]), []byte("services: {a: {image: redis, depends_on: [nowhere]}}\n"), 0o600))
	}
	projects := compose.Judge(targets(t, root, names...), func(p *compose.Project) *compose.Project { return p })
	require.Len(t, projects, len(names))
	assert.Equal(t, compose.Undefined, projects[0].Refusals[0].Kind, "the first is judged")
	assert.Greater(t, unread(projects), len(names)/2, "twelve parts with twenty neighbours each are not")
}

func TestFaultsThatAreNotListedAreCounted(t *testing.T) {
	var keys strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&keys, "    wrong%d: 1\n", i)
	}
	project := load(t, "services:\n  a:\n    image: redis\n"+keys.String())
	assert.Len(t, project.Refusals, 1000)
	require.Len(t, project.Unseen, 1)
	assert.Equal(t, "500 more faults of the kind that Compose refuses are not listed", project.Unseen[0].Message)
}

func TestWhatIsTooDeepToSearchIsSaid(t *testing.T) {
	root := write(t, "services: {a: {image: redis}}\n")
	require.NoError(t, os.MkdirAll(filepath.Join(root, strings.Repeat("d/", 120)), 0o755))
	roots, err := disk.NewRoots(root, root)
	require.NoError(t, err)
	t.Cleanup(func() { roots.Close() })
	find := compose.NewFinder(roots)
	require.NoError(t, find.AddPath(root))
	require.Len(t, find.Targets, 1)
	require.Len(t, find.Unseen, 1)
	assert.Equal(t, "not searched: what is more than 100 levels below is not looked at", find.Unseen[0].Message)
	assert.True(t, strings.HasSuffix(find.Unseen[0].Span.File, "d/d/d"))
}
