package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// move is a change that rcomp gen refuses because data would be left behind,
// and that a backup makes all the same.
type move struct{ name, before, after string }

// moves go from one to the other by a backup, as docs/changes.md says. Each is
// a deployment that somebody has, and wants to have.
func moves(subnet string) []move {
	set := "topology = \"%s\"\nsubnet = \"" + subnet + "\"\n"
	return []move{
		{"RDB to AOF", "persistence = \"rdb\"\n", "persistence = \"aof\"\n"},
		{"AOF to RDB", "persistence = \"aof\"\n", "persistence = \"rdb\"\n"},
		{"one server to a sentinel set", "", fmt.Sprintf(set, "sentinel")},
		{"one server to a replicated set", "", fmt.Sprintf(set, "replicated")},
		{"a replicated set to one server", fmt.Sprintf(set, "replicated"), ""},
		{"a sentinel set to one server", fmt.Sprintf(set, "sentinel"), ""},
	}
}

// TestMovesOfData types the way that keeps data, and compares all keys by their
// digest, while somebody reads. That what gen refuses leaves data behind is
// shown by TestChangesOnTheEngine.
func TestMovesOfData(t *testing.T) {
	sideBySide(t)
	for _, release := range releases(t) {
		if !movesData(release) {
			continue
		}
		for _, move := range moves(fmt.Sprintf("10.%d.%d.0/24", 1+rand.IntN(255), rand.IntN(256))) {
			t.Run(release.engine+" "+release.version+" "+move.name, func(t *testing.T) {
				s := newStack(t)
				s.intend(release, move.before)
				mustRun(t, s.directory, rcompPath(t), "gen")
				s.up()
				first := s.leading()
				digest := first.fillDatabase()
				reading := startReading(t, strings.Repeat("1", 20), s.server("shop").withPassword(first.password), s.server("shop-1").withPassword(first.password))

				s.intend(release, move.after)
				refused := run(t, s.directory, "", rcompPath(t), "gen")
				require.Equal(t, 2, refused.status)
				assert.Contains(t, refused.stderr, "nothing was written, since data would be left behind")
				s.typed("bgsave")
				first.command("set", "written after the backup", "lost")
				s.down()
				mustRun(t, s.directory, rcompPath(t), "gen", "--leave-data")
				s.typed("restore() {")
				reading.stop()
				assert.Equal(t, digest, s.leading().command("debug", "digest"))
			})
		}
	}
}

// TestReleaseUpAndBack goes from a release to one that reads its files, writes
// there, and goes back by the backup of the first one. From Valkey 8.1 the
// other one is Redis 8.0.
func TestReleaseUpAndBack(t *testing.T) {
	sideBySide(t)
	all := releases(t)
	other := all[slices.IndexFunc(all, func(r release) bool { return r.engine == "redis" && strings.HasPrefix(r.version, "8.0") })]
	for _, release := range all {
		if !movesData(release) {
			continue
		}
		t.Run(release.engine+" "+release.version, func(t *testing.T) {
			s := newStack(t)
			s.intend(release, "")
			mustRun(t, s.directory, rcompPath(t), "gen")
			s.up()
			first := s.leading()
			digest := first.fillDatabase()
			s.typed("bgsave")

			s.intend(other, "")
			mustRun(t, s.directory, rcompPath(t), "gen")
			s.up()
			assert.Equal(t, digest, s.leading().command("debug", "digest"), "%s reads what %s wrote", other, release)
			s.leading().command("set", "written by the other", "lost")
			s.leading().command("bgrewriteaof")
			eventually(t, "the files are those of the other", s.leading().savingEnds)

			s.intend(release, "")
			back := run(t, s.directory, "", rcompPath(t), "gen")
			if release.engine == "valkey" {
				assert.Contains(t, back.stderr, "the engine changes")
			} else {
				assert.Contains(t, back.stderr, "the release goes back")
			}
			require.Equal(t, 2, back.status)
			s.down()
			mustRun(t, s.directory, rcompPath(t), "gen", "--leave-data")
			s.typed("restore() {")
			assert.Equal(t, digest, s.leading().command("debug", "digest"))
		})
	}
}

// intend writes the intent of a database with lines more.
func (s *stack) intend(release release, lines string) {
	s.t.Helper()
	s.write("redis.toml", fmt.Sprintf("name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\nengine = %q\nversion = %q\n%s[redis]\nenable-debug-command = \"local\"\n", release.engine, release.version, lines))
}

// fillDatabase writes keys, of which readKey is one, and returns the digest of all.
func (s *server) fillDatabase() string {
	s.t.Helper()
	s.command("eval", "for n = 1, 2000 do redis.call('set', 'key:' .. n, string.rep(n, 20)) end return redis.call('zadd', 'scores', 1, 'a', 2, 'b')", "0")
	digest := s.command("debug", "digest")
	require.Regexp(s.t, `^[0-9a-f]{40}$`, digest)
	return digest
}

// nextOf are the commands that gen ends with.
func nextOf(t *testing.T, said string) (commands []string) {
	t.Helper()
	_, next, found := strings.Cut(said, "next:\n")
	require.True(t, found, said)
	for line := range strings.Lines(next) {
		if command, ok := strings.CutPrefix(line, "  "); ok {
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	return commands
}

// movesData chooses the releases on which it is tried: an engine each in the
// long form, one of them in the gate.
func movesData(r release) bool {
	return long && r.engine == "redis" && strings.HasPrefix(r.version, "7.0") || r.engine == "valkey" && strings.HasPrefix(r.version, "8.1")
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

// typed types the README's block of commands that holds a text, and returns
// what it printed.
func (s *stack) typed(has string) string {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.directory, "README.md"))
	require.NoError(s.t, err)
	for _, block := range commandBlock.FindAllStringSubmatch(string(content), -1) {
		if strings.Contains(block[1], has) {
			commands := regexp.MustCompile(`shop_data`).ReplaceAllString(block[1], s.project+"_data")
			return typed(s.t, s.directory, commands, "COMPOSE_PROJECT_NAME="+s.project)
		}
	}
	require.FailNow(s.t, "no block with "+has)
	return ""
}
