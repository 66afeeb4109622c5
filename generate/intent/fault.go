package intent

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/nearest"
)

// Fault says what is wrong with a value and what to do. A message that begins
// with "must " goes behind the key.
type Fault struct{ Message, Hint string }

// Faultf returns a fault with a hint, which may be empty, and a message.
func Faultf(hint, format string, args ...any) *Fault {
	return &Fault{fmt.Sprintf(format, args...), hint}
}

// OneOf refuses a value that is not among the names, and says which was meant.
func OneOf(value string, names []string) *Fault {
	if slices.Contains(names, value) {
		return nil
	}
	f := Faultf("", "must be %s, not %q", Quoted(names), value)
	if meant := nearest.Name(value, names); meant != "" {
		f.Hint = fmt.Sprintf("did you mean %q?", meant)
	}
	return f
}

// Problem is something in an intent that nothing can be made of. Line and
// columns count from 1, columns in characters; EndColumn is just past the
// fault. A problem of the file as a whole stands at line 1.
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

// SortProblems orders problems by place; those of one place keep their order.
func SortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Refusals are what a decision has against an intent.
type Refusals struct {
	Problems []Problem
	intent   *Intent
}

// Refusals begins with none.
func (i *Intent) Refusals() *Refusals { return &Refusals{intent: i} }

// Refuse adds a fault of a key, "tls.names" for one of [tls].
func (r *Refusals) Refuse(f *Fault, key string) {
	r.Problems = append(r.Problems, r.intent.problem(key, r.intent.at(key), f))
}

// RefuseUser adds a fault of a key of a user.
func (r *Refusals) RefuseUser(u User, key string, f *Fault) {
	r.Problems = append(r.Problems, r.intent.userProblem(u, key, f))
}
