package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/report"
	"github.com/rcomp/rcomp/rules"
)

// TestFixesOfRules applies what each rule offers to its own faults: the .diff
// beside a bad*.yml records what becomes of the files, and what is not done and
// why. Compose makes nothing else of the files than the fixes say. What it is
// applied to twice does not change again, and a good*.yml does not at all. Every
// finding has a fix, or the lines to write.
func TestFixesOfRules(t *testing.T) {
	fixing, compared := 0, 0
	for _, rule := range rules.Known() {
		t.Run(rule.ID, func(t *testing.T) {
			fixes := false
			for _, name := range fixturesOf(t, rule, "bad*.yml") {
				result, _ := judgeFixture(t, rule, name)
				for _, finding := range result.Findings {
					assert.True(t, finding.Fix != nil || report.HelpOf(finding) != nil, "%s: a finding has neither a fix nor the lines to write: %s", name, finding.Message)
				}
				mended, models := fixFixture(t, rule.ID, name)
				fixes, compared = fixes || mended, compared+models
			}
			if fixes {
				fixing++
			}
		})
	}
	assert.GreaterOrEqual(t, fixing, fixingRules, "so many rules fix")
	assert.GreaterOrEqual(t, compared, 2*fixingRules, "so many models of Compose are compared")
}

// fixingRules is how many rules have a fixture that they fix; it only rises.
const fixingRules = 40

func fixFixture(t *testing.T, rule, name string) (fixes bool, compared int) {
	t.Helper()
	directory := t.TempDir()
	stripped(t, filepath.Join(repository, ruleFixtures, rule), directory)
	t.Chdir(directory)
	before := filesOf(t, directory)
	output, status := lintFixture(t, rule, "--diff", name)
	assert.Equal(t, before, filesOf(t, directory), "--diff writes nothing")
	fixes = status == 1
	golden := filepath.Join(ruleFixtures, rule, strings.TrimSuffix(name, ".yml")+".diff")
	_, err := os.Stat(filepath.Join(repository, golden))
	if output != "" || err == nil {
		compare(t, golden, output)
	}
	result := fixAndCompare(t, rule+" "+name, "--unsafe-fixes", "--only", rule, "--root", ".", name)
	assert.Less(t, result.status, 2)
	after := filesOf(t, directory)
	assert.Equal(t, fixes, !assert.ObjectsAreEqual(before, after), "%s: --diff says what --fix does", name)
	again, status := lintFixture(t, rule, "--diff", name)
	assert.Equal(t, 0, status, "%s: there is nothing left to fix:\n%s", name, again)
	return fixes, result.compared
}

func lintFixture(t *testing.T, rule, how, name string) (output string, status int) {
	t.Helper()
	var printed bytes.Buffer
	status = run([]string{"lint", how, "--unsafe-fixes", "--only", rule, "--root", ".", name}, strings.NewReader(""), &printed, &printed)
	return printed.String(), status
}

// filesOf are the texts of all files below a directory.
func filesOf(t *testing.T, directory string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, path := range filesIn(t, directory) {
		content, err := os.ReadFile(filepath.Join(directory, path))
		require.NoError(t, err)
		all[path] = string(content)
	}
	return all
}
