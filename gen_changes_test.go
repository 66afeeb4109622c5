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

// change is a row of docs/changes.md: two intents of a deployment, one after the other.
type change struct{ what, before, after string }

// changesOf reads fixtures/changes.txt.
func changesOf(t *testing.T) []change {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "fixtures/changes.txt"))
	require.NoError(t, err)
	var all []change
	for _, part := range strings.Split(string(text), "\n== ")[1:] {
		what, lines, _ := strings.Cut(part, "\n")
		before, after, found := strings.Cut("\n"+lines, "\n->\n")
		require.True(t, found, what)
		all = append(all, change{what, strings.TrimSpace(before), strings.TrimSpace(after)})
	}
	require.NotEmpty(t, all)
	return all
}

// tried is what servers did, by the change, as TestChangesOnTheEngine wrote it down.
func tried(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "docs/changes.tsv"))
	require.NoError(t, err)
	did := map[string]string{}
	for line := range strings.Lines(string(text)) {
		what, seen, found := strings.Cut(strings.TrimSpace(line), "\t")
		require.True(t, found, line)
		did[what] = seen
	}
	return did
}

// intentWith is an intent with lines, which replace those of the same keys.
func intentWith(lines string) string {
	source := ""
	for _, line := range []string{"name = \"shop\"", "role = \"queue\"", "memory = \"512M\"", "version = \"8.0\""} {
		key, _, _ := strings.Cut(line, " ")
		if !regexp.MustCompile(`(?m)^` + key + ` =`).MatchString(strings.SplitN(lines+"\n[", "[", 2)[0]) {
			source += line + "\n"
		}
	}
	return source + lines + "\n"
}

// answer is what gen says of a change, but for the files that it wrote.
func answer(got outcome) (said, next string) {
	var lines, commands []string
	into := &lines
	for line := range strings.Lines(got.stdout + got.stderr) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "wrote "), line == "what this changes:", strings.HasPrefix(line, "left "), strings.Contains(line, "security fixes"), strings.Contains(line, " has CVE-"): // not of the change
		case strings.HasPrefix(line, "redis.conf: "):
			lines = append(lines, line)
		case strings.HasPrefix(line, "next:"):
			into = &commands
		case strings.HasPrefix(line, "rcomp: nothing was written"):
			lines = append(lines, "**refused**")
		default:
			*into = append(*into, strings.TrimSpace(line))
		}
	}
	if len(commands) > 0 {
		next = "`" + strings.Join(commands, "`, `") + "`"
	}
	return strings.Join(lines, "; "), next
}

var changesTable = regexp.MustCompile(`(?s)(<!-- changes -->\n).*(<!-- end of changes -->)`)

// TestChangesAreSaid holds docs/changes.md to what gen says.
func TestChangesAreSaid(t *testing.T) {
	table := "| change | what gen says | commands | what the servers do |\n|---|---|---|---|\n"
	did := tried(t)
	for _, change := range changesOf(t) {
		t.Run(change.what, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "redis.toml", intentWith(change.before))
			first := rcomp("gen")
			require.Zero(t, first.status, first.stderr)
			assert.NotContains(t, first.stdout, "next")
			before := filesIn(t, ".")
			write(t, "redis.toml", intentWith(change.after))
			got := rcomp("gen")
			said, next := answer(got)
			assert.NotEmpty(t, did[change.what], "what an engine did with it: TestChangesOnTheEngine tries what is missing")
			table += "| " + change.what + " | " + said + " | " + next + " | " + did[change.what] + " |\n"
			if got.status == statusClean {
				assert.LessOrEqual(t, strings.Index(got.stdout, "what this changes"), 0, "said before anything is written")
				said, next = answer(rcomp("gen", "--prune"))
				assert.NotContains(t, said+next, "docker compose up", "said once")
				assert.Zero(t, rcomp("gen", "--check").status)
				return
			}
			require.Equal(t, statusTrouble, got.status)
			assert.Equal(t, before, filesIn(t, "."))
			assert.Equal(t, statusFound, rcomp("gen", "--check").status, "nothing was written")
			diff := rcomp("gen", "--diff")
			assert.Zero(t, diff.status)
			assert.Equal(t, got.stderr, strings.Replace(diff.stderr, "gen refuses this, since", "rcomp: nothing was written, since", 1), "said beside the difference too")
			left := rcomp("gen", "--leave-data", "--prune")
			require.Zero(t, left.status)
			if strings.Contains(left.stdout, "\nnext") {
				assert.Equal(t, strings.Contains(got.stderr, "restore"), strings.Contains(left.stdout, "first the restore"), got.stderr+left.stdout)
			}
			assert.Zero(t, rcomp("gen", "--check").status)
		})
	}
	const path = "docs/changes.md"
	content, err := os.ReadFile(filepath.Join(repository, path))
	require.NoError(t, err)
	require.Regexp(t, changesTable, string(content))
	compare(t, path, changesTable.ReplaceAllStringFunc(string(content), func(found string) string {
		parts := changesTable.FindStringSubmatch(found)
		return parts[1] + "\n" + table + "\n" + parts[2]
	}))
}

// TestNothingToType: what no container reads leaves nothing to do, and where
// nothing was deployed nothing is said of it.
func TestNothingToType(t *testing.T) {
	const said = "next: nothing, since these files start what the former ones did\n"
	t.Chdir(t.TempDir())
	write(t, "redis.toml", intentWith("[tls]\nauthority = \"development\""))
	assert.NotContains(t, rcomp("gen").stdout, "next")
	require.NoError(t, os.Remove("README.md"))
	got := rcomp("gen").stdout
	assert.True(t, strings.HasPrefix(got, "wrote README.md\n") && strings.HasSuffix(got, said), got)
	assert.NotContains(t, rcomp("gen").stdout, "next", "nothing was written")
	require.NoError(t, os.Remove("secrets/tls-certificate.pem"))
	assert.NotContains(t, rcomp("gen").stdout, said, "servers have the former one")
}
