package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
	"github.com/rcomp/rcomp/rules"
)

// TestRulePages prints docs/rules from the rules, their guides, and what they
// say of the fault in each: an index, and a page for every rule and no other.
func TestRulePages(t *testing.T) {
	const folder = "docs/rules"
	index := []string{
		"# Rules",
		"These pages are printed from the rules by `go test . -update`. All that a rule finds, and what it is silent on, stands in `fixtures/rules/`.",
		"An *error* is what will not start, loses data or lets anyone in. A *warning* is a bad day to come. A *note* is hygiene.\n" +
			"[Severities](../severities.md) says where each comes from. `rcomp lint` fails from warnings on; `--fail-on` says otherwise. A rule is silent where the configuration cannot be known. [What is checked, and what is not](../not-checked.md) answers known mistakes, one by one.",
	}
	pages := []string{"README.md"}
	for _, group := range rules.Groups {
		table := "| rule | severity | what it finds |\n|---|---|---|"
		for _, rule := range rules.Known() {
			if rule.Group == group.Name {
				table += fmt.Sprintf("\n| [%s](%s.md) | %s | %s |", rule.ID, rule.ID, rule.Severity, rule.Summary)
				pages = append(pages, rule.ID+".md")
				compare(t, folder+"/"+rule.ID+".md", strings.Join(rulePage(t, rule), "\n\n")+"\n")
			}
		}
		if strings.Count(table, "\n") > 1 {
			index = append(index, fmt.Sprintf("## %s\n\nAbout %s.", group.Name, group.About), table)
		}
	}
	compare(t, folder+"/README.md", strings.Join(index, "\n\n")+"\n")
	assert.ElementsMatch(t, pages, filesIn(t, filepath.Join(repository, folder)), "pages of rules that there are")
}

// rulePage shows what explain does, and what the rule says of the fault. The
// whole of what a rule finds stands in its fixtures.
func rulePage(t *testing.T, rule *lint.Rule) []string {
	t.Helper()
	blocks := []string{
		"# " + rule.ID,
		fmt.Sprintf("**%s** · %s · %s.", rule.Severity, rule.Group, rule.Summary),
		strings.TrimSpace(rule.Why),
	}
	guide := rule.Guide
	if guide.Fault != "" {
		blocks = append(blocks, "## What it looks like", fence("yaml", guide.Fault), fence("text", printed(t, judgedText(t, rule, guide.Fault))),
			"## What it is not", fence("yaml", guide.NearMiss))
	}
	blocks = append(blocks, "## How to mend it", guide.Mend, "## When to ignore it", guide.Ignore)
	if cases := severityCases(rule); len(cases) > 0 {
		blocks = append(blocks, "## How grave it is", strings.Join(cases, "\n"))
	}
	return append(blocks, "## Source", strings.Join(append(linked(rule.Refs), fmt.Sprintf("* [All that it finds, and all on which it is silent](../../%s/%s)", ruleFixtures, rule.ID)), "\n"))
}

// severityCases say when a finding is graver or milder than the rule, where
// that is so.
func severityCases(rule *lint.Rule) (lines []string) {
	if len(rule.Guide.Cases) < 2 {
		return nil
	}
	for _, one := range rule.Guide.Cases {
		when := one.When
		if when == "" {
			when = "as a rule"
		}
		lines = append(lines, fmt.Sprintf("* %s: %s", one.Severity(), when))
	}
	return lines
}

func linked(links []string) []string {
	var items []string
	for _, link := range links {
		items = append(items, "* <"+link+">")
	}
	return items
}

func fence(language, text string) string {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	return marks + language + "\n" + strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n") + "\n" + marks
}

// mostOfReadme is how many lines somebody reads who does not know yet whether
// he needs any of it, and mostOfFirst those that tell him: a fault, its finding
// and its fix.
const (
	mostOfReadme = 150
	mostOfFirst  = 20
)

// TestReadme replays the examples of README.md, so that what it shows is what
// the program does.
func TestReadme(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(repository, "README.md"))
	require.NoError(t, err)
	readme := string(content)
	assert.LessOrEqual(t, strings.Count(readme, "\n"), mostOfReadme)
	first := consoleBlock.FindStringSubmatch(readme)[1]
	assert.LessOrEqual(t, strings.Count(first, "\n"), mostOfFirst)
	for _, shown := range []string{"--maxmemory 1.5gb", ": error: ", "  = fix: ", "\n+    command: redis-server --maxmemory 1536mb"} {
		assert.Contains(t, first, shown)
	}
	t.Chdir(asClone(t))
	readme = consoleBlock.ReplaceAllStringFunc(readme, func(block string) string {
		transcript := consoleBlock.FindStringSubmatch(block)[1]
		return "```console\n" + replay(t, transcript) + "```\n"
	})
	compare(t, "README.md", readme)
}

// TestSchemaPage keeps the schema of the settings where editors find it.
func TestSchemaPage(t *testing.T) {
	compare(t, "docs/rcomp.schema.json", rcomp("schema").stdout)
}

// TestIntentPage prints the tables of docs/intent.md, and the schema for
// editors, from those that read an intent.
func TestIntentPage(t *testing.T) {
	const path = "docs/intent.md"
	content, err := os.ReadFile(filepath.Join(repository, path))
	require.NoError(t, err)
	page := string(content)
	for name, table := range intent.Tables() {
		place := regexp.MustCompile(`(?s)(<!-- ` + name + ` -->\n).*(<!-- end of ` + name + ` -->)`)
		require.Regexp(t, place, page)
		page = place.ReplaceAllStringFunc(page, func(found string) string {
			parts := place.FindStringSubmatch(found)
			return parts[1] + "\n" + table + "\n" + parts[2]
		})
	}
	compare(t, path, page)
	compare(t, "docs/redis.toml.schema.json", rcomp("schema", "redis.toml").stdout)
}

// TestFirstDay replays docs/first-day.md in a repository of its own.
func TestFirstDay(t *testing.T) {
	const page = "docs/first-day.md"
	content, err := os.ReadFile(filepath.Join(repository, page))
	require.NoError(t, err)
	enterCopy(t, "fixtures/first-day")
	replayed := consoleBlock.ReplaceAllStringFunc(string(content), func(block string) string {
		return "```console\n" + replay(t, consoleBlock.FindStringSubmatch(block)[1]) + "```\n"
	})
	compare(t, page, replayed)
	// What the page is about, whatever is recorded.
	assert.Contains(t, replayed, "findings known from the baseline")
	assert.Contains(t, replayed, "1 finding ignored by comments")
	assert.Contains(t, replayed, `did you mean "maxmemory-policy"?`)
	assert.NotContains(t, replayed, "image-tag-floating]", "what is known is not shown")
	assert.Contains(t, replayed, "nothing is found here that port-on-all-interfaces could be about [ignore-unused]")
}

// TestFormatsPage replays the examples of docs/formats.md beside the project
// that all formats are shown of.
func TestFormatsPage(t *testing.T) { replayPage(t, "docs/formats.md", "fixtures/cli/formats") }

// TestAdoptingPage replays docs/adopting.md in an old repository.
func TestAdoptingPage(t *testing.T) { replayPage(t, "docs/adopting.md", "fixtures/first-day") }

// TestInstallPage replays what docs/install.md shows of the program.
func TestInstallPage(t *testing.T) { replayPage(t, "docs/install.md", "fixtures/first-page") }

// TestWorkflowsAreSound holds the workflows and hooks that docs/ci.md shows to
// what the action and the hooks take.
func TestWorkflowsAreSound(t *testing.T) {
	content, err := os.ReadFile("docs/ci.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```\n").FindAllStringSubmatch(string(content), -1)
	require.NotEmpty(t, blocks)
	inputs, known, seen := readAction(t).Inputs, hooks(t), 0
	for _, block := range blocks {
		var page map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(block[1]), &page), block[1])
		for _, match := range regexp.MustCompile(`(?m)^ +- id: (rcomp-\S+)`).FindAllStringSubmatch(block[1], -1) {
			assert.Contains(t, known, match[1])
			seen++
		}
		_, given, found := strings.Cut(block[1], "uses: OWNER/REPOSITORY@COMMIT\n        with:\n")
		for line := range strings.Lines(given) {
			name, _, isInput := strings.Cut(strings.TrimSpace(line), ":")
			if !found || !isInput || !strings.HasPrefix(line, "          ") {
				break
			}
			assert.Contains(t, inputs, name)
			seen++
		}
	}
	assert.Greater(t, seen, 5)
	for name := range inputs {
		assert.Contains(t, string(content), "| `"+name+"` |")
	}
	for name := range readAction(t).Outputs {
		assert.Contains(t, string(content), "`"+name+"`")
	}
}

// replayPage runs the commands of a page in a copy of a directory.
func replayPage(t *testing.T, page, directory string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, page))
	require.NoError(t, err)
	require.Regexp(t, consoleBlock, string(content))
	enterCopy(t, directory)
	compare(t, page, consoleBlock.ReplaceAllStringFunc(string(content), func(block string) string {
		return "```console\n" + replay(t, consoleBlock.FindStringSubmatch(block)[1]) + "```\n"
	}))
}

// asClone makes a directory with the files that README's commands name.
func asClone(t *testing.T) string {
	t.Helper()
	directory := filepath.Join(t.TempDir(), "rcomp")
	require.NoError(t, os.CopyFS(filepath.Join(directory, "fixtures"), os.DirFS(filepath.Join(repository, "fixtures"))))
	return directory
}

var consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```\n")

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading      = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fencedBlock  = regexp.MustCompile("(?ms)^````*.*?^````*$")
	notInAnchor  = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
)

// TestLinksLead holds every relative link of the documents to a file and a
// heading that are there.
func TestLinksLead(t *testing.T) {
	for _, path := range documents(t) {
		content, err := os.ReadFile(filepath.Join(repository, path))
		require.NoError(t, err)
		for _, match := range markdownLink.FindAllStringSubmatch(fencedBlock.ReplaceAllString(string(content), ""), -1) {
			if !strings.Contains(match[1], "://") {
				checkLink(t, path, match[1])
			}
		}
	}
}

func documents(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "*.md"))
	require.NoError(t, err)
	inDocs, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	require.NoError(t, err)
	below, err := filepath.Glob(filepath.Join(repository, "docs", "*", "*.md"))
	require.NoError(t, err)
	paths = append(append(paths, inDocs...), below...)
	require.NotEmpty(t, paths)
	for i, path := range paths {
		paths[i], err = filepath.Rel(repository, path)
		require.NoError(t, err)
	}
	return paths
}

func checkLink(t *testing.T, from, link string) {
	t.Helper()
	path, anchor, hasAnchor := strings.Cut(link, "#")
	target := filepath.Join(repository, filepath.Dir(from), filepath.FromSlash(path))
	if path == "" {
		target = filepath.Join(repository, from)
	}
	if _, err := os.Stat(target); !assert.NoError(t, err, "%s links to %s", from, link) || !hasAnchor {
		return
	}
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.True(t, slices.Contains(anchors(string(content)), anchor), "%s links to %s, and there is no such heading", from, link)
}

// anchors returns the names that GitHub gives to a document's headings.
func anchors(markdown string) []string {
	var names []string
	for _, match := range heading.FindAllStringSubmatch(fencedBlock.ReplaceAllString(markdown, ""), -1) {
		name := notInAnchor.ReplaceAllString(strings.ToLower(match[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// TestNothingTellsToFetch keeps the documents from naming a way to install
// that does not exist: the module is not published.
func TestNothingTellsToFetch(t *testing.T) {
	for _, path := range append(documents(t), "action.yml", ".pre-commit-hooks.yaml") {
		content, err := os.ReadFile(filepath.Join(repository, path))
		require.NoError(t, err)
		assert.NotRegexp(t, `go (install|get|run) (-\S+ )*`+regexp.QuoteMeta(module), string(content), path)
	}
}

var testNames = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// TestSecurityPage holds each row of docs/security.md to a test that there is.
func TestSecurityPage(t *testing.T) {
	tests := map[string]bool{}
	for _, file := range filesIn(t, ".") {
		if strings.HasSuffix(file, "_test.go") {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, match := range testNames.FindAllStringSubmatch(string(source), -1) {
				tests[match[1]] = true
			}
		}
	}
	page, err := os.ReadFile("docs/security.md")
	require.NoError(t, err)
	_, attacks, found := strings.Cut(string(page), "\n## Attacks")
	require.True(t, found)
	rows := 0
	for line := range strings.SplitSeq(attacks, "\n") {
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| attack |") {
			continue
		}
		rows++
		require.Len(t, cells, 3, line)
		name := strings.Trim(cells[2], "` ")
		assert.True(t, tests[name], "there is no test %q: %s", name, line)
	}
	assert.GreaterOrEqual(t, rows, 110)
}

// TestDerivedReleasesAreNamed holds docs/intent.md to the catalogue.
func TestDerivedReleasesAreNamed(t *testing.T) {
	var derived []string
	for _, engine := range []redis.Engine{redis.Redis, redis.Valkey} {
		assert.False(t, redis.DefaultRelease(engine).Derived())
		for _, release := range redis.Releases(engine) {
			if release.Derived() {
				derived = append(derived, release.String())
			}
		}
	}
	content, err := os.ReadFile(filepath.Join(repository, "docs/intent.md"))
	require.NoError(t, err)
	last := len(derived) - 1
	assert.Contains(t, string(content), "so it is for "+strings.Join(derived[:last], ", ")+" and "+derived[last]+".")
}
