//go:build unix

package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// mutant is a source with one place changed.
type mutant struct {
	directory  string // as it was named on the command line
	file       string
	line       int
	start, end int // the bytes that are replaced
	old, new   string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s -> %s", m.file, m.line, oneLine(m.old), oneLine(m.new))
}

func (m mutant) compare(other mutant) int {
	return cmp.Or(cmp.Compare(m.file, other.file), cmp.Compare(m.start, other.start))
}

func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case text == "":
		return "nothing"
	case len(text) > 80:
		return text[:80] + "…"
	}
	return text
}

// mutants finds every place below a directory that can be changed.
func mutants(directory string) ([]mutant, error) {
	var all []mutant
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		found, err := mutantsOf(path)
		for i := range found {
			found[i].directory = directory
		}
		all = append(all, found...)
		return err
	})
	return all, err
}

func mutantsOf(file string) ([]mutant, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, file, source, 0)
	if err != nil || ast.IsGenerated(tree) || tree.Name.Name == "main" {
		return nil, err
	}
	var found []mutant
	replace := func(from, to token.Pos, with string) {
		start, end := files.Position(from), files.Position(to)
		found = append(found, mutant{
			file: file, line: start.Line, start: start.Offset, end: end.Offset, old: string(source[start.Offset:end.Offset]), new: with,
		})
	}
	ast.Inspect(tree, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GenDecl:
			return node.Tok != token.IMPORT
		case *ast.BinaryExpr:
			if with := exchanged[node.Op]; with != "" {
				replace(node.OpPos, node.OpPos+token.Pos(len(node.Op.String())), with)
			}
		case *ast.UnaryExpr:
			if node.Op == token.NOT {
				replace(node.OpPos, node.OpPos+1, "")
			}
		case *ast.Ident:
			if with := opposite[node.Name]; with != "" {
				replace(node.Pos(), node.End(), with)
			}
		case *ast.BranchStmt:
			if node.Label == nil && node.Tok != token.FALLTHROUGH {
				replace(node.Pos(), node.End(), "")
			}
		case *ast.ExprStmt:
			replace(node.Pos(), node.End(), "")
		case *ast.AssignStmt:
			if node.Tok != token.DEFINE {
				replace(node.Pos(), node.End(), "")
			}
		case *ast.IncDecStmt:
			replace(node.TokPos, node.End(), map[token.Token]string{token.INC: "--", token.DEC: "++"}[node.Tok])
		}
		return true
	})
	return found, nil
}

// exchanged are operators that a tired hand takes for each other. A sum of
// texts as a difference does not compile, and is not counted.
var exchanged = map[token.Token]string{
	token.EQL: "!=", token.NEQ: "==",
	token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
	token.LAND: "||", token.LOR: "&&",
	token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*",
}

var opposite = map[string]string{"true": "false", "false": "true"}
