package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/settings"
	"github.com/rcomp/rcomp/rules"
)

// TestGuides holds what explain shows to what the rules find.
func TestGuides(t *testing.T) {
	for _, rule := range rules.Known() {
		guide := rule.Guide
		assert.NotEmpty(t, guide.Mend, rule.ID)
		assert.NotEmpty(t, guide.Ignore, rule.ID)
		if slices.Contains(settings.Rules, rule) {
			continue // what it looks like is no compose file
		}
		assert.True(t, foundIn(t, rule, guide.Fault), "%s is not found in its fault:\n%s", rule.ID, guide.Fault)
		assert.False(t, foundIn(t, rule, guide.NearMiss), "%s is found in its near miss:\n%s", rule.ID, guide.NearMiss)
	}
}

func foundIn(t *testing.T, rule *lint.Rule, text string) bool {
	t.Helper()
	result := judgedText(t, rule, text)
	return slices.ContainsFunc(result.Findings, func(f lint.Finding) bool { return f.Rule == rule })
}

// judgedText judges a compose file of a guide, beside the few files that guides
// speak of.
func judgedText(t *testing.T, rule *lint.Rule, text string) *lint.Result {
	t.Helper()
	require.NotEmpty(t, strings.TrimSpace(text), rule.ID)
	directory := t.TempDir()
	write(t, filepath.Join(directory, "compose.yml"), text)
	write(t, filepath.Join(directory, "redis.conf"), "maxmemory 1gb\n")
	write(t, filepath.Join(directory, "sentinel.conf"), "sentinel monitor main 10.0.0.1 6379 2\n")
	write(t, filepath.Join(directory, "conf", "sentinel.conf"), "sentinel monitor main 10.0.0.1 6379 2\n")
	write(t, filepath.Join(directory, "conf", "names.conf"), "sentinel resolve-hostnames yes\nsentinel monitor main one 6379 2\n")
	tree, err := disk.OpenTree(directory, directory)
	require.NoError(t, err)
	defer tree.Close()
	project := compose.Load(tree, compose.Group{filepath.Join(tree.Path(), "compose.yml")})
	return judgedBy(t, rule, project, "")
}
