package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-shellwords"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// replayed are the documents whose transcripts tests run, in the directories
// that they tell of. That of docs/fixes.md is typed on an engine, by
// TestFixedStacks.
var replayed = []string{"README.md", "docs/adopting.md", "docs/first-day.md", "docs/fixes.md", "docs/formats.md", "docs/install.md"}

// TestTranscriptsAreReplayed keeps a transcript from standing where no test
// runs it.
func TestTranscriptsAreReplayed(t *testing.T) {
	for _, path := range documents(t) {
		if consoleBlock.MatchString(contentOf(t, path)) {
			assert.Contains(t, replayed, path)
		}
	}
}

// placeholders are what commands in documents leave to who types them.
var placeholders = strings.NewReplacer(
	"SHELL", "bash", "RULE", "directive-unknown", "FORMAT", "json", "FILE.yml", "wrong-unit.yml", "/etc/rcomp.toml", "settings.toml", "../redis.toml", "redis.toml",
)

// TestShownCommandsRun runs the command lines of rcomp that stand in the text
// of documents, each in a project that has what they name: none is refused.
func TestShownCommandsRun(t *testing.T) {
	shown := map[string]string{} // where
	for _, path := range documents(t) {
		for _, command := range shownCommands(contentOf(t, path)) {
			if strings.HasPrefix(command, "rcomp ") {
				shown[command] = path
			}
		}
	}
	assert.Greater(t, len(shown), 30)
	for command, path := range shown {
		t.Run(command, func(t *testing.T) {
			enterProject(t)
			arguments, err := shellwords.Parse(placeholders.Replace(untilPipe(command)))
			require.NoError(t, err)
			outcome := rcomp(arguments[1:]...)
			if arguments[1] == "lsp" {
				assert.Contains(t, outcome.stderr, "the editor left without saying so")
				return
			}
			assert.Contains(t, []int{statusClean, statusFound}, outcome.status, "%s: %s%s", path, outcome.stdout, outcome.stderr)
		})
	}
}

// enterProject makes a project with a fault, an intent and settings the current
// directory.
func enterProject(t *testing.T) {
	t.Helper()
	enterCopy(t, "fixtures/first-page")
	write(t, "redis.toml", "name = \"pages\"\nrole = \"cache\"\nmemory = \"512M\"\n")
	write(t, "settings.toml", "fail-on = \"error\"\n")
	write(t, "fixtures/comparison/wrong-unit.yml", contentOf(t, "fixtures/first-page/compose.yml"))
	require.Equal(t, statusClean, rcomp("gen", "redis.toml").status)
}

// untilPipe is a command without what becomes of its output.
func untilPipe(command string) string { return elsewhere.ReplaceAllString(command, "") }

var elsewhere = regexp.MustCompile(`\s*(?:\\?\||>|&&).*`)

var (
	shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")
	inlineCode = regexp.MustCompile("`([^`\n]+)`")
)

// shownCommands are what a document shows outside of its transcripts: in
// sentences and in blocks for a shell.
func shownCommands(page string) (commands []string) {
	for _, block := range shellBlock.FindAllStringSubmatch(page, -1) {
		for line := range strings.Lines(block[1]) {
			command, _, _ := strings.Cut(line, " #")
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	for _, code := range inlineCode.FindAllStringSubmatch(fencedBlock.ReplaceAllString(page, ""), -1) {
		commands = append(commands, code[1])
	}
	slices.Sort(commands)
	return slices.Compact(commands)
}

var (
	namedTests   = regexp.MustCompile(`-(?:run|bench) '?([\w|^$]+)`)
	ownProgram   = regexp.MustCompile(`^go run \./(\S+)`)
	ownScript    = regexp.MustCompile(`(?:^|[ ;&])((?:\.ci|e2e)/[\w/]+)(?: |$)`)
	testVariable = regexp.MustCompile(`\bRCOMP_[A-Z_0-9]+\b`)
)

// TestShownTestsExist holds what documents tell to run of the repository itself
// to the tests, programs, scripts and variables that there are.
func TestShownTestsExist(t *testing.T) {
	sources, seen := goSources(t), 0
	for _, path := range documents(t) {
		for _, command := range shownCommands(contentOf(t, path)) {
			where := fmt.Sprintf("%s shows %q", path, command)
			for _, match := range namedTests.FindAllStringSubmatch(command, -1) {
				for name := range strings.SplitSeq(strings.Trim(match[1], "^$"), "|") {
					seen++
					assert.Regexp(t, `(?m)^func \w*`+name, sources, where)
				}
			}
			for _, variable := range testVariable.FindAllString(command, -1) {
				seen++
				assert.Contains(t, sources, `"`+variable, where)
			}
			for _, match := range ownProgram.FindAllStringSubmatch(command, -1) {
				seen++
				assert.FileExists(t, filepath.Join(repository, match[1], "main.go"), where)
			}
			for _, match := range ownScript.FindAllStringSubmatch(command, -1) {
				seen++
				_, err := os.Stat(filepath.Join(repository, match[1])) // a script, or a directory
				assert.NoError(t, err, where)
			}
		}
	}
	assert.Greater(t, seen, 20)
}

// goSources are the sources of the repository, one after the other.
func goSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, path := range filesIn(t, repository) {
		if strings.HasSuffix(path, ".go") {
			all.WriteString(contentOf(t, path))
		}
	}
	return all.String()
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, path))
	require.NoError(t, err)
	return string(content)
}

// TestShownSettingsAreUnderstood runs with the settings that a document shows.
func TestShownSettingsAreUnderstood(t *testing.T) {
	blocks := regexp.MustCompile("(?ms)^```toml\n(.*?)^```$").FindAllStringSubmatch(contentOf(t, "docs/configuration.md"), -1)
	require.NotEmpty(t, blocks)
	for _, block := range blocks {
		enterProject(t)
		require.Equal(t, statusClean, rcomp("lint", "--fail-on", "never", "--write-baseline", "rcomp-baseline.json").status)
		write(t, ".rcomp.toml", block[1])
		outcome := rcomp("lint", "--fail-on", "never")
		assert.Equal(t, statusClean, outcome.status, outcome.stdout+outcome.stderr)
	}
}
