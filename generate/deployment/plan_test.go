package deployment

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPartsHaveOneWriter: the fields of a part are written by the function that
// is named after it. A value that two functions write depends on which comes
// last, and nobody sees that where it is used.
func TestPartsHaveOneWriter(t *testing.T) {
	source := readSource(t, ".")
	parts, fields := map[string]bool{}, 0
	for _, name := range source.pkg.Scope().Names() {
		structure := structureOf(source.pkg.Scope().Lookup(name))
		writer := strings.ToLower(name) + "Of"
		if structure == nil || source.pkg.Scope().Lookup(writer) == nil {
			continue
		}
		parts[name] = true
		for field := range structure.Fields() {
			fields++
			for function := range source.writers[field] {
				assert.Equal(t, writer, function, "%s.%s", name, field.Name())
			}
			assert.NotEmpty(t, source.writers[field], "nobody writes %s.%s", name, field.Name())
		}
	}
	plan := structureOf(source.pkg.Scope().Lookup("Plan"))
	for field := range plan.Fields() {
		assert.Equal(t, map[string]bool{"Decide": true}, source.writers[field], field.Name())
		if name, local := strings.CutPrefix(strings.TrimPrefix(field.Type().String(), "*"), source.pkg.Path()+"."); local {
			assert.True(t, parts[name], "no function is named after %s", name)
		}
	}
	assert.Greater(t, fields, 60)
}

// TestFieldsHaveOneWriter holds all that plans and views are made of to the
// same: who makes a value gives it its fields, or one function alone changes
// them afterwards.
func TestFieldsHaveOneWriter(t *testing.T) {
	fields := 0
	for _, directory := range append(decisions, "../render", "../render/readme", "../render/view") {
		source := readSource(t, directory)
		for field := range source.changed {
			fields++
			assert.Len(t, source.writers[field], 1, "%s: %s", directory, field.Name())
		}
	}
	assert.Greater(t, fields, 30)
}

// TestDecisionsFollowFromTheIntent: neither the clock nor the disk nor chance has
// a part in them.
func TestDecisionsFollowFromTheIntent(t *testing.T) {
	elsewhere := regexp.MustCompile(`time\.(Now|Since|Until)\(|"(os|net|io/ioutil|math/rand|math/rand/v2|crypto/rand)"`)
	for _, directory := range decisions {
		paths, err := filepath.Glob(filepath.Join(directory, "*.go"))
		require.NoError(t, err)
		for _, path := range paths {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			if !strings.HasSuffix(path, "_test.go") {
				assert.NotRegexp(t, elsewhere, string(content), path)
			}
		}
	}
}

// decisions are the packages that take them.
var decisions = []string{".", "certificate", "container", "image", "memory", "overrides", "subnet"}

// source is a package as the compiler reads it, and which functions write which
// fields.
type source struct {
	pkg     *types.Package
	writers map[*types.Var]map[string]bool
	changed map[*types.Var]bool // not only where a struct is made
}

func readSource(t *testing.T, directory string) source {
	t.Helper()
	set := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(directory, "*.go"))
	require.NoError(t, err)
	var files []*ast.File
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			file, err := parser.ParseFile(set, path, nil, 0)
			require.NoError(t, err)
			files = append(files, file)
		}
	}
	require.NotEmpty(t, files, directory)
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Error: func(error) {}} // what other packages have is no matter here
	pkg, _ := config.Check(directory, set, files, info)
	read := source{pkg, map[*types.Var]map[string]bool{}, map[*types.Var]bool{}}
	for _, file := range files {
		for _, declared := range file.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok {
				read.note(info, function)
			}
		}
	}
	return read
}

// note keeps the fields that a function assigns, gives a struct when it makes
// it, or hands out by reference.
func (s source) note(info *types.Info, function *ast.FuncDecl) {
	write := func(field types.Object) {
		if written, ok := field.(*types.Var); ok && written.IsField() {
			if s.writers[written] == nil {
				s.writers[written] = map[string]bool{}
			}
			s.writers[written][function.Name.Name] = true
		}
	}
	selected := func(expression ast.Expr) {
		if at, ok := expression.(*ast.IndexExpr); ok {
			expression = at.X
		}
		if field, ok := expression.(*ast.SelectorExpr); ok && info.Selections[field] != nil {
			if written, ok := info.Selections[field].Obj().(*types.Var); ok {
				write(written)
				s.changed[written] = true
			}
		}
	}
	ast.Inspect(function, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, left := range node.Lhs {
				selected(left)
			}
		case *ast.IncDecStmt:
			selected(node.X)
		case *ast.UnaryExpr:
			if node.Op == token.AND {
				selected(node.X)
			}
		case *ast.CompositeLit:
			s.noteLiteral(info, node, write)
		}
		return true
	})
}

func (s source) noteLiteral(info *types.Info, literal *ast.CompositeLit, write func(types.Object)) {
	structure, ok := info.TypeOf(literal).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for n, element := range literal.Elts {
		if pair, named := element.(*ast.KeyValueExpr); named {
			write(info.Uses[pair.Key.(*ast.Ident)])
		} else {
			write(structure.Field(n))
		}
	}
}

func structureOf(object types.Object) *types.Struct {
	if name, ok := object.(*types.TypeName); ok {
		structure, _ := name.Type().Underlying().(*types.Struct)
		return structure
	}
	return nil
}
