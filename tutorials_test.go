package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// printedFinding is the line of a finding as text: its place, and at the end
// its rule.
var printedFinding = regexp.MustCompile(`(?m)^([^ ]+:\d+:\d+): (?:error|warning|note): .* \[([a-z-]+)\]$`)

// TestTutorials judges the mistakes of the commonest tutorials, each file by
// itself: every fault is found, once, at its place, and nothing else. Nothing
// rewrites expected.txt.
func TestTutorials(t *testing.T) {
	for _, name := range directories(t, "fixtures/tutorials") {
		t.Run(name, func(t *testing.T) {
			enterCopy(t, filepath.Join("fixtures/tutorials", name))
			text, err := os.ReadFile("expected.txt")
			require.NoError(t, err)
			expected := strings.Split(strings.TrimSpace(string(text)), "\n")
			var found []string
			for _, file := range []string{"docker-compose.yml", "variant.yml"} {
				outcome := rcomp("lint", file)
				require.Empty(t, outcome.stderr)
				for _, match := range printedFinding.FindAllStringSubmatch(outcome.stdout, -1) {
					found = append(found, match[1]+" "+match[2])
				}
			}
			slices.Sort(expected)
			slices.Sort(found)
			assert.Equal(t, strings.Join(expected, "\n"), strings.Join(found, "\n"))
		})
	}
}
