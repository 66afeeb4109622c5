// Package dotenv reads env files as Compose does: .env, the files of --env-file
// and include, and those of a service's env_file.
//
// A [Reader] says where variables come from, and how references to them are
// put in; [Reader.Read] reads the usual format, [Reader.ReadRaw] what env_file
// calls "format: raw". Both return the assignments in the order of the file,
// each with its place. Compose's oddities are kept: behind a closing quote the
// next assignment may follow on the same line, and what stands on a last line
// without = and without an end is the value of a variable without a name.
//
// What an env file holds is secret. Errors are of type [*Error] and say where
// and what, never with a text of the file.
package dotenv

import (
	"fmt"

	"github.com/rcomp/rcomp/lint/position"
)

// Assignment is one variable of an env file. A name may be assigned more than
// once: the last one counts. It is kept small, since a file may hold millions.
type Assignment struct {
	Name      string
	Value     string
	Inherited bool // NAME alone: its value is that of the variable outside
	Set       bool // false where an inherited variable has no value: then nothing is assigned

	text        *position.Text
	name, value place
}

// NameAt is where the name stands.
func (a Assignment) NameAt() position.Span { return a.name.in(a.text) }

// ValueAt is where the value stands, with its quotes and without a comment:
// of no width where nothing is written, the zero Span where it is inherited.
func (a Assignment) ValueAt() position.Span {
	if a.Inherited {
		return position.Span{}
	}
	return a.value.in(a.text)
}

// Reader reads env files. Lookup, Earlier and Spend may be nil.
type Reader struct {
	// Lookup finds a variable outside of the file; it wins over the file's own.
	Lookup func(name string) (value string, set bool)
	// Earlier finds a variable in the files that were read before; the file's
	// own win over it, and none is inherited from it.
	Earlier func(name string) (value string, set bool)
	// Interpolate puts in the references of a text. Texts without a $ are not
	// handed to it.
	Interpolate func(text string, lookup func(name string) (value string, set bool)) (string, error)
	// Spend is told how many bytes a variable is about to put into a value, and
	// ends the reading with an error: a file of 27 lines that double each other
	// would fill the memory.
	Spend func(bytes int) error
}

// Error says what is wrong with an env file, without a word of what it holds.
type Error struct {
	At     position.Span
	Reason string
	Cause  error // from Interpolate or Spend: it may hold what the file holds
}

// Error names the line.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.At.Start.Line, e.Reason) }

// Unwrap gives the cause, nil where the file itself is wrong.
func (e *Error) Unwrap() error { return e.Cause }

// inherit looks up the variable of an assignment that is its name alone.
func (r Reader) inherit(assignment *Assignment) error {
	assignment.Inherited = true
	if r.Lookup == nil {
		return nil
	}
	assignment.Value, assignment.Set = r.Lookup(assignment.Name)
	return r.spend(assignment.Value, assignment.NameAt())
}

// spend takes a value that is put in at a place from the budget.
func (r Reader) spend(value string, at position.Span) error {
	if r.Spend == nil {
		return nil
	}
	if err := r.Spend(len(value)); err != nil {
		return &Error{At: at, Reason: err.Error(), Cause: err}
	}
	return nil
}
