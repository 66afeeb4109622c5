package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// move is a change that rcomp gen refuses because data would be left behind.
type move struct{ name, before, after, server string }

// moves go from one to the other by a backup, as docs/changes.md says. Each is a deployment that somebody has, and wants to have.
func moves(subnet string) []move {
	set := "topology = \"%s\"\nsubnet = \"" + subnet + "\"\n"
	return []move{
		{"RDB to AOF", "persistence = \"rdb\"\n", "persistence = \"aof\"\n", "shop"},
		{"AOF to RDB", "persistence = \"aof\"\n", "persistence = \"rdb\"\n", "shop"},
		{"one server to a sentinel set", "", fmt.Sprintf(set, "sentinel"), "shop-1"},
		{"a replicated set to one server", fmt.Sprintf(set, "replicated"), "", "shop"},
	}
}

// TestMovesOfData types the way that keeps data, and compares all keys by their digest. Before, it shows that what gen refuses does leave them behind.
func TestMovesOfData(t *testing.T) {
	sideBySide(t)
	for _, release := range releases(t) {
		if !movesData(release) {
			continue
		}
		for _, move := range moves(fmt.Sprintf("10.%d.%d.0/24", 1+rand.IntN(255), rand.IntN(256))) {
			t.Run(release.engine+" "+release.version+" "+move.name, func(t *testing.T) {
				s := newStack(t)
				intent := func(lines string) {
					s.write("redis.toml", fmt.Sprintf("name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\nengine = %q\nversion = %q\n%s[redis]\nenable-debug-command = \"local\"\n", release.engine, release.version, lines))
				}
				intent(move.before)
				mustRun(t, s.directory, rcompPath(t), "gen")
				s.up()
				first := s.leading()
				first.command("eval", "for n = 1, 2000 do redis.call('set', 'key:' .. n, string.rep(n, 20)) end return redis.call('zadd', 'scores', 1, 'a', 2, 'b')", "0")
				digest := first.command("debug", "digest")
				require.Regexp(t, `^[0-9a-f]{40}$`, digest)

				intent(move.after)
				refused := run(t, s.directory, "", rcompPath(t), "gen")
				require.Equal(t, 2, refused.status)
				assert.Contains(t, refused.stderr, "nothing was written, since data would be left behind")
				s.typed("bgsave")
				first.command("set", "written after the backup", "lost")
				later := first.command("debug", "digest")
				s.down()
				mustRun(t, s.directory, rcompPath(t), "gen", "--leave-data")
				s.up()
				assert.NotEqual(t, later, s.leading().command("debug", "digest"), "what gen refuses leaves the data behind")
				s.typed("restore() {")
				assert.Equal(t, digest, s.leading().command("debug", "digest"))
			})
		}
	}
}

// movesData chooses the releases on which it is tried.
func movesData(r release) bool {
	return r.engine == "redis" && strings.HasPrefix(r.version, "7.0") || r.engine == "valkey" && strings.HasPrefix(r.version, "8.1")
}

// leading is the server that takes writes, asked as the default user.
func (s *stack) leading() *server {
	s.t.Helper()
	for _, service := range strings.Fields(s.mustCompose("config", "--services")) {
		if strings.Contains(service, "sentinel") {
			continue
		}
		one := s.server(service).withPassword(s.secret("redis"))
		if strings.Contains(one.command("info", "replication"), "role:master") {
			return one
		}
	}
	require.FailNow(s.t, "nobody leads")
	return nil
}

// typed types the README's block of commands that holds a text, as somebody pastes it: nothing stops at the first that fails.
func (s *stack) typed(has string) {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.directory, "README.md"))
	require.NoError(s.t, err)
	for _, block := range commandBlock.FindAllStringSubmatch(string(content), -1) {
		if strings.Contains(block[1], has) {
			commands := regexp.MustCompile(`shop_data`).ReplaceAllString(block[1], s.project+"_data")
			left := run(s.t, s.directory, "", "env", "COMPOSE_PROJECT_NAME="+s.project, "sh", "-c", commands)
			require.Zero(s.t, left.status, "%s\n%s%s", commands, left.stdout, left.stderr)
			return
		}
	}
	require.FailNow(s.t, "no block with "+has)
}
