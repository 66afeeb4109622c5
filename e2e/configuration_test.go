package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// currentName turns a directive's old name, which CONFIG GET reports beside the new one, into the name that rcomp uses. It is
// asked only where the release has both.
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

// compareConfiguration holds every directive that a server reports against what rcomp inspect says of its service. What
// inspect calls unknown must be just what is given as such.
func compareConfiguration(t *testing.T, said inspected, reported map[string]string, unknown ...string) {
	t.Helper()
	var expected, admitted []string
	for _, name := range unknown {
		expected = append(expected, currentName.Replace(name))
	}
	for _, directive := range said.Unknown {
		admitted = append(admitted, currentName.Replace(directive.Directive))
	}
	assert.ElementsMatch(t, expected, admitted, "%s: unknown directives", said.Name)
	for _, name := range slices.Sorted(maps.Keys(reported)) {
		directive, known := said.Directives[name]
		if !known {
			directive, known = said.Directives[currentName.Replace(name)]
		}
		switch {
		case known && directive.Value == hidden:
			assert.Contains(t, passwords, name)
			assert.NotEmpty(t, reported[name], "%s: %s", said.Name, name)
		case known:
			assert.Equal(t, reported[name], directive.Value, "%s: %s: the server has the first, inspect says the second (from %s %s:%d)",
				said.Name, name, directive.Origin.Kind, directive.Origin.File, directive.Origin.Line)
		case !slices.Contains(admitted, currentName.Replace(name)) && !slices.Contains(admitted, everything):
			assert.Fail(t, "a directive is missing", "%s: inspect says nothing of %s, which is %q", said.Name, name, reported[name])
		}
	}
}
