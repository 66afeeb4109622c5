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

// changes are the rows of docs/changes.md: two intents of a deployment, one after the other.
var changes = []struct{ what, before, after string }{
	{"`memory` grows", "", "memory = \"1G\""},
	{"`memory` shrinks", "", "memory = \"256M\""},
	{"`topology` from one server to a set", "", "topology = \"sentinel\""},
	{"`topology` from a set to one server", "topology = \"replicated\"", ""},
	{"`topology` from replicated to sentinel", "topology = \"replicated\"", "topology = \"sentinel\""},
	{"`topology` to a cluster", "topology = \"replicated\"", "topology = \"cluster\""},
	{"`masters` fewer", "topology = \"cluster\"\nmasters = 4", "topology = \"cluster\"\nmasters = 3"},
	{"`masters` more", "topology = \"cluster\"", "topology = \"cluster\"\nmasters = 4"},
	{"`replicas` fewer", "topology = \"replicated\"", "topology = \"replicated\"\nreplicas = 1"},
	{"`name`", "", "name = \"store\""},
	{"`version` newer", "", "version = \"8.2\""},
	{"`version` older", "", "version = \"7.4\""},
	{"`engine`, from Redis 8.0", "", "engine = \"valkey\"\nversion = \"9.1\""},
	{"`engine`, from Redis 7.2", "version = \"7.2\"", "engine = \"valkey\"\nversion = \"8.1\""},
	{"`persistence` from RDB to AOF", "persistence = \"rdb\"", "persistence = \"aof\""},
	{"`persistence` from AOF to RDB", "persistence = \"aof\"", "persistence = \"rdb\""},
	{"`persistence` from AOF to both", "persistence = \"aof\"", "persistence = \"both\""},
	{"`persistence` to none", "", "persistence = \"none\""},
	{"`persistence` from none", "persistence = \"none\"", "persistence = \"aof\""},
	{"the first `[[users]]`", "", "[[users]]\nname = \"web\"\npreset = \"application\""},
	{"the first `[[users]]`, with `default-user`", "", "default-user = true\n[[users]]\nname = \"web\"\npreset = \"application\""},
	{"`default-user` goes", "default-user = true\n[[users]]\nname = \"web\"\npreset = \"application\"", "[[users]]\nname = \"web\"\npreset = \"application\""},
	{"a user less", "[[users]]\nname = \"web\"\npreset = \"application\"\n[[users]]\nname = \"old\"\npreset = \"application\"", "[[users]]\nname = \"web\"\npreset = \"application\""},
	{"`[tls]` comes", "", "[tls]\nauthority = \"development\""},
	{"`[tls]` comes to a set", "topology = \"replicated\"", "topology = \"replicated\"\n[tls]\nauthority = \"development\""},
	{"`[tls]` goes", "[tls]\nauthority = \"development\"", ""},
	{"`publish` opens", "", "publish = \"127.0.0.1:6380\""},
	{"`publish` closes", "publish = \"127.0.0.1:6380\"", ""},
	{"`target` to a swarm", "", "target = \"swarm\""},
	{"a directive of `[redis]`", "", "[redis]\nhz = 20"},
	{"a directive, in a set", "topology = \"sentinel\"", "topology = \"sentinel\"\n[redis]\nhz = 20"},
	{"a directive, in a swarm", "target = \"swarm\"\ntopology = \"sentinel\"", "target = \"swarm\"\ntopology = \"sentinel\"\n[redis]\nhz = 20"},
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
		case strings.HasPrefix(line, "wrote "), line == "what this changes:", strings.HasPrefix(line, "left "), strings.Contains(line, "security fixes"):
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
	table := "| change | what gen says | commands |\n|---|---|---|\n"
	for _, change := range changes {
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
			table += "| " + change.what + " | " + said + " | " + next + " |\n"
			if got.status == statusClean {
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
			assert.True(t, strings.HasPrefix(got.stderr, diff.stderr), "said beside the difference too")
			require.Zero(t, rcomp("gen", "--leave-data", "--prune").status)
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
