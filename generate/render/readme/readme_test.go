package readme

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/templates"
)

var (
	defined = regexp.MustCompile(`\{\{-? *define "([^"]+)"`)
	branch  = regexp.MustCompile(`\{\{-? *(?:if|else|with)\b`)
	brought = regexp.MustCompile(`\{\{-? *(?:template|nested [0-9]+|apart [0-9]+) "([^"]+)"`)
)

// TestSectionsAreWritten: a section that nobody wrote would be missed by the
// first deployment that has it, and one that nobody lists is in no README.
func TestSectionsAreWritten(t *testing.T) {
	written, used := map[string]int{}, map[string]bool{}
	paths, err := fs.Glob(templates.Files, "readme/*"+templates.Suffix)
	require.NoError(t, err)
	for _, path := range paths {
		text, err := fs.ReadFile(templates.Files, path)
		require.NoError(t, err)
		if filepath.Base(path) != "restore"+templates.Suffix { // which sections bring, and is none
			assert.NotRegexp(t, branch, string(text), path)
		}
		for _, found := range defined.FindAllStringSubmatch(string(text), -1) {
			written[found[1]]++
		}
		for _, found := range brought.FindAllStringSubmatch(string(text), -1) {
			used[found[1]] = true
		}
	}
	for readme, sections := range readmes {
		seen := map[string]bool{}
		for _, section := range sections {
			assert.Contains(t, written, section.template, readme)
			assert.False(t, seen[section.template], "%s has %q twice", readme, section.template)
			seen[section.template], used[section.template] = true, true
		}
	}
	assert.Greater(t, len(written), 60)
	for name, times := range written {
		assert.Equal(t, 1, times, name)
		assert.True(t, used[name], "no README has %q", name)
	}
}

func TestRow(t *testing.T) {
	assert.Equal(t, "| a | b |", row("a", "b"))
	assert.Equal(t, "| `x` | | why |", row("`x`", "", "why"))
}
