package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/rules"
)

// known are the lists of mistakes, by the letter of their numbers, and how many
// each has.
var known = map[string]int{"P": 232, "C": 116}

// reasons are why a mistake may have no rule, as docs/not-checked.md explains
// them.
var reasons = regexp.MustCompile(`^\*(legal|taste|data|host|generic|open)\*: \S`)

// TestEveryKnownMistakeIsAnswered holds the page complete: each number stands
// there once, with rules that there are, or with a reason.
func TestEveryKnownMistakeIsAnswered(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(repository, "docs/not-checked.md"))
	require.NoError(t, err)
	answers := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([PC]\d+) \| ([^|]+) \| ([^|]+) \|$`).FindAllStringSubmatch(string(content), -1) {
		assert.NotContains(t, answers, row[1], "a number stands there twice")
		assert.NotEmpty(t, strings.TrimSpace(row[2]), row[1])
		answers[row[1]] = row[3]
	}
	for letter, count := range known {
		for number := 1; number <= count; number++ {
			answer := answers[fmt.Sprint(letter, number)]
			named := regexp.MustCompile(`\]\(rules/([a-z-]+)\.md\)`).FindAllStringSubmatch(answer, -1)
			for _, name := range named {
				assert.NotNil(t, rules.ByID(name[1]), "%s%d: there is no rule %s", letter, number, name[1])
			}
			assert.True(t, len(named) > 0 || reasons.MatchString(answer), "%s%d has neither a rule nor a reason: %q", letter, number, answer)
			delete(answers, fmt.Sprint(letter, number))
		}
	}
	assert.Empty(t, answers, "numbers that no list has")
}
