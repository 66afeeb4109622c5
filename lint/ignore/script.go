package ignore

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/rcomp/rcomp/lint/position"
)

// statements maps the line on which a command of a script begins to the last
// of its lines: the lines that a backslash continues, and a text that it is
// given (<<). It is nil where the script cannot be read.
func statements(text *position.Text) map[int]int {
	file := parseScript(string(text.Source))
	if file == nil {
		return nil
	}
	ends := map[int]int{}
	syntax.Walk(file, func(node syntax.Node) bool {
		statement, ok := node.(*syntax.Stmt)
		if !ok {
			return true
		}
		switch statement.Cmd.(type) {
		case *syntax.CallExpr, *syntax.DeclClause, nil:
			start, end := int(statement.Pos().Line()), int(statement.End().Line())
			for _, redirect := range statement.Redirs {
				if redirect.Hdoc != nil {
					end = max(end, int(redirect.Hdoc.End().Line()))
				}
			}
			ends[start] = max(ends[start], end)
		}
		return true
	})
	return ends
}

// The bounds of a script that is parsed: the parser goes as deep as it nests.
const (
	maxScript = 256 << 10
	maxNested = 2_000
)

// parseScript is nil for a script that cannot be read.
func parseScript(source string) *syntax.File {
	if len(source) > maxScript || strings.Count(source, "(")+strings.Count(source, "{")+strings.Count(source, "`") > maxNested {
		return nil
	}
	file, err := syntax.NewParser().Parse(strings.NewReader(source), "")
	if err != nil {
		return nil
	}
	return file
}
