package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// widestComment is in characters, a tab for four: comments are written for 80,
// and a word may stand out.
const widestComment = 90

// TestCommentsHaveOneWidth holds the lines of comments that stand by themselves
// to one width. What is printed, and what is generated, is as it comes.
func TestCommentsHaveOneWidth(t *testing.T) {
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		content, err := os.ReadFile(path)
		quoted := false
		for i, line := range strings.Split(string(content), "\n") {
			comment := !quoted && strings.HasPrefix(strings.TrimLeft(line, "\t"), "// ")
			if !comment && strings.Count(line, "`")%2 == 1 {
				quoted = !quoted
			}
			if width := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    ")); comment && width > widestComment {
				assert.Fail(t, "a comment is too wide", "%s:%d: %d characters", filepath.ToSlash(path), i+1, width)
			}
		}
		return err
	}))
}
