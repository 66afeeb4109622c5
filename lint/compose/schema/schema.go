// Package schema says what is wrong with a compose file by Compose's own JSON
// schema, every fault in one walk, each at its place.
//
//	result := schema.Check(root)
//	for _, fault := range result.Faults { … }
//
// What Compose accepts is accepted: the tables that values are checked against
// are made from the schema of compose-go at build time (go generate
// ./lint/compose/schema), and a keyword that they cannot express stops the
// generation. So nothing is parsed or compiled when a program starts.
//
// A value is checked once against each schema that it meets, so the work grows
// with what is written, not with what aliases make of it.
package schema

import (
	"github.com/rcomp/rcomp/lint/compose/model"
)

//go:generate go run ./generate

// Fault is one thing that Compose refuses.
type Fault struct {
	// Path leads to the value that Compose names: keys and, in a sequence,
	// indexes. An unwanted key is named by Message, not by Path.
	Path []string
	// Origin is the place: the key where a key is not wanted, the item where a
	// list says a thing twice, else the value.
	Origin model.Origin
	// Service is the service that the fault is in, "" where it is in none.
	Service string
	// Message is what Compose says, without the path: `must be a string`,
	// `additional properties 'x' not allowed`. It repeats keys of the file and,
	// of values, only those that a pattern of the schema does not fit.
	Message string
	// Meant is what was probably meant, "" where that is not clear: a key
	// (`command`), a dotted path from the mapping that the unwanted key is in
	// (`deploy.resources.limits.memory`), one from the root where it belongs
	// above (`services.web.image`), or one of the values allowed.
	Meant string
}

// Result is what a check finds.
type Result struct {
	// Faults are in the order of the file, one for each place: what an anchor
	// names is reported where it is met first. There are at most a thousand.
	Faults []Fault
	// More is how many faults there are beyond those.
	More int
	// Services holds the name of every service with a fault in it, also where
	// that is reported at another service which shares the value.
	Services map[string]bool
}

// Check finds what Compose's schema refuses in a whole model, as Compose
// checks it: merged, interpolated, extended and not yet in its long forms.
// A nil or empty root has no faults.
func Check(root *model.Value) Result {
	if root == nil || root.Kind == model.Null {
		return Result{}
	}
	c := checker{seen: make(map[visit]*verdict, 128)}
	verdict := c.check(root, &composeFile)
	if verdict == nil {
		return Result{}
	}
	return report(verdict)
}
