package disk_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const secret = "SECRET"

// hostile is a root with everything that must not be read in or beside it.
func hostile(t testing.TB) (root string) {
	above := place(t, map[string]string{
		"secret":               secret,
		"root-2/secret":        secret,
		"root/a/file":          "inside",
		"root/sub/deep/file":   "inside",
		"root/.git/config":     secret,
		"root/sub/.git":        secret,
		"root/.GIT2/file":      "inside",
		"root/modules/.git/at": secret,
	}, map[string]string{
		"root/to-file":          "../secret",
		"root/to-above":         "..",
		"root/to-here":          ".",
		"root/to-a":             "a",
		"root/to-deep":          "sub/deep",
		"root/to-git":           ".git",
		"root/to-git-file":      "sub/../.git/config",
		"root/a/to-git":         "../to-git",
		"root/to-dev":           "/dev",
		"root/to-environment":   "/proc/self/environ",
		"root/circle":           "circle",
		"root/circle-1":         "circle-2",
		"root/circle-2":         "circle-1",
		"root/through":          "to-deep/../../to-above/secret",
		"root/through-neighbor": "../root-2/secret",
		"root/back":             "to-deep/../../a/file",
		"root/hidden-way":       "to-deep/../file",
	})
	root = filepath.Join(above, "root")
	fill(t, root, nil, map[string]string{
		"absolute-inside":  filepath.Join(root, "a", "file"),
		"absolute-outside": filepath.Join(above, "secret"),
		"absolute-around":  root + "/../secret",
		"absolute-root":    root,
	})
	require.NoError(t, makePipe(filepath.Join(root, "pipe")))
	fill(t, root, nil, map[string]string{"to-pipe": "pipe"})
	return root
}

// TestReadFile is the table of what leads to other files than it says.
func TestReadFile(t *testing.T) {
	root := hostile(t)
	for _, test := range []struct {
		path string
		want error // nil where it is read
	}{
		{"a/file", nil},
		{"./a/../a/file", nil},
		{"to-a/file", nil},
		{"to-here/to-here/to-a/file", nil},
		{"to-deep/file", nil},
		{"absolute-inside", nil},
		{"absolute-root/a/file", nil},
		{"back", nil},
		{".GIT2/file", nil},
		// The text takes ".." back from what stands before it, link or not.
		{"to-deep/../a/file", nil},
		{"to-above/../a/file", nil},

		{"../secret", disk.ErrOutside},
		{"a/../../secret", disk.ErrOutside},
		{"../root-2/secret", disk.ErrOutside},
		{"to-file", disk.ErrOutside},
		{"to-above/secret", disk.ErrOutside},
		{"to-here/to-above/root/a/file", disk.ErrOutside},
		{"through", disk.ErrOutside},
		{"through-neighbor", disk.ErrOutside},
		{"absolute-outside", disk.ErrOutside},
		{"absolute-around", disk.ErrOutside},
		{"to-dev/zero", disk.ErrOutside},
		{"to-environment", disk.ErrOutside},

		{".git/config", disk.ErrGit},
		{"a/../.git/config", disk.ErrGit},
		{"to-git/config", disk.ErrGit},
		{"to-git-file", disk.ErrGit},
		{"a/to-git/config", disk.ErrGit},
		{"sub/.git", disk.ErrGit},
		{"modules/.git/at", disk.ErrGit},
		{".GIT/config", disk.ErrGit},
		{".Git/config", disk.ErrGit},
		{".git./config", disk.ErrGit},
		{".git /config", disk.ErrGit},
		{".git::$INDEX_ALLOCATION/config", disk.ErrGit},
		{"GIT~1/config", disk.ErrGit},
		{".g\u200cit/config", disk.ErrGit},
		{".git/nothing", disk.ErrGit},

		{"circle", disk.ErrLinks},
		{"circle-1/x", disk.ErrLinks},
		{"pipe", disk.ErrNotRegular},
		{"to-pipe", disk.ErrNotRegular},
		{"a", disk.ErrNotRegular},
		{".", disk.ErrNotRegular},
		{"none", fs.ErrNotExist},
		{"hidden-way", fs.ErrNotExist},
		{"none/../../secret", disk.ErrOutside},
		{"a/file/x", syscall.ENOTDIR},
		{strings.Repeat("to-here/", 41) + "a/file", disk.ErrLinks},
		{strings.Repeat("x/", 3000) + "x", disk.ErrLong},
		{"a\x00b", syscall.EINVAL},
	} {
		t.Run(strings.ToValidUTF8(test.path[:min(len(test.path), 60)], ""), func(t *testing.T) {
			tree := open(t, root)
			seen := watch(tree)
			content, err := tree.ReadFile(root + "/" + test.path)
			assert.NotContains(t, string(content), secret)
			if test.want == nil {
				require.NoError(t, err)
				assert.Equal(t, "inside", string(content))
				return
			}
			require.ErrorIs(t, err, test.want)
			assert.NotContains(t, err.Error(), root, "who reports it names the file itself")
			assert.Empty(t, content)
			assert.Empty(t, seen.paths, "it is not even opened")
		})
	}
}

func TestStatSaysNothingOfWhatIsOutside(t *testing.T) {
	root := hostile(t)
	tree := open(t, root)
	for _, path := range []string{"../secret", "to-file", "to-above/root", "to-dev/zero", "through", "/etc/passwd"} {
		_, err := tree.Stat(filepath.Join(root, path))
		if filepath.IsAbs(path) {
			_, err = tree.Stat(path)
		}
		assert.ErrorIs(t, err, disk.ErrOutside, path)
	}
	_, err := tree.Stat(filepath.Join(root, ".git"))
	assert.ErrorIs(t, err, disk.ErrGit)
	info, err := tree.Stat(filepath.Join(root, "to-deep"))
	require.NoError(t, err)
	assert.True(t, info.IsDir(), "links are followed")
}

// A root that is, or stands below, what is never read is no root.
func TestNoRootThatIsNeverRead(t *testing.T) {
	root := hostile(t)
	for path, want := range map[string]error{
		root + "/.git": disk.ErrGit, root + "/modules/.git": disk.ErrGit, root + "/to-git": disk.ErrGit,
		"/proc/self": disk.ErrSystem, "/dev": disk.ErrSystem, "/sys": disk.ErrSystem,
	} {
		if _, err := os.Stat(path); err != nil {
			continue // a machine without it
		}
		_, err := disk.OpenTree(path, path)
		assert.ErrorIs(t, err, want, path)
	}
}

// A root may be the top of all files; what the kernel and devices show as
// files is no part of it even so.
func TestNotFilesOfTheTop(t *testing.T) {
	tree := open(t, "/")
	for _, path := range []string{"/proc/self/environ", "/proc/version", "/dev/zero", "/dev/stdin", "/sys/kernel/mm/transparent_hugepage/enabled"} {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		_, err := tree.ReadFile(path)
		assert.ErrorIs(t, err, disk.ErrSystem, path)
	}
}

func TestLargeFiles(t *testing.T) {
	root := place(t, map[string]string{"full": strings.Repeat("x", disk.MaxFile), "more": strings.Repeat("x", disk.MaxFile+1), "holes": ""}, nil)
	require.NoError(t, os.Truncate(filepath.Join(root, "holes"), 3<<30))
	tree := open(t, root)
	content, err := tree.ReadFile(filepath.Join(root, "full"))
	require.NoError(t, err)
	assert.Len(t, content, disk.MaxFile)
	for _, name := range []string{"more", "holes"} {
		content, err = tree.ReadFile(filepath.Join(root, name))
		assert.EqualError(t, err, "it is larger than 4 MiB", name)
		assert.Empty(t, content)
	}
}

// A file that grows while it is read ends at the bound.
func TestAFileThatGrows(t *testing.T) {
	root := place(t, map[string]string{"log": ""}, nil)
	log, err := os.OpenFile(filepath.Join(root, "log"), os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	var stop atomic.Bool
	var writer sync.WaitGroup
	tree := open(t, root)
	tree.Observe(func(string, *os.File) {
		// It is empty when it is opened, and longer than the bound at once.
		chunk := bytes.Repeat([]byte("x"), disk.MaxFile+1)
		_, err := log.Write(chunk)
		assert.NoError(t, err)
		writer.Go(func() {
			for range 4 {
				if stop.Load() {
					return
				}
				_, _ = log.Write(chunk)
			}
		})
	})
	content, err := tree.ReadFile(filepath.Join(root, "log"))
	stop.Store(true)
	writer.Wait()
	require.NoError(t, log.Close())
	assert.EqualError(t, err, "it is larger than 4 MiB")
	assert.Empty(t, content)
}

// TestSwaps lets another process, as it were, replace what stands at a path
// all the time: by a pipe, by a link that leads out, by another file.
func TestSwaps(t *testing.T) {
	above := place(t, map[string]string{"root/file": "inside", "root/other": "inside", "secret": secret}, nil)
	root := filepath.Join(above, "root")
	name := filepath.Join(root, "file")
	var stop atomic.Bool
	var swapper sync.WaitGroup
	swapper.Go(func() {
		for i := 0; !stop.Load(); i++ {
			next := filepath.Join(root, "next")
			os.Remove(next)
			switch i % 3 {
			case 0:
				_ = makePipe(next)
			case 1:
				_ = os.Symlink("../secret", next)
			case 2:
				_ = os.WriteFile(next, []byte("inside"), 0o600)
			}
			_ = os.Rename(next, name)
		}
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 3000 {
			tree, err := disk.OpenTree(root, root)
			if !assert.NoError(t, err) {
				return
			}
			content, err := tree.ReadFile(name)
			if err == nil {
				assert.Equal(t, "inside", string(content))
			}
			tree.Close()
		}
	}()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		t.Error("a pipe holds it up")
	}
	stop.Store(true)
	swapper.Wait()
}

func TestAFileIsReadOnce(t *testing.T) {
	root := place(t, map[string]string{"a": "1"}, map[string]string{"b": "a"})
	tree := open(t, root)
	seen := watch(tree)
	path := filepath.Join(root, "a")
	var readers sync.WaitGroup
	for range 16 {
		readers.Go(func() {
			content, err := tree.With(disk.NewBudget()).ReadFile(path)
			assert.NoError(t, err)
			assert.Equal(t, "1", string(content))
		})
	}
	readers.Wait()
	assert.Len(t, seen.paths, 1)
	require.NoError(t, os.WriteFile(path, []byte("2"), 0o600))
	content, err := tree.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "1", string(content), "a run sees one state of a file")
	tree.Forget(path)
	content, err = tree.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "2", string(content))
}

// Many goroutines use a tree at once, in every way.
func TestSideBySide(t *testing.T) {
	root := hostile(t)
	tree := open(t, root)
	var users sync.WaitGroup
	for i := range 8 {
		users.Go(func() {
			view := tree.With(disk.NewBudget())
			for range 50 {
				for _, name := range []string{"a/file", "to-deep/file", "to-file", ".git/config", fmt.Sprint("none", i)} {
					content, _ := view.ReadFile(filepath.Join(root, name))
					assert.NotContains(t, string(content), secret)
				}
				_, err := view.Glob(filepath.Join(root, "*", "fi*"))
				assert.NoError(t, err)
				assert.NoError(t, view.Walk(root, func(string, fs.DirEntry) error { return nil }))
			}
		})
	}
	users.Wait()
}

func TestShow(t *testing.T) {
	root := place(t, map[string]string{"a/b": ""}, nil)
	tree, err := disk.OpenTree(filepath.Join(root, "a"), root)
	require.NoError(t, err)
	defer tree.Close()
	assert.Equal(t, "a/b", tree.Show(filepath.Join(root, "a", "b")))
	assert.Equal(t, filepath.ToSlash(root)+"/c", tree.Show(filepath.Join(root, "c")), "what is outside has no short name")
}

func TestProvide(t *testing.T) {
	root := place(t, map[string]string{"work/.git/HEAD": "", "work/a/compose.yml": "old"}, map[string]string{"work/out": "../elsewhere"})
	t.Chdir(filepath.Join(root, "work"))
	roots, err := disk.NewRoots("", "")
	require.NoError(t, err)
	defer roots.Close()
	for _, path := range []string{"a/compose.yml", "b/new.yml"} {
		require.NoError(t, roots.Provide(path, []byte("new")))
		tree, absolute, info, err := roots.Locate(path)
		require.NoError(t, err, path)
		assert.True(t, info.Mode().IsRegular())
		content, err := tree.ReadFile(absolute)
		require.NoError(t, err, path)
		assert.Equal(t, "new", string(content))
	}
	assert.Error(t, roots.Provide(".git/config", nil))
	assert.Error(t, roots.Provide("out/x.yml", nil))
}
