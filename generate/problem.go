package generate

import (
	"cmp"
	"fmt"
	"slices"
)

// Problem is something in an intent that nothing can be made of. Line and columns count from 1, columns in characters; EndColumn is just past
// the fault. A problem of the file as a whole stands at line 1.
type Problem struct {
	File                    string
	Line, Column, EndColumn int
	Key                     string // "memory", "redis.maxclients"; "" for the file as a whole
	Message                 string // what is wrong
	Hint                    string // what to do about it, may be empty
}

// Error returns the problem on one line, its place first.
func (p Problem) Error() string {
	text := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	return text
}

// sortProblems orders problems by place; those of one place keep their order.
func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
