package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/rcomp/rcomp"

// mayImport says which packages of ours each package may use. The commands
// stand on top, facts at the bottom, and lint and generate never meet.
var mayImport = map[string][]string{
	".":                               {"rules", "redis", "inspect", "inspect/secrets", "inspect/topology", "lint", "lint/baseline", "lint/compose", "lint/disk", "lint/display", "lint/fix", "lint/ignore", "lint/position", "lint/report", "lint/settings", "editor", "git", "generate", "generate/deployment", "generate/rollout", "generate/intent", "generate/ondisk", "generate/ondisk/surroundings", "nearest"},
	"rules":                           {"inspect", "inspect/topology", "lint", "lint/compose", "lint/compose/model", "lint/compose/unset", "lint/disk", "lint/edit", "lint/ignore", "lint/position", "lint/settings", "redis"},
	"inspect":                         {"inspect/secrets", "lint/compose", "lint/compose/model", "lint/compose/unset", "lint/disk", "lint/display", "lint/dockerfile", "lint/position", "redis"},
	"inspect/topology":                {"inspect", "lint/compose", "lint/compose/unset", "lint/display", "lint/position", "redis"},
	"inspect/secrets":                 {"lint/display", "redis"},
	"lint":                            {"lint/compose", "lint/compose/unset", "lint/disk", "lint/display", "lint/position"},
	"lint/compose":                    {"lint/compose/dotenv", "lint/compose/model", "lint/compose/schema", "lint/compose/shortform", "lint/compose/unset", "lint/disk", "lint/position"},
	"lint/compose/canonical":          {"lint/compose/model"},
	"lint/compose/dotenv":             {"lint/position"},
	"lint/compose/model":              {"lint/position"},
	"lint/compose/schema":             {"lint/compose/model"},
	"lint/compose/shortform":          {"lint/compose/unset"},
	"lint/compose/unset":              {},
	"lint/disk":                       {},
	"lint/edit":                       {"lint", "lint/compose", "lint/compose/model", "lint/position"},
	"lint/fix":                        {"lint", "lint/compose", "lint/display"},
	"lint/dockerfile":                 {"lint/compose/unset", "lint/position"},
	"lint/display":                    {},
	"lint/position":                   {},
	"lint/baseline":                   {"lint", "lint/position"},
	"lint/ignore":                     {"lint", "lint/compose", "lint/position", "nearest"},
	"lint/settings":                   {"lint", "lint/disk", "lint/position", "nearest"},
	"editor":                          {"editor/protocol", "inspect", "lint", "lint/compose", "lint/disk", "lint/display", "lint/ignore", "lint/position", "lint/settings", "redis"},
	"editor/protocol":                 {},
	"lint/report":                     {"lint", "lint/baseline", "lint/compose", "lint/display", "lint/position"},
	"generate":                        {"generate/credentials", "generate/deployment", "generate/intent", "generate/ondisk", "generate/render", "generate/render/view"},
	"generate/rollout":                {"generate/credentials", "generate/intent", "generate/ondisk", "generate/render", "generate/units", "redis"},
	"generate/deployment":             {"generate/credentials", "generate/deployment/certificate", "generate/deployment/container", "generate/deployment/image", "generate/deployment/memory", "generate/deployment/overrides", "generate/deployment/subnet", "generate/intent", "generate/units", "redis"},
	"generate/deployment/certificate": {"generate/credentials", "generate/intent"},
	"generate/deployment/container":   {"generate/intent", "generate/units", "redis"},
	"generate/deployment/image":       {"generate/intent", "redis"},
	"generate/deployment/overrides":   {"generate/deployment/memory", "generate/intent", "redis"},
	"generate/deployment/subnet":      {"generate/intent"},
	"generate/deployment/memory":      {"generate/intent", "generate/units", "redis"},
	"generate/credentials":            {},
	"generate/ondisk":                 {"generate/credentials"},
	"generate/render":                 {"generate/render/readme", "generate/render/view", "templates"},
	"generate/render/readme":          {"generate/credentials", "generate/deployment", "generate/deployment/memory", "generate/intent", "generate/render/view", "generate/units", "redis"},
	"generate/render/view":            {"generate/credentials", "generate/deployment", "generate/deployment/memory", "generate/deployment/subnet", "generate/intent", "generate/units"},
	"generate/units":                  {},
	"generate/intent":                 {"generate/units", "nearest", "redis"},
	// What a stranger's repository holds comes through the one door, also for gen.
	"generate/ondisk/surroundings": {"generate/intent", "lint/disk"},
	"git":                          {},
	"templates":                    {},
	"redis":                        {},
	"nearest":                      {},
}

// standsAlone are directories whose packages are programs or tests of their
// own, and that nothing but tests imports.
var standsAlone = []string{"docs/playground", "e2e", "mermaid", "mutation", "performance", "lint/compose/mutate", "lint/compose/schema/generate", "redis/catalogue"}

func TestImportsRunOneWay(t *testing.T) {
	seen := map[string]bool{}
	require.NoError(t, filepath.WalkDir(repository, func(path string, entry fs.DirEntry, err error) error {
		relative, _ := filepath.Rel(repository, path)
		relative = filepath.ToSlash(relative)
		if entry != nil && entry.IsDir() && (entry.Name() == ".git" || relative == "fixtures") {
			return filepath.SkipDir
		}
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		directory := filepath.ToSlash(filepath.Dir(relative))
		seen[directory] = true
		checkImports(t, path, directory)
		return nil
	}))
	for directory := range mayImport {
		assert.True(t, seen[directory], "there is no package %s", directory)
	}
}

func checkImports(t *testing.T, path, directory string) {
	t.Helper()
	allowed, known := mayImport[directory]
	if !known && !isAlone(directory) {
		assert.Fail(t, "a package has no place in the map", directory)
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	require.NoError(t, err)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
			assert.Contains(t, allowed, ours, "%s must not know %s", path, ours)
		}
	}
}

// TestMapIsWhole looks for each package in the map that newcomers are given.
func TestMapIsWhole(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(repository, "docs", "architecture.md"))
	require.NoError(t, err)
	for _, directory := range slices.Concat(slices.Collect(maps.Keys(mayImport)), standsAlone) {
		whole, last := "`"+directory+"/`", "`"+path.Base(directory)+"/`" // behind others of the same parent
		if directory != "." && !strings.Contains(string(content), whole) {
			assert.Contains(t, string(content), last, "%s has no row", directory)
		}
	}
}

func isAlone(directory string) bool {
	for _, alone := range standsAlone {
		if directory == alone || strings.HasPrefix(directory, alone+"/") {
			return true
		}
	}
	return false
}
