package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFixesOfPublicFiles applies all safe fixes, and then all unsafe ones, to a
// copy of every repository of a corpus. What comes out is judged as a user would:
// nothing is refused that was not, no rule finds more than it did, what was fixed
// is gone, Compose makes nothing else of it than the fixes say, no other line has
// changed, comments and line ends stay, and there is nothing left to fix.
// `go test . -run TestFixesOfPublicFiles -v` prints the table of docs/fixes.md.
func TestFixesOfPublicFiles(t *testing.T) {
	corpus, public := corpusDirectory()
	repositories, err := os.ReadDir(corpus)
	require.NoError(t, err)
	safe, unsafe, left, compared := map[string]int{}, map[string]int{}, 0, 0
	for _, repository := range repositories {
		directory := t.TempDir()
		require.NoError(t, os.CopyFS(directory, os.DirFS(filepath.Join(corpus, repository.Name()))))
		t.Chdir(directory)
		for _, run := range []struct {
			counts map[string]int
			flags  []string
		}{{safe, nil}, {unsafe, []string{"--unsafe-fixes"}}} {
			steppedBack, models := fixRepository(t, repository.Name(), run.counts, run.flags...)
			left, compared = left+steppedBack, compared+models
		}
	}
	names := map[string]bool{}
	for _, counts := range []map[string]int{safe, unsafe} {
		for name := range counts {
			names[name] = true
		}
	}
	total := [2]int{}
	for _, name := range sortedKeys(names) {
		t.Logf("| `%s` | %d | %d |", name, safe[name], unsafe[name])
		total[0], total[1] = total[0]+safe[name], total[1]+unsafe[name]
	}
	t.Logf("%d safe fixes and %d unsafe ones were made, and %d stepped back; %d models of Compose were compared", total[0], total[1], left, compared)
	assert.NotZero(t, compared)
	assert.NotZero(t, total[0])
	assert.NotZero(t, total[1])
	if public {
		assert.Greater(t, total[0], 400)
		assert.Greater(t, total[1], 700)
	}
}

func sortedKeys(of map[string]bool) (keys []string) {
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

var skippedLine = regexp.MustCompile(`(?m): not fixed: `)

// fixRepository fixes what stands in the current directory, and returns how
// many fixes stepped back, and how many models of Compose were compared.
func fixRepository(t *testing.T, name string, counts map[string]int, flags ...string) (left, compared int) {
	t.Helper()
	before, texts := findingsOf(t), filesOf(t, ".")
	result := fixAndCompare(t, name, slices.Concat(flags, []string{"--root", ".", "."})...)
	if result.status == 2 && len(before) == 0 {
		return 0, 0 // there is nothing that can be read
	}
	require.NotContains(t, result.trouble, "nothing is fixed", name)
	cured := map[string]int{}
	for _, each := range result.applied {
		counts[each.Finding.Rule.ID]++
		if !each.Fix.Lessens { // what is lessened is found still
			cured[each.Finding.Rule.ID+" "+each.Finding.Service]++
		}
	}
	after := findingsOf(t)
	for key, count := range after {
		switch {
		case len(result.applied) > 0 && count > before[key]:
			assert.Fail(t, "a fix brings a finding", "%s: %s: %d, and there were %d", name, key, count, before[key])
		case cured[key] > 0 && count > max(before[key]-cured[key], 0):
			assert.Fail(t, "a fix does not cure", "%s: %s: %d are left of %d, and %d were fixed", name, key, count, before[key], cured[key])
		}
	}
	for path, text := range filesOf(t, ".") {
		old, was := texts[path]
		if !was || old == text {
			continue
		}
		assert.Equal(t, strings.HasPrefix(old, "\ufeff"), strings.HasPrefix(text, "\ufeff"), "%s: %s", name, path)
		if strings.Count(old, "\n") == strings.Count(old, "\r\n") {
			assert.Equal(t, strings.Count(text, "\n"), strings.Count(text, "\r\n"), "%s: %s", name, path)
		} else if !strings.Contains(old, "\r") {
			assert.NotContains(t, text, "\r", "%s: %s", name, path)
		}
		assertComments(t, name+": "+path, old, text)
	}
	again := rcomp(slices.Concat([]string{"lint", "--diff", "--root", "."}, flags, []string{"."})...)
	assert.Equal(t, 0, again.status, "%s: there is something left to fix:\n%s", name, again.stdout)
	return len(skippedLine.FindAllString(result.trouble, -1)), result.compared
}

// assertComments holds that every line which is a comment stays, in order.
func assertComments(t *testing.T, name, old, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for _, line := range strings.Split(old, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		at := slices.Index(lines, line)
		if !assert.GreaterOrEqual(t, at, 0, "%s: a comment is gone: %s", name, line) {
			return
		}
		lines = lines[at+1:]
	}
}

// findingsOf counts what is found in the current directory, by rule and service:
// what a fix moves into another file is found there.
func findingsOf(t *testing.T) map[string]int {
	t.Helper()
	var out, trouble bytes.Buffer
	if run([]string{"lint", "--root", ".", "--format", "json", "."}, strings.NewReader(""), &out, &trouble) == 2 && out.Len() == 0 {
		return nil
	}
	var report struct {
		Findings []struct {
			Rule, Service string
			Also          []string
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &report))
	counts := map[string]int{}
	for _, f := range report.Findings {
		for _, service := range append([]string{f.Service}, f.Also...) {
			counts[f.Rule+" "+service]++
		}
	}
	return counts
}
