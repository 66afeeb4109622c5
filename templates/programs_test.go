package templates_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoProgramHasAHole holds programs to be the same everywhere, and their
// parts to be of use.
func TestNoProgramHasAHole(t *testing.T) {
	sources, err := filepath.Glob("programs/*.sh")
	require.NoError(t, err)
	used := map[string]bool{}
	for _, source := range sources {
		content, err := os.ReadFile(source)
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(content), "#!/bin/sh\n# "), source)
		for line := range strings.Lines(string(content)) {
			assert.NotContains(t, line, "{{", source)
			if part, ok := strings.CutPrefix(line, ". ./"); ok {
				used[strings.TrimSpace(part)] = true
			}
		}
	}
	parts, err := filepath.Glob("programs/shared/*.sh")
	require.NoError(t, err)
	for _, part := range parts {
		content, err := os.ReadFile(part)
		require.NoError(t, err)
		assert.NotContains(t, string(content), "{{", part)
		assert.True(t, used[strings.TrimPrefix(filepath.ToSlash(part), "programs/")], "nobody asks for %s", part)
	}
}
