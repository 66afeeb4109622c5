package disk_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLocate is the table of what a path of the command line may read. In
// root and file, ABOVE is the directory that holds all.
func TestLocate(t *testing.T) {
	above := place(t, map[string]string{
		"work/.git/HEAD":          "",
		"work/compose.yml":        "",
		"work/deploy/compose.yml": "",
		"work/module/.git":        "gitdir: elsewhere",
		"work/module/in/file":     "",
		"home/.git/HEAD":          "",
		"home/secret.yml":         "",
		"plain/file":              "",
		"plain/below/file":        "",
	}, map[string]string{
		"work/to-home":             "../home",
		"work/to-file":             "../home/secret.yml",
		"work/to-plain":            "../plain",
		"work/to-deploy":           "deploy",
		"work/to-module":           "module",
		"work/to-compose":          "compose.yml",
		"work/to-git":              ".git",
		"work/module/to-work":      "../deploy",
		"work/deploy/to-to-home":   "../to-home",
		"plain/to-home":            "../home",
		"plain/below/to-neighbor":  "../file",
		"to-work":                  "work",
		"work/deploy/-f":           "compose.yml",
		"work/deploy/a\n::error::": "compose.yml",
	})
	leadsOut := "a link on the way leads out of what may be read (--root names more)"
	for _, test := range []struct {
		name, working, root, path string
		wantRoot, wantFile        string
		err                       string
	}{
		{name: "a file", working: "work", path: "compose.yml", wantRoot: "work", wantFile: "work/compose.yml"},
		{name: "a directory", working: "work", path: "deploy", wantRoot: "work", wantFile: "work/deploy"},
		{name: "from below", working: "work/deploy", path: "compose.yml", wantRoot: "work", wantFile: "work/deploy/compose.yml"},
		{name: "above, in the repository", working: "work/deploy", path: "../compose.yml", wantRoot: "work", wantFile: "work/compose.yml"},
		{name: "absolute", working: "work", path: "ABOVE/work/compose.yml", wantRoot: "work", wantFile: "work/compose.yml"},
		{name: "by a link of the user's own", working: "plain", path: "ABOVE/to-work/compose.yml", wantRoot: "work", wantFile: "work/compose.yml"},
		{name: "another repository", working: "home", path: "../work/deploy", wantRoot: "work", wantFile: "work/deploy"},
		{name: "a module is a root of its own", working: "work", path: "module/in/file", wantRoot: "work/module", wantFile: "work/module/in/file"},
		{name: "in a module", working: "work/module", path: "in/file", wantRoot: "work/module", wantFile: "work/module/in/file"},
		{name: "a linked file that stays", working: "work", path: "to-compose", wantRoot: "work", wantFile: "work/to-compose"},
		{name: "a linked directory that stays", working: "work", path: "to-deploy/compose.yml", wantRoot: "work", wantFile: "work/to-deploy/compose.yml"},
		{name: "a linked module", working: "work", path: "to-module/in/file", wantRoot: "work/to-module", wantFile: "work/to-module/in/file"},
		{name: "a name like a flag", working: "work/deploy", path: "-f", wantRoot: "work", wantFile: "work/deploy/-f"},
		{name: "a name like a command", working: "work/deploy", path: "a\n::error::", wantRoot: "work", wantFile: "work/deploy/a\n::error::"},
		{name: "no repository", working: "plain", path: "below/file", wantRoot: "plain", wantFile: "plain/below/file"},
		{name: "no repository, elsewhere", working: "home", path: "../plain/below/file", wantRoot: "plain/below", wantFile: "plain/below/file"},
		{name: "no repository, a directory elsewhere", working: "home", path: "../plain", wantRoot: "plain", wantFile: "plain"},

		{name: "a link to another repository", working: "work", path: "to-home", err: leadsOut},
		{name: "below a link to another repository", working: "work", path: "to-home/secret.yml", err: leadsOut},
		{name: "a link to a file of another repository", working: "work", path: "to-file", err: leadsOut},
		{name: "a link to no repository", working: "work", path: "to-plain/file", err: leadsOut},
		{name: "a link to a link", working: "work", path: "deploy/to-to-home/secret.yml", err: leadsOut},
		{name: "a link, absolute", working: "work", path: "ABOVE/work/to-home/secret.yml", err: leadsOut},
		{name: "a link, from elsewhere", working: "plain", path: "../work/to-home/secret.yml", err: leadsOut},
		{name: "a link, by a link of the user's own", working: "plain", path: "../to-work/to-home/secret.yml", err: leadsOut},
		{name: "a link out of a module", working: "work", path: "module/to-work/compose.yml", err: leadsOut},
		{name: "a link, and no repository", working: "plain", path: "to-home/secret.yml", err: leadsOut},
		{name: "what git keeps", working: "work", path: ".git/HEAD", err: disk.ErrGit.Error()},
		{name: "what git keeps, by a link", working: "work", path: "to-git/HEAD", err: disk.ErrGit.Error()},
		{name: "nothing there", working: "work", path: "none.yml", err: "no such file or directory"},
		{name: "nothing named", working: "work", path: "", err: "file does not exist"},

		{name: "a named root", working: "work", root: "deploy", path: "deploy/compose.yml", wantRoot: "work/deploy", wantFile: "work/deploy/compose.yml"},
		{name: "a named root above", working: "work", root: "..", path: "compose.yml", wantRoot: ".", wantFile: "work/compose.yml"},
		{name: "a named root by a link", working: "work", root: "../to-work", path: "compose.yml", wantRoot: "work", wantFile: "work/compose.yml"},
		{name: "a named root and a path by a link", working: "plain", root: "../work", path: "../to-work/deploy/compose.yml", wantRoot: "work", wantFile: "work/deploy/compose.yml"},
		{name: "a larger root opens links", working: "work", root: "..", path: "to-home/secret.yml", wantRoot: ".", wantFile: "work/to-home/secret.yml"},
		{name: "outside of a named root", working: "work", root: "deploy", path: "compose.yml", err: "it is outside the project"},
		{name: "a link out of a named root", working: "work", root: ".", path: "to-home/secret.yml", err: "it is outside the project"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(filepath.Join(above, test.working))
			roots, err := disk.NewRoots(test.root, "")
			require.NoError(t, err)
			defer roots.Close()
			path := test.path
			if below, found := cutAbove(path); found {
				path = filepath.Join(above, below)
			}
			tree, absolute, info, err := roots.Locate(path)
			if test.err != "" {
				require.EqualError(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.NotNil(t, info)
			assert.Equal(t, filepath.Join(above, test.wantRoot), tree.Path())
			assert.Equal(t, filepath.Join(above, test.wantFile), absolute)
			again, _, _, err := roots.Locate(path)
			require.NoError(t, err)
			assert.Same(t, tree, again, "a root is opened once")
		})
	}
}

func cutAbove(path string) (string, bool) {
	const above = "ABOVE/"
	if len(path) < len(above) || path[:len(above)] != above {
		return path, false
	}
	return path[len(above):], true
}

// The top of the file system is nobody's project, wherever a program is
// started from: the environment of a process would be a file of it.
func TestTheTopIsNoRoot(t *testing.T) {
	above := place(t, map[string]string{"checkout/compose.yml": ""}, nil)
	t.Chdir("/")
	roots, err := disk.NewRoots("", "")
	require.NoError(t, err)
	defer roots.Close()
	tree, _, _, err := roots.Locate(filepath.Join(above, "checkout", "compose.yml"))
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(above, "checkout"), tree.Path())
}

func TestRootsThatAreNotThere(t *testing.T) {
	t.Chdir(place(t, map[string]string{"file": ""}, nil))
	_, err := disk.NewRoots("none", "")
	require.EqualError(t, err, "cannot use --root: no such file or directory")
	require.ErrorIs(t, err, fs.ErrNotExist)
	roots, err := disk.NewRoots("file", "")
	require.NoError(t, err)
	defer roots.Close()
	_, _, _, err = roots.Locate("file")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), os.TempDir())
}

// Who does not wait for an answer any more stops the work for it, whatever
// counts that.
func TestStop(t *testing.T) {
	t.Chdir(place(t, map[string]string{"compose.yml": "a", ".git/HEAD": ""}, nil))
	roots, err := disk.NewRoots("", "")
	require.NoError(t, err)
	defer roots.Close()
	tree, absolute, _, err := roots.Locate("compose.yml")
	require.NoError(t, err)
	project := tree.With(disk.NewBudget())
	require.NoError(t, project.Budget().Spend(disk.Nodes, 1))
	roots.Stop()
	require.ErrorIs(t, project.Budget().Spend(disk.Nodes, 1), disk.ErrBudget)
	_, err = project.ReadFile(absolute)
	require.ErrorIs(t, err, disk.ErrBudget)
	require.ErrorIs(t, tree.With(disk.NewBudget()).Budget().Left(disk.Words), disk.ErrBudget)
}
