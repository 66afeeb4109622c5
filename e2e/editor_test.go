package e2e

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Neovim, as Debian has it, shows what a file that is being written comes to:
// the editor's own view of places, in a line with characters that UTF-8, UTF-16
// and people count differently.
func TestNeovim(t *testing.T) {
	inParts(t)
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "compose.yml"), []byte(`version: "3"
services:
  cache:
    image: redis:7.2.4
    command: redis-server --logfile /data/😀ü.log --appendonly yess
  queue:
    image: redis:7.2.4
    command: redis-server --requirepass hunter2hunter2
`), 0o600))
	script, err := filepath.Abs("testdata/neovim.lua")
	require.NoError(t, err)
	command := exec.Command("nvim", "--headless", "--clean", "-n", "-c", "luafile "+script)
	command.Dir, command.Env = directory, append(os.Environ(), "RCOMP="+rcompPath(t), "HOME="+t.TempDir())
	left := finish(t, command)
	shown := map[string]json.RawMessage{}
	for lines := bufio.NewScanner(strings.NewReader(left.stderr + "\n" + left.stdout)); lines.Scan(); {
		var said []json.RawMessage
		if json.Unmarshal(lines.Bytes(), &said) == nil && len(said) == 2 {
			shown[strings.Trim(string(said[0]), `"`)] = said[1]
		}
	}
	require.Zero(t, left.status, "%s%s", left.stdout, left.stderr)
	require.Contains(t, shown, "ended", "%s%s", left.stdout, left.stderr)
	line := "    command: redis-server --logfile /data/😀ü.log --appendonly yess"
	at := strings.Index(line, "yess") // Neovim counts bytes
	var found []any
	require.NoError(t, json.Unmarshal(shown["found"], &found))
	require.Len(t, found, 4)
	found[3], _, _ = strings.Cut(found[3].(string), "\n") // the lines to write stand below
	assert.JSONEq(t, mustJSON(t, []any{4, at, at + 4, `appendonly must be yes or no, not "yess"`}), mustJSON(t, found))
	assert.Contains(t, string(shown["hover"]), "**appendonly**")
	assert.JSONEq(t, `["yes","no"]`, string(shown["complete"]))
	assert.Contains(t, string(shown["typed"]), "--appendonly yes\"")
	assert.JSONEq(t, `["delete the version key","services:"]`, string(shown["fixed"]))

	// Three files are one action: the password is in one of its own, which git
	// leaves out.
	assert.Contains(t, string(shown["moved"]), "move the password of the command into a file")
	// This release writes an empty line below what it was told of a new file.
	assert.Equal(t, "requirepass hunter2hunter2", strings.TrimRight(contentOf(t, directory, "secrets/queue-requirepass.conf"), "\n"))
	assert.Equal(t, "/secrets/", strings.TrimRight(contentOf(t, directory, ".gitignore"), "\n"))
	assert.Contains(t, contentOf(t, directory, "compose.yml"), "--include /run/secrets/queue-requirepass\n")
	assert.NotContains(t, contentOf(t, directory, "compose.yml"), "hunter2")
}

func contentOf(t *testing.T, directory, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(directory, name))
	require.NoError(t, err)
	return string(content)
}

func mustJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}
