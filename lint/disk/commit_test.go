package disk_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/disk"
)

var errKilled = errors.New("killed")

// password moves from the compose file into a file of its own.
const password = "hunter2-of-the-test"

var before = map[string]string{"compose.yml": "requirepass " + password + "\n", "conf/redis.conf": "old\n", ".gitignore": "a\n"}

func changes(tree *disk.Tree) []disk.Change {
	at := func(name string) string { return filepath.Join(tree.Path(), name) }
	return []disk.Change{
		{Path: at("compose.yml"), Old: []byte(before["compose.yml"]), New: []byte("secrets\n")},
		{Path: at("link.conf"), Old: []byte("old\n"), New: []byte("new\n")},
		{Path: at(".gitignore"), Old: []byte("a\n"), New: []byte("a\nsecrets/\n")},
		{Path: at("secrets/deep/password.txt"), New: []byte(password), Create: true, Mode: 0o600},
	}
}

func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			content, readErr := os.ReadFile(path)
			require.NoError(t, readErr)
			relative, _ := filepath.Rel(root, path)
			all[relative] = string(content)
		}
		return err
	}))
	return all
}

func TestCommitIsAllOrNothingWhereverItIsKilled(t *testing.T) {
	after := map[string]string{"compose.yml": "secrets\n", "conf/redis.conf": "new\n", ".gitignore": "a\nsecrets/\n", "secrets/deep/password.txt": password}
	start := func() (*disk.Tree, string) {
		root := place(t, before, map[string]string{"link.conf": "conf/redis.conf"})
		require.NoError(t, os.Chmod(filepath.Join(root, "compose.yml"), 0o664))
		return open(t, root), root
	}
	steps := 0
	tree, root := start()
	tree.Interrupt(func(string) error { steps++; return nil })
	require.NoError(t, tree.Commit(changes(tree)))
	assert.Equal(t, after, contents(t, root))
	assert.Greater(t, steps, 15)

	finished, untouched := 0, 0
	for killed := range steps {
		tree, root := start()
		kill(tree, killed)
		require.ErrorIs(t, tree.Commit(changes(tree)), errKilled)
		assert.Contains(t, strings.Join(values(contents(t, root)), "\n"), password, "it is always in some file")
		tree = open(t, root)
		tree.Interrupt(func(string) error { return nil })
		done, err := tree.Recover()
		require.NoError(t, err)
		switch left := contents(t, root); {
		case len(done.Finished) > 0:
			assert.Equal(t, after, left, "killed at step %d", killed)
			finished++
		default:
			assert.Equal(t, before, left, "killed at step %d", killed)
			untouched++
		}
		info, err := os.Stat(filepath.Join(root, "compose.yml"))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o664), info.Mode().Perm())
		link, err := os.Lstat(filepath.Join(root, "link.conf"))
		require.NoError(t, err)
		assert.NotZero(t, link.Mode()&os.ModeSymlink)
		assert.False(t, tree.CutOff())
	}
	assert.Positive(t, finished)
	assert.Positive(t, untouched)
}

// 500 commits are killed at random moments, and so are the runs that go on with
// them, up to five times.
func TestCommitSurvivesKillsOfItsRecovery(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 1))
	for i := range 500 {
		root := place(t, before, map[string]string{"link.conf": "conf/redis.conf"})
		tree := open(t, root)
		kill(tree, random.IntN(18))
		err := tree.Commit(changes(tree))
		isThere := func() {
			require.Contains(t, strings.Join(values(contents(t, root)), "\n"), password, "run %d: it is always in some file", i)
		}
		isThere()
		for range random.IntN(5) {
			tree = open(t, root)
			kill(tree, random.IntN(10))
			_, _ = tree.Recover()
			isThere()
		}
		tree = open(t, root)
		tree.Interrupt(func(string) error { return nil })
		_, recovered := tree.Recover()
		require.NoError(t, recovered)
		left := contents(t, root)
		if left["compose.yml"] == before["compose.yml"] {
			require.Error(t, err)
			require.Equal(t, before, left, "run %d", i)
			continue
		}
		require.Len(t, left, 4, "run %d", i)
		require.Equal(t, password, left["secrets/deep/password.txt"])
		require.Equal(t, "new\n", left["conf/redis.conf"])
	}
}

// kill ends a commit at the step of that number.
func kill(tree *disk.Tree, at int) {
	step := 0
	tree.Interrupt(func(string) error {
		if step++; step > at {
			return errKilled
		}
		return nil
	})
}

func values(of map[string]string) (all []string) {
	for _, value := range of {
		all = append(all, value)
	}
	return all
}

func TestWhatSomebodyChangedMeanwhileStays(t *testing.T) {
	root := place(t, before, map[string]string{"link.conf": "conf/redis.conf"})
	tree := open(t, root)
	tree.Interrupt(func(step string) error {
		if step == "replace .gitignore" {
			return errKilled
		}
		return nil
	})
	require.ErrorIs(t, tree.Commit(changes(tree)), errKilled)
	require.NoError(t, os.WriteFile(filepath.Join(root, ".gitignore"), []byte("of mine\n"), 0o644))
	tree = open(t, root)
	assert.True(t, tree.CutOff())
	done, err := tree.Recover()
	require.NoError(t, err)
	assert.Equal(t, disk.Recovered{Undone: []string{"compose.yml", "conf/redis.conf"}, Left: []string{".gitignore"}}, done)
	want := map[string]string{"compose.yml": before["compose.yml"], "conf/redis.conf": "old\n", ".gitignore": "of mine\n", "secrets/deep/password.txt": password}
	assert.Equal(t, want, contents(t, root))
}

func TestCommitRefuses(t *testing.T) {
	root := place(t, map[string]string{"work/a": "old\n", "outside/b": "old\n"}, map[string]string{"work/out": "../outside/b", "work/way": "../outside"})
	tree := open(t, filepath.Join(root, "work"))
	at := func(name string) string { return filepath.Join(tree.Path(), name) }
	for name, change := range map[string]disk.Change{
		"it has changed since it was read": {Path: at("a"), Old: []byte("other\n"), New: []byte("new\n")},
		"outside the project":              {Path: at("out"), Old: []byte("old\n"), New: []byte("new\n")},
		"it is outside":                    {Path: at("way/new"), New: []byte("new\n"), Create: true},
		"exist":                            {Path: at("a"), New: []byte("new\n"), Create: true},
		"git":                              {Path: at(".git/hooks/pre-commit"), New: []byte("new\n"), Create: true},
	} {
		good := disk.Change{Path: at("c"), New: []byte("new\n"), Create: true, Mode: 0o644}
		assert.ErrorContains(t, tree.Commit([]disk.Change{good, change}), name)
		assert.Equal(t, map[string]string{"work/a": "old\n", "outside/b": "old\n"}, contents(t, root), name)
	}
}

func TestAJournalThatTheRepositoryBringsIsNone(t *testing.T) {
	root := place(t, map[string]string{"a": "old\n", disk.Journal: `[{"path":"a","old":"b2xkCg==","new":"bmV3Cg=="}]`}, nil)
	require.NoError(t, os.Chmod(filepath.Join(root, disk.Journal), 0o644))
	_, err := open(t, root).Recover()
	assert.ErrorContains(t, err, "is no journal of yours")
	// Under a umask of 077 nobody else may read what git checks out.
	require.NoError(t, os.Chmod(filepath.Join(root, disk.Journal), 0o600))
	_, err = open(t, root).Recover()
	assert.ErrorContains(t, err, "is no journal of yours")
	require.NoError(t, os.Mkdir(filepath.Join(root, ".git"), 0o755))
	require.NoError(t, os.Symlink(".git", filepath.Join(root, "way")))
	ours := time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC)
	for _, path := range []string{"../b", ".git/config", "/etc/passwd", "way/hooks/post-checkout", "way/config"} {
		text := fmt.Sprintf(`[{"path":%q,"old":"","new":"bmV3Cg==","create":true}]`, path)
		require.NoError(t, os.WriteFile(filepath.Join(root, disk.Journal), []byte(text), 0o600))
		require.NoError(t, os.Chmod(filepath.Join(root, disk.Journal), 0o600))
		require.NoError(t, os.Chtimes(filepath.Join(root, disk.Journal), ours, ours))
		_, err := open(t, root).Recover()
		assert.ErrorContains(t, err, "is no journal: remove it")
	}
}

// What stands in the way of a file is met after others were written.
func TestACommitThatCannotBeFinishedIsUndone(t *testing.T) {
	for _, inTheWay := range []string{".compose.yml.rcomp-fix/x", "conf/.redis.conf.rcomp-fix/x", "..gitignore.rcomp-fix/x", "secrets/deep/.password.txt.rcomp-fix/x"} {
		files := map[string]string{inTheWay: "of the repository\n"}
		maps.Copy(files, before)
		root := place(t, files, map[string]string{"link.conf": "conf/redis.conf"})
		tree := open(t, root)
		require.ErrorContains(t, tree.Commit(changes(tree)), "cannot write")
		assert.Equal(t, files, contents(t, root), inTheWay)
		assert.False(t, tree.CutOff())
	}
}

func TestWhatIsPutStandsInTheFile(t *testing.T) {
	root := place(t, map[string]string{"a": "old\n"}, map[string]string{"link": "a"})
	tree := open(t, root)
	read := func(name string) string {
		content, err := tree.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err.Error()
		}
		return string(content)
	}
	assert.Equal(t, "old\n", read("a"))
	assert.Equal(t, "old\n", read("link"))
	require.NoError(t, tree.Put(filepath.Join(root, "link"), []byte("new\n")))
	assert.Equal(t, "new\n", read("a"))
	assert.Equal(t, "new\n", read("link"))
	require.NoError(t, tree.Put(filepath.Join(root, "secrets/made"), []byte("made\n")))
	assert.Equal(t, "made\n", read("secrets/made"))
	require.NoError(t, tree.Take(filepath.Join(root, "link")))
	require.NoError(t, tree.Take(filepath.Join(root, "secrets/made")))
	assert.Equal(t, "old\n", read("link"))
	assert.Contains(t, read("secrets/made"), "no such file")
	assert.Equal(t, map[string]string{"a": "old\n"}, contents(t, root))
}

// commitsIn names the directory in which this program, started by itself,
// commits until it is killed.
const commitsIn = "RCOMP_TEST_COMMITS_IN"

// TestCommitSurvivesSIGKILL kills a program that commits, at any moment.
func TestCommitSurvivesSIGKILL(t *testing.T) {
	if root := os.Getenv(commitsIn); root != "" {
		tree := open(t, root)
		fmt.Println("ready")
		_ = tree.Commit(changes(tree))
		return
	}
	random := rand.New(rand.NewPCG(9, 1))
	outcomes := map[string]int{}
	for range 40 {
		root := place(t, before, map[string]string{"link.conf": "conf/redis.conf"})
		command := exec.Command(os.Args[0], "-test.run=^TestCommitSurvivesSIGKILL$")
		command.Env = append(os.Environ(), commitsIn+"="+root)
		output, err := command.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, command.Start())
		_, err = output.Read(make([]byte, 1))
		require.NoError(t, err)
		time.Sleep(time.Duration(random.IntN(30_000)) * time.Microsecond)
		_ = command.Process.Kill()
		_ = command.Wait()
		_, err = open(t, root).Recover()
		require.NoError(t, err)
		left := contents(t, root)
		if left["compose.yml"] == before["compose.yml"] {
			require.Equal(t, before, left)
			outcomes["nothing"]++
			continue
		}
		require.Equal(t, map[string]string{
			"compose.yml": "secrets\n", "conf/redis.conf": "new\n", ".gitignore": "a\nsecrets/\n", "secrets/deep/password.txt": password,
		}, left)
		outcomes["all"]++
	}
	t.Log(outcomes)
}
