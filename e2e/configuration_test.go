package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// currentName turns a directive's old name, which CONFIG GET reports beside the
// new one, into the name that rcomp uses. It is asked only where the release
// has both.
var currentName = strings.NewReplacer("slave", "replica", "ziplist", "listpack", "lua-time-limit", "busy-reply-threshold",
	"aof_rewrite_cpulist", "aof-rewrite-cpulist", "_cpulist", "-cpulist",
	"slowlog-log-slower-than", "commandlog-execution-slower-than", "slowlog-max-len", "commandlog-slow-execution-max-len",
	"masterauth", "primaryauth", "masteruser", "primaryuser")

// hidden stands for a password that inspect knows and does not print.
const hidden = "(secret)"

// passwords are the directives for which inspect may say so.
var passwords = []string{"requirepass", "masterauth", "primaryauth", "masteruser", "primaryuser"}

// everything stands for what inspect cannot know at all, in a list of unknown directives.
const everything = ""

// compareConfiguration holds every directive that a server reports against what
// rcomp inspect says of its service. What inspect calls unknown must be just
// what is given as such.
func compareConfiguration(t *testing.T, said inspected, reported map[string]string, unknown ...string) {
	t.Helper()
	var expected []string
	for _, name := range unknown {
		expected = append(expected, currentName.Replace(name))
	}
	assert.ElementsMatch(t, expected, said.admitted(), "%s: unknown directives", said.Name)
	for _, difference := range said.differences(reported) {
		assert.Fail(t, "inspect and the server differ", "%s: %s", said.Name, difference)
	}
}

// admitted are the directives that inspect does not know.
func (i inspected) admitted() []string {
	var admitted []string
	for _, directive := range i.Unknown {
		admitted = append(admitted, currentName.Replace(directive.Directive))
	}
	return admitted
}

// differences are the directives that a server reports otherwise than inspect says.
func (i inspected) differences(reported map[string]string) []string {
	var found []string
	admitted := i.admitted()
	for _, name := range slices.Sorted(maps.Keys(reported)) {
		directive, known := i.Directives[name]
		if !known {
			directive, known = i.Directives[currentName.Replace(name)]
		}
		origin := directive.Origin
		switch {
		case known && directive.Value == hidden:
			if !slices.Contains(passwords, name) || reported[name] == "" {
				found = append(found, fmt.Sprintf("%s: the server has %q, inspect says that it is a secret (from %s %s:%d)",
					name, reported[name], origin.Kind, origin.File, origin.Line))
			}
		case known && directive.Value != reported[name]:
			found = append(found, fmt.Sprintf("%s: the server has %q, inspect says %q (from %s %s:%d)",
				name, reported[name], directive.Value, origin.Kind, origin.File, origin.Line))
		case !known && !slices.Contains(admitted, currentName.Replace(name)) && !slices.Contains(admitted, everything):
			found = append(found, fmt.Sprintf("%s: the server has %q, inspect says nothing", name, reported[name]))
		}
	}
	return found
}
