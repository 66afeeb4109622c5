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

var saysMemory = regexp.MustCompile(`(?m)^memory = `)

// TestNothingIsWrittenForABadIntent runs the program on every intent of
// fixtures/refusals.txt. What it says is compared in the tests of generate.
func TestNothingIsWrittenForABadIntent(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository, "fixtures/refusals.txt"))
	require.NoError(t, err)
	blocks := strings.Split(string(text), "\n== ")[1:]
	require.Greater(t, len(blocks), 200)
	for _, block := range blocks {
		title, block, _ := strings.Cut(block, "\n")
		t.Run(title, func(t *testing.T) {
			t.Chdir(t.TempDir())
			intent, expected, _ := strings.Cut(block, "-> ")
			if !saysMemory.MatchString(intent) {
				intent = "name = \"shop\"\nrole = \"database\"\nmemory = \"512M\"\n" + intent
			}
			write(t, "redis.toml", intent)
			got := rcomp("gen")
			assert.Equal(t, statusTrouble, got.status)
			assert.Empty(t, got.stdout)
			assert.Equal(t, 1+strings.Count(expected, "\n-> "), strings.Count(got.stderr, "\n"), got.stderr)
			assert.NotContains(t, strings.TrimSuffix(got.stderr, "\n"), "\r")
			for _, line := range strings.Split(strings.TrimSuffix(got.stderr, "\n"), "\n") {
				assert.True(t, strings.HasPrefix(line, "redis.toml:"), line)
			}
			assert.Equal(t, []string{"redis.toml"}, filesIn(t, "."))
			assert.Equal(t, got, rcomp("gen", "--diff"))
			checkBadIntent(t, got)
		})
	}
}

// checkBadIntent: gen --check refuses the same, but for files of the user's own
// that are not here: they may be on the machine that runs the deployment, and
// it says that it has not judged them.
func checkBadIntent(t *testing.T, refused outcome) {
	t.Helper()
	checked := rcomp("gen", "--check")
	assert.NotEqual(t, statusClean, checked.status)
	for line := range strings.Lines(refused.stderr) {
		if _, file, isAway := strings.Cut(line, "there is no file "); isAway {
			file, _, _ = strings.Cut(file, ";")
			assert.Contains(t, checked.stderr, file+" is not here, and so not judged")
			continue
		}
		assert.Contains(t, checked.stderr, line)
	}
}
