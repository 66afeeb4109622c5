package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestManualPageHasAnEnd asks for it where help was asked for before, of
// everything and of help itself.
func TestManualPageHasAnEnd(t *testing.T) {
	before := rcomp("man")
	require.Equal(t, statusClean, before.status, before.stderr)
	assert.Contains(t, before.stdout, ".SH lint")
	assert.NotContains(t, before.stdout, ".SH help")
	for _, words := range [][]string{{"help"}, {"help", "lint"}, {"help", "help"}, {"man", "--help"}, {"lint", "help"}} {
		rcomp(words...)
	}
	assert.Equal(t, before, rcomp("man"))
}
