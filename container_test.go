package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestImageIsBuiltOfAllThatGitKeeps: a package that is left out would be missed
// by the compiler, and a file by git, which would have the program say that it
// is of no commit. What git ignores is no part of it.
func TestImageIsBuiltOfAllThatGitKeeps(t *testing.T) {
	ignored := map[string]bool{}
	for _, pattern := range patternsOf(t, ".gitignore") {
		ignored[pattern] = true
	}
	for _, pattern := range patternsOf(t, ".dockerignore") {
		assert.True(t, ignored[pattern], "git keeps what .dockerignore leaves out by %q", pattern)
	}
}

// patternsOf are the lines of an ignore file without remarks, and without what
// is written otherwise for git than for Docker.
func patternsOf(t *testing.T, file string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, file))
	require.NoError(t, err)
	var patterns []string
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, strings.TrimSuffix(strings.TrimPrefix(line, "**/"), "/"))
		}
	}
	require.NotEmpty(t, patterns, file)
	return patterns
}

// TestImagesHaveTheCompilerOfTheModule: an older one would fetch a newer one, or refuse.
func TestImagesHaveTheCompilerOfTheModule(t *testing.T) {
	module, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	require.NoError(t, err)
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(module)
	require.NotNil(t, version)
	for _, file := range []string{"Dockerfile", "docs/gitlab-ci.yml"} {
		content, err := os.ReadFile(filepath.Join(repository, file))
		require.NoError(t, err)
		images := regexp.MustCompile(`\bgolang:(\S+)`).FindAllSubmatch(content, -1)
		require.NotEmpty(t, images, file)
		for _, image := range images {
			assert.Equal(t, string(version[1]), string(image[1]), file)
		}
	}
}
