package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// leadsOutside are the functions by which a program comes by a file, a
// directory or its own environment.
var leadsOutside = regexp.MustCompile(`^(os\.(Open\w*|Read(File|Dir|link)|L?stat|L?Stat|DirFS|CopyFS|Getenv|LookupEnv|Environ|Expand\w*|UserHomeDir|Getwd)|filepath\.(Walk\w*|Glob|EvalSymlinks|Abs))$`)

// runsOrFetches are the packages by which a program runs others or asks a
// network.
var runsOrFetches = map[string]bool{"os/exec": true, "net": true, "net/http": true, "syscall": true, "plugin": true, "unsafe": true}

// TestThereIsOneDoor holds what reads projects to package lint/disk.
func TestThereIsOneDoor(t *testing.T) {
	files := 0
	for _, top := range []string{"lint", "inspect", "rules", "redis", "generate/ondisk/surroundings"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(repository, top), func(path string, entry fs.DirEntry, err error) error {
			require.NoError(t, err)
			relative, err := filepath.Rel(repository, path)
			require.NoError(t, err)
			relative = filepath.ToSlash(relative)
			// What compares models is used by tests alone.
			if entry.IsDir() && (relative == "lint/disk" || relative == "lint/compose/canonical" || isAlone(relative)) {
				return filepath.SkipDir
			}
			if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
				files++
				checkDoor(t, path)
			}
			return nil
		}))
	}
	assert.Greater(t, files, 100)
}

func checkDoor(t *testing.T, path string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		assert.False(t, runsOrFetches[imported], "%s must not import %s", path, imported)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if selected, ok := node.(*ast.SelectorExpr); ok {
			if from, ok := selected.X.(*ast.Ident); ok {
				assert.NotRegexp(t, leadsOutside, from.Name+"."+selected.Sel.Name, "%s", path)
			}
		}
		return true
	})
}
