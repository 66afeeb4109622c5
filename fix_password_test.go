package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/redis"
)

// oddPasswords are those in which something means more than itself to YAML, to
// Compose, to a shell or to redis.conf; and how many of three ways to give them
// are moved into a file. The others are left where they are.
var oddPasswords = []struct {
	password string
	moved    string // of: a literal, a variable in a list, a variable in a text
}{
	{"plain0plain", "literal list text"},
	{"two words here", "literal list"},
	{` blanks around `, "literal list"},
	{`quo"te`, "list"},
	{`it's`, "literal list"},
	{`it's "both"`, ""},
	{`ha#sh`, "literal list text"},
	{`#first`, "literal list text"},
	{`back\slash`, "list"},
	{`back\nslash`, "list"},
	{`ends with\`, ""},
	{`it's\n`, ""},
	{"line\nend", ""},
	{"tab\tulator", "list"},
	{`dollar$HOME`, "list text"},
	{`twice$$HOME`, "list text"},
	{`per%41cent`, "literal list text"},
	{`pässwörd→`, "literal list text"},
	{`{braces}: [x]`, "literal list"},
	{`*star&and!`, "literal list"},
}

// TestMovedPasswordsAreTheSame: what a fix writes into a file is, to the server
// that reads it, what it got as an argument before.
func TestMovedPasswordsAreTheSame(t *testing.T) {
	for i, odd := range oddPasswords {
		t.Run(odd.password, func(t *testing.T) {
			t.Chdir(t.TempDir())
			const start = "services:\n  server:\n    image: redis:7.4.6\n    command: "
			var moved []string
			for _, way := range []struct{ name, command, env string }{
				{"literal", "[redis-server, --requirepass, " + strconv.Quote(strings.ReplaceAll(odd.password, "$", "$$")) + "]", ""},
				{"list", "[redis-server, --requirepass, \"${PW:?}\"]", dotenvLine(odd.password)},
				{"text", "redis-server --requirepass ${PW:?}", dotenvLine(odd.password)},
			} {
				directory := way.name + strconv.Itoa(i)
				write(t, filepath.Join(directory, ".env"), way.env)
				write(t, filepath.Join(directory, composeFile), start+way.command+"\n")
				before := composePassword(t, directory)
				rcomp("lint", "--fix", "--unsafe-fixes", "--only", "password-in-argv", "--root", directory, directory)
				assert.Equal(t, before, composePassword(t, directory), way.name)
				if !strings.Contains(textOf(t, filepath.Join(directory, composeFile)), "--requirepass") {
					moved = append(moved, way.name)
				}
			}
			assert.Equal(t, odd.moved, strings.Join(moved, " "))
		})
	}
}

// dotenvLine gives the variable PW a value as Compose reads it: between double
// quotes with escapes.
func dotenvLine(value string) string {
	return `PW="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "$", `\$`).Replace(value) + "\"\n"
}

// composePassword is the password that a server has by what Compose gives it:
// the argument, or the line of the file that it includes.
func composePassword(t *testing.T, directory string) string {
	t.Helper()
	absolute, err := filepath.Abs(directory)
	require.NoError(t, err)
	model := loadByCompose([]string{filepath.Join(absolute, composeFile)}, nil)
	if model.err != nil {
		return model.err.Error() // it cannot be split into words
	}
	field := func(path string) string { return strings.TrimPrefix(model.fields[path], "string ") }
	var words []string
	for i := 0; model.fields["services.server.command."+strconv.Itoa(i)] != ""; i++ {
		words = append(words, field("services.server.command."+strconv.Itoa(i)))
	}
	require.GreaterOrEqual(t, len(words), 3)
	if words[1] != "--include" {
		return strings.Join(words[1:], "\x00")
	}
	name := field("services.server.configs.0.source")
	require.Equal(t, words[2], field("services.server.configs.0.target"))
	text := field("configs." + name + ".content")
	if file := field("configs." + name + ".file"); file != "" {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		text = string(content)
	}
	require.NotContains(t, strings.TrimSuffix(text, "\n"), "\n", "a line of redis.conf is one line")
	read, err := redis.SplitWords(strings.Trim(text, " \t\r\n"), redis.DefaultRelease(redis.Redis))
	require.NoError(t, err)
	return "--" + strings.Join(read, "\x00")
}
