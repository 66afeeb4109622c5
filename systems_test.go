package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOtherSystems holds every package and its tests to the types of the
// systems that releases are for, as a compiler there would, in a few seconds:
// to compile them takes the standard library of each anew. Only declarations
// are looked at of what is not of this module, and nothing of package e2e,
// which drives an engine on Linux.
func TestOtherSystems(t *testing.T) {
	for _, system := range []string{"windows", "darwin"} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			assert.Empty(t, faultsOn(t, system, repository))
		})
	}
}

// TestOtherSystemsAreOther: what one has and another has not is told.
func TestOtherSystemsAreOther(t *testing.T) {
	directory := t.TempDir()
	write(t, filepath.Join(directory, "go.mod"), "module example.com/x\n")
	write(t, filepath.Join(directory, "x.go"), "package x\n\nimport \"syscall\"\n\nfunc inode(s syscall.Stat_t) uint64 { return s.Ino }\n")
	assert.Empty(t, faultsOn(t, "darwin", directory))
	assert.Len(t, faultsOn(t, "windows", directory), 1)
}

// listedPackage is a package as go list tells of it.
type listedPackage struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct{ Main bool }
}

// faultsOn are what the compiler of a system would say of the module in a directory.
func faultsOn(t *testing.T, system, directory string) (faults []string) {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-test", "-json=ImportPath,Dir,GoFiles,ImportMap,Module", "./...")
	list.Dir, list.Env = directory, append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	output, err := list.Output()
	require.NoError(t, err)
	known := map[string]*types.Package{"unsafe": types.Unsafe}
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var one listedPackage
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return faults
		} else {
			require.NoError(t, err)
		}
		if one.ImportPath == "unsafe" || strings.HasSuffix(one.ImportPath, ".test") || strings.HasSuffix(one.Dir, "/e2e") {
			continue // the program around tests, ".test", is not written yet
		}
		checked, found := check(t, one, known)
		known[one.ImportPath] = checked
		faults = append(faults, found...)
	}
}

// check looks at a package whose imports are known.
func check(t *testing.T, one listedPackage, known map[string]*types.Package) (checked *types.Package, faults []string) {
	t.Helper()
	ours := one.Module != nil && one.Module.Main
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range one.GoFiles {
		file, err := parser.ParseFile(set, filepath.Join(one.Dir, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	config := types.Config{
		IgnoreFuncBodies: !ours, Sizes: types.SizesFor("gc", "amd64"),
		Importer: importer(func(path string) (*types.Package, error) {
			if mapped := one.ImportMap[path]; mapped != "" {
				path = mapped
			}
			if found := known[path]; found != nil {
				return found, nil
			}
			return nil, errors.New("there is no package " + path)
		}),
		Error: func(err error) {
			if ours {
				faults = append(faults, err.Error())
			}
		},
	}
	path, _, _ := strings.Cut(one.ImportPath, " ")
	checked, _ = config.Check(path, set, files, nil)
	return checked, faults
}

type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }
