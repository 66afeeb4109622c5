package deployment

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFieldsHaveOneWriter: a value that two functions write depends on which comes last, and nobody sees that where it is used.
func TestFieldsHaveOneWriter(t *testing.T) {
	fields := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Plan]()) {
		fields[field.Name] = true
	}
	require.Greater(t, len(fields), 100)
	writers := map[string][]string{}
	paths, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		for _, declared := range file.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok {
				for field := range writtenBy(function) {
					if fields[field] {
						writers[field] = append(writers[field], function.Name.Name)
					}
				}
			}
		}
	}
	assert.Greater(t, len(writers), 70)
	for field, functions := range writers {
		assert.Len(t, functions, 1, "%s is written by %v", field, functions)
	}
}

// writtenBy are the fields of a plan, called p or plan, that a function assigns, or gives away by reference.
func writtenBy(function *ast.FuncDecl) map[string]bool {
	written := map[string]bool{}
	note := func(expression ast.Expr) {
		if at, ok := expression.(*ast.IndexExpr); ok {
			expression = at.X
		}
		if selected, ok := expression.(*ast.SelectorExpr); ok && isPlan(selected.X) {
			written[selected.Sel.Name] = true
		}
	}
	ast.Inspect(function, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, left := range node.Lhs {
				note(left)
			}
		case *ast.UnaryExpr:
			if node.Op == token.AND {
				note(node.X)
			}
		}
		return true
	})
	return written
}

func isPlan(expression ast.Expr) bool {
	switch expression := expression.(type) {
	case *ast.Ident:
		return expression.Name == "p" || expression.Name == "plan"
	case *ast.SelectorExpr:
		return expression.Sel.Name == "plan"
	}
	return false
}
