package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/report"
	"github.com/rcomp/rcomp/rules"
)

const ruleFixtures = "fixtures/rules"

// TestRules runs each rule alone over its fixtures: it is silent on every
// good*.yml; on every bad*.yml it finds what the comments want, one to one,
// and prints what the .txt beside it records.
//
// A comment # want "text" speaks of the line that it ends. In files where no
// comment can end a line, such as redis.conf, a line "FILE:LINE text" of the
// .want beside the .yml does. Nothing rewrites these, so -update cannot bless a
// rule that went silent.
func TestRules(t *testing.T) {
	var ids []string
	for _, rule := range rules.Known() {
		ids = append(ids, rule.ID)
		t.Run(rule.ID, func(t *testing.T) { testRule(t, rule) })
	}
	assert.ElementsMatch(t, ids, directories(t, ruleFixtures), "each rule has one folder of fixtures")
}

func testRule(t *testing.T, rule *lint.Rule) {
	directory := filepath.Join(ruleFixtures, rule.ID)
	for _, name := range fixturesOf(t, rule, "good*.yml") {
		result, _ := judgeFixture(t, rule, name)
		assert.Empty(t, result.Findings, "%s is judged to be bad", name)
	}
	for _, name := range fixturesOf(t, rule, "bad*.yml") {
		result, wants := judgeFixture(t, rule, name)
		assert.NotEmpty(t, result.Findings, "%s is judged to be good", name)
		matchWants(t, result.Findings, wants)
		compare(t, filepath.Join(directory, strings.TrimSuffix(name, ".yml")+".txt"), printed(t, result))
	}
}

// fixturesOf returns the names of a rule's fixtures that match a pattern.
func fixturesOf(t *testing.T, rule *lint.Rule, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, ruleFixtures, rule.ID, pattern))
	require.NoError(t, err)
	require.NotEmpty(t, paths, "the rule has no %s", pattern)
	for i, path := range paths {
		paths[i] = filepath.Base(path)
	}
	return paths
}

// want is a finding that a comment in a fixture asks for.
type want struct {
	file string
	line int
	text string // part of the message
}

// judgeFixture runs one rule over a compose file of its folder, and returns
// what the comments want in the files that were read.
func judgeFixture(t *testing.T, rule *lint.Rule, name string) (*lint.Result, []want) {
	t.Helper()
	directory := t.TempDir()
	all := stripped(t, filepath.Join(repository, ruleFixtures, rule.ID), directory)
	tree, err := disk.OpenTree(directory, directory)
	require.NoError(t, err)
	defer tree.Close()
	project := compose.Load(tree, compose.Group{filepath.Join(tree.Path(), name)})
	config := filepath.Join(directory, strings.TrimSuffix(name, ".yml")+".toml")
	result := judgedBy(t, rule, project, config)
	wants := slices.DeleteFunc(all, func(w want) bool { return result.Sources(w.file) == nil })
	return result, append(wants, listedWants(t, filepath.Join(directory, strings.TrimSuffix(name, ".yml")+".want"))...)
}

// judgedBy runs a rule. Those about comments and settings say something of what
// all the others find.
func judgedBy(t *testing.T, rule *lint.Rule, project *compose.Project, config string) *lint.Result {
	t.Helper()
	projects := []*compose.Project{project}
	if rule.Check != nil {
		result := lint.Run(projects, []*lint.Rule{rule})
		result.Secrets = inspect.Secrets(projects)
		return result
	}
	roots, err := disk.NewRoots(project.Directory, project.Directory)
	require.NoError(t, err)
	defer roots.Close()
	if _, err := os.Stat(config); err != nil {
		config = ""
	}
	finder, err := settingsFinder(config, roots)
	require.NoError(t, err)
	options := lintOptions{rules: rules.All, selected: map[string]bool{}}
	for _, known := range rules.Known() {
		options.selected[known.ID] = true
	}
	j := &judgement{lintOptions: options, roots: roots, settings: finder}
	result, err := j.join([]judged{j.judge(project)})
	require.NoError(t, err)
	result.Findings = slices.DeleteFunc(result.Findings, func(f lint.Finding) bool { return f.Rule != rule })
	result.Ignored, result.Unseen, result.Seen = nil, nil, nil
	result.Merge()
	return result
}

// listedWants reads the wants that stand in a file of their own.
func listedWants(t *testing.T, path string) []want {
	t.Helper()
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	var wants []want
	for _, line := range strings.Split(strings.TrimSuffix(string(content), "\n"), "\n") {
		place, text, _ := strings.Cut(line, " ")
		file, number, _ := strings.Cut(place, ":")
		at, err := strconv.Atoi(number)
		require.NoError(t, err, "%s: %q is not FILE:LINE text", path, line)
		require.NotEmpty(t, text, "%s: %q is not FILE:LINE text", path, line)
		wants = append(wants, want{file, at, text})
	}
	return wants
}

// printed is a result as people see it.
func printed(t *testing.T, result *lint.Result) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, report.Text(&b, result, report.Look{}))
	return b.String()
}

// stripped copies fixtures without their wants, which it returns. No line and
// no column of what is left moves.
func stripped(t *testing.T, from, to string) []want {
	t.Helper()
	require.NoError(t, os.CopyFS(to, os.DirFS(from)))
	var wants []want
	for _, path := range filesIn(t, to) {
		content, err := os.ReadFile(filepath.Join(to, path))
		require.NoError(t, err)
		text, found := stripWants(t, path, string(content))
		wants = append(wants, found...)
		if len(found) > 0 {
			write(t, filepath.Join(to, path), text)
		}
	}
	return wants
}

var (
	wantComment  = regexp.MustCompile("[ \t]*# want((?: +(?:\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`))+)[ \t]*(\r?)$")
	quotedString = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
)

func stripWants(t *testing.T, path, content string) (string, []want) {
	t.Helper()
	var wants []want
	lines := strings.Split(content, "\n")
	for i, line := range lines {
		match := wantComment.FindStringSubmatch(line)
		if match == nil {
			require.NotContains(t, line, "# want", "%s:%d is no want that can be read", path, i+1)
			continue
		}
		lines[i] = strings.TrimSuffix(line, match[0]) + match[2]
		for _, quoted := range quotedString.FindAllString(match[1], -1) {
			text, err := strconv.Unquote(quoted)
			require.NoError(t, err, "%s:%d", path, i+1)
			wants = append(wants, want{path, i + 1, text})
		}
	}
	return strings.Join(lines, "\n"), wants
}

// matchWants holds findings and wants against each other, one to one.
func matchWants(t *testing.T, findings []lint.Finding, wants []want) {
	t.Helper()
	for _, f := range findings {
		at := slices.IndexFunc(wants, func(w want) bool {
			return w.file == f.Span.File && w.line == f.Span.Start.Line && strings.Contains(f.Message, w.text)
		})
		if at < 0 {
			assert.Fail(t, "nothing wants a finding", "%s:%d: %s", f.Span.File, f.Span.Start.Line, f.Message)
			continue
		}
		wants = slices.Delete(wants, at, at+1)
	}
	for _, w := range wants {
		assert.Fail(t, "nothing was found", "%s:%d wants %q", w.file, w.line, w.text)
	}
}

func TestRulesAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range rules.Known() {
		assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, rule.ID)
		assert.False(t, seen[rule.ID], "%s is there twice", rule.ID)
		seen[rule.ID] = true
		assert.Contains(t, rules.GroupNames(), rule.Group, rule.ID)
		assert.Contains(t, []lint.Severity{lint.Note, lint.Warning, lint.Error}, rule.Severity, rule.ID)
		assert.Regexp(t, `^[A-Z][^\n|]*[^.\s]$`, rule.Summary, "%s: a summary is one line without a full stop", rule.ID)
		assert.NotEmpty(t, strings.TrimSpace(rule.Why), rule.ID)
		assert.NotContains(t, rule.Why, "`", "%s: it is read on a terminal too", rule.ID)
		for _, reference := range rule.Refs {
			assert.Regexp(t, `^https://[^\s]+$`, reference, rule.ID)
		}
	}
}

func TestStripWants(t *testing.T) {
	text, wants := stripWants(t, "bad.yml", "a: 1 # want \"x \\\"y\\\"\" `z`\r\nb: 2 # kept\n")
	assert.Equal(t, "a: 1\r\nb: 2 # kept\n", text)
	assert.Equal(t, []want{{"bad.yml", 1, `x "y"`}, {"bad.yml", 1, "z"}}, wants)
}
