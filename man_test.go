package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestManualPage(t *testing.T) {
	page := rcomp("man").stdout
	assert.True(t, strings.HasPrefix(page, ".nh\n.TH"), page[:min(len(page), 80)])
	assert.Contains(t, page, "changed-since")
	assert.Contains(t, page, "Exit status")
}

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
