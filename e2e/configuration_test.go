package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// oldSpellings turns a directive's old name, which CONFIG GET reports beside the new one, into the name that rcomp uses.
var oldSpellings = strings.NewReplacer("slave", "replica", "ziplist", "listpack", "lua-time-limit", "busy-reply-threshold")

// compareConfiguration holds every directive that a server reports against what rcomp inspect says of its service.
func compareConfiguration(t *testing.T, said inspected, reported map[string]string) {
	t.Helper()
	assert.Empty(t, said.Unknown, "%s: everything is known here", said.Name)
	for _, name := range slices.Sorted(maps.Keys(reported)) {
		directive, known := said.Directives[name]
		if !known {
			directive, known = said.Directives[oldSpellings.Replace(name)]
		}
		if assert.True(t, known, "%s: inspect says nothing of %s, which is %q", said.Name, name, reported[name]) {
			assert.Equal(t, reported[name], directive.Value, "%s: %s: the server has the first, inspect says the second (from %s %s:%d)",
				said.Name, name, directive.Origin.Kind, directive.Origin.File, directive.Origin.Line)
		}
	}
}
