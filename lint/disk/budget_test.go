package disk_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestABudgetEndsOnceAndStaysEnded(t *testing.T) {
	budget := disk.NewBudget()
	require.NoError(t, budget.Spend(disk.Words, 99_999))
	require.NoError(t, budget.Spend(disk.Words, 1))
	require.NoError(t, budget.Left(disk.Words), "all of it may be spent")
	assert.Nil(t, budget.Ended())
	err := budget.Spend(disk.Words, 1)
	require.ErrorIs(t, err, disk.ErrBudget)
	assert.EqualError(t, err, "it causes too much work: more than 100000 words")
	assert.Equal(t, err, budget.Left(disk.Words))
	assert.Equal(t, err, budget.Spend(disk.Words, 0), "nothing is had for nothing after the end")
	assert.Equal(t, int64(100_000), budget.Spent(disk.Words))
	assert.Equal(t, disk.Words, budget.Ended().Kind)
	assert.NoError(t, budget.Spend(disk.Nodes, 1), "each kind has a budget of its own")
	assert.Error(t, budget.Spend(disk.Nodes, -1), "nothing is given back")
	assert.Error(t, disk.NewBudget().Spend(disk.Words, int(^uint(0)>>1)), "a sum that does not fit ends it")
}

// What a project brings itself counts once, however often it is read: the work
// that it may cause grows with it and not with the reading.
func TestABudgetGrowsWithWhatIsWritten(t *testing.T) {
	root := place(t, map[string]string{"a": strings.Repeat("x", 1<<20), "b": strings.Repeat("x", 1<<20)}, nil)
	steps := func(names ...string) int {
		tree := open(t, root)
		for _, name := range names {
			_, err := tree.With(disk.NewBudget()).ReadFile(filepath.Join(root, name))
			require.NoError(t, err)
		}
		view := tree.With(disk.NewBudget())
		for _, name := range names {
			_, err := view.ReadFile(filepath.Join(root, name))
			require.NoError(t, err)
		}
		count := 0
		for view.Budget().Spend(disk.ShellSteps, 1000) == nil {
			count += 1000
		}
		return count
	}
	assert.Equal(t, 100_000, steps())
	assert.Equal(t, 362_000, steps("a"))
	assert.Equal(t, 362_000, steps("a", "a", "a"))
	assert.Equal(t, 624_000, steps("a", "b"))
}

func TestReadingEndsToo(t *testing.T) {
	root := place(t, map[string]string{"conf": strings.Repeat("x", 1<<20)}, nil)
	view := open(t, root).With(disk.NewBudget())
	var err error
	reads := 0
	for ; err == nil; reads++ {
		require.Less(t, reads, 100)
		_, err = view.ReadFile(filepath.Join(root, "conf"))
	}
	assert.Equal(t, 9, reads, "4 MiB, and four times what there is")
	assert.EqualError(t, err, fmt.Sprintf("it causes too much work: more than %d bytes read, at %q", 8<<20, "conf"))
	seen := watch(view)
	_, err = view.ReadFile(filepath.Join(root, "other"))
	assert.ErrorIs(t, err, disk.ErrBudget)
	assert.Empty(t, seen.paths, "nothing is opened after the end")
}

// A run is charged in the order of its projects, so it ends at the same one on
// every machine.
func TestARunIsChargedInOrder(t *testing.T) {
	run := disk.NewRunBudget()
	for range 8 {
		project := disk.NewBudget()
		require.NoError(t, project.Spend(disk.ShellSteps, 100_000))
		require.NoError(t, run.Add(project))
	}
	small := disk.NewBudget()
	require.NoError(t, small.Spend(disk.ShellSteps, 1))
	assert.ErrorIs(t, run.Add(small), disk.ErrBudget)
	assert.Equal(t, disk.ShellSteps, run.Ended().Kind)
}

func TestNoFileOfARunIsReadBeyondAllBounds(t *testing.T) {
	run := disk.NewRunBudget()
	root := place(t, map[string]string{"conf": strings.Repeat("x", disk.MaxFile)}, nil)
	var err error
	for i := 0; err == nil; i++ {
		require.Less(t, i, 1000)
		// Each project has other files of the same size.
		above := place(t, nil, map[string]string{"conf": filepath.Join(root, "conf")})
		tree, openErr := disk.OpenTree(root, above)
		require.NoError(t, openErr)
		view := tree.With(disk.NewBudget())
		_, readErr := view.ReadFile(filepath.Join(root, "conf"))
		require.NoError(t, readErr)
		err = run.Add(view.Budget())
		tree.Close()
	}
	assert.ErrorIs(t, err, disk.ErrBudget)
	assert.LessOrEqual(t, run.Spent(disk.BytesRead), int64(128<<20))
}
