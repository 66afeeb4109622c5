//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const smallIntent = "name = \"shop\"\nrole = \"cache\"\nmemory = \"512M\"\n"

// TestIntentStaysInTheRepository puts links where a pull request could.
func TestIntentStaysInTheRepository(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "private")
	write(t, filepath.Join(outside, "redis.toml"), "secret-of-the-host = 1\n")
	write(t, filepath.Join(outside, ".git/HEAD"), "ref: refs/heads/main\n")
	for name, c := range map[string]struct {
		link, target, intent, refused string
	}{
		"a link out":                  {"redis.toml", filepath.Join(outside, "redis.toml"), "redis.toml", "a link leads out of"},
		"a relative link out":         {"redis.toml", "../private/redis.toml", "redis.toml", "a link leads out of"},
		"a directory that leads out":  {"deploy", outside, "deploy/redis.toml", "a link leads out of"},
		"through a link and ..":       {"deploy/up", "../..", "deploy/up/private/redis.toml", "a link leads out of"},
		"a device":                    {"redis.toml", "/dev/zero", "redis.toml", "a link leads out of"},
		"nothing behind the link":     {"redis.toml", "nowhere", "redis.toml", "there is no intent"},
		"a link to another directory": {"redis.toml", "other/real.toml", "redis.toml", ""},
		"a directory of the tree":     {"deploy", "other", "deploy/real.toml", ""},
	} {
		t.Run(name, func(t *testing.T) {
			place := filepath.Join(filepath.Dir(outside), strings.ReplaceAll(t.Name(), "/", "-"))
			require.NoError(t, os.MkdirAll(filepath.Join(place, ".git"), 0o755))
			t.Chdir(place)
			write(t, "other/real.toml", smallIntent)
			require.NoError(t, os.MkdirAll(filepath.Dir(c.link), 0o755))
			require.NoError(t, os.Symlink(c.target, c.link))
			for _, arguments := range [][]string{{"gen", "--check", c.intent}, {"gen", "--diff", c.intent}, {"gen", c.intent}} {
				got := rcomp(arguments...)
				assert.NotContains(t, got.stdout+got.stderr, "secret-of-the-host")
				if c.refused == "" {
					assert.Empty(t, got.stderr)
					assert.NotEqual(t, statusTrouble, got.status)
					continue
				}
				assert.Contains(t, got.stderr, c.refused)
				assert.Equal(t, statusTrouble, got.status)
			}
		})
	}
}

// Without a repository an intent may be named anywhere, but not lead out of its
// directory by a link.
func TestIntentElsewhere(t *testing.T) {
	elsewhere := t.TempDir()
	t.Chdir(t.TempDir())
	write(t, filepath.Join(elsewhere, "redis.toml"), smallIntent)
	assert.Equal(t, outcome{status: 0, stdout: rcomp("gen", "-o", "out", filepath.Join(elsewhere, "redis.toml")).stdout}, outcome{stdout: "wrote out/docker-compose.yml\nwrote out/redis.conf\nwrote out/README.md\nwrote out/secrets/.gitignore\nwrote out/backup/.gitignore\nwrote out/secrets/redis-password\n"})
	require.NoError(t, os.Symlink(filepath.Join(elsewhere, "redis.toml"), "redis.toml"))
	assert.Contains(t, rcomp("gen").stderr, "a link leads out of")
}

func TestIntentThatIsNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, syscall.Mkfifo("redis.toml", 0o600))
	assert.Equal(t, outcome{stderr: "rcomp: cannot read the intent \"redis.toml\": it is not a regular file\n", status: statusTrouble}, rcomp("gen"))
	require.NoError(t, os.Remove("redis.toml"))
	write(t, "redis.toml", "")
	require.NoError(t, os.Truncate("redis.toml", 3<<30))
	assert.Equal(t, outcome{stderr: "rcomp: cannot read the intent \"redis.toml\": it is too large: more than 65536 bytes\n", status: statusTrouble}, rcomp("gen"))
}

// TestLongLinesAreRefused holds the decoder, which takes the square of the
// parts of a key, to short lines.
func TestLongLinesAreRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, line := range []string{"a" + strings.Repeat(".a", 30000) + " = 1", "[a" + strings.Repeat(".a", 30000) + "]", "a = " + strings.Repeat("[", 60000), "a = " + strings.Repeat("{a=", 20000)} {
		write(t, "redis.toml", smallIntent+line+"\n")
		assert.Equal(t, outcome{stderr: "redis.toml:4:1: a line of more than 1024 bytes; write a list on several lines\n", status: statusTrouble}, rcomp("gen"))
	}
}

// TestNamesAreNoCommands gives directories and files names that a runner of
// GitHub or a terminal would obey.
func TestNamesAreNoCommands(t *testing.T) {
	for _, name := range []string{"::error::x", "  ::error file=a::x", "##[error]x", "a\x1b[2Jb", "a\n::error::x", "a\r::error::x", "\u202ex"} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			intent := filepath.Join(name, "redis.toml")
			write(t, intent, smallIntent)
			write(t, filepath.Join(name, "wrong", name+".toml"), smallIntent+"wrong = 1\n")
			write(t, filepath.Join(name, "edited", "redis.toml"), smallIntent)
			write(t, filepath.Join(name, "edited", "redis.conf"), "::error::x\n##[error]x\n\x1b[2J\n")
			for _, arguments := range [][]string{
				{"gen", "--check", intent}, {"gen", "--diff", intent}, {"gen", intent}, {"gen", intent}, {"gen", "--check", "-o", name + "/out", intent},
				{"gen", "-o", name + "/out", intent}, {"gen", filepath.Join(name, "wrong", name+".toml")}, {"gen", filepath.Join(name, "missing")},
				{"gen", filepath.Join(name, "edited", "redis.toml")}, {"gen", "--diff", filepath.Join(name, "edited", "redis.toml")}, {"gen", "--format", name, intent},
			} {
				got := rcomp(arguments...)
				require.NotEmpty(t, got.stdout+got.stderr)
				for _, line := range strings.Split(got.stdout+"\n"+got.stderr, "\n") {
					requireHarmless(t, line)
				}
			}
			got := rcomp("gen", "--check", "--format", "github", filepath.Join(name, "wrong", name+".toml"))
			lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
			require.Len(t, lines, 1)
			assert.Regexp(t, `^::error file=[^:,]*,line=4,col=1,endLine=4,endColumn=6,title=rcomp gen::there is no key`, lines[0])
		})
	}
}

// requireHarmless knows what a runner takes for a command (actions/runner,
// ActionCommand.cs: the line trimmed, or ##[ anywhere).
func requireHarmless(t *testing.T, line string) {
	t.Helper()
	require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), "%q", line)
	require.NotContains(t, line, "##[")
	for _, r := range line {
		require.True(t, r == '\t' || r >= ' ' && r != 0x7f && r != 0x202e, "%q", line)
	}
}

var errFull = errors.New("no space left on device")

// full is a stream that takes so many bytes.
type full struct{ room int }

func (f *full) Write(text []byte) (int, error) {
	n := min(f.room, len(text))
	f.room -= n
	if n < len(text) {
		return n, errFull
	}
	return n, nil
}

// TestWhatCannotBePrintedIsTrouble holds every command to what it could not
// say, from the first byte on or later.
func TestWhatCannotBePrintedIsTrouble(t *testing.T) {
	enterCopy(t, "fixtures/rules/maxmemory-not-set")
	write(t, "gen/redis.toml", smallIntent)
	for _, arguments := range [][]string{
		{"version"}, {"--version"}, {"--help"}, {"rules"}, {"explain", "maxmemory-not-set"},
		{"lint", "bad.yml"}, {"lint", "--format", "json", "bad.yml"}, {"lint", "--format", "github", "bad.yml"}, {"lint", "--help"},
		{"inspect", "bad.yml"}, {"inspect", "--all", "bad.yml"}, {"inspect", "--format", "json", "bad.yml"},
		{"gen", "--diff", "gen/redis.toml"}, {"gen", "--check", "gen/redis.toml"}, {"gen", "--check", "--format", "github", "gen/redis.toml"}, {"gen", "--help"},
		{"gen", "gen/redis.toml"}, {"gen", "gen/redis.toml"},
	} {
		for _, room := range []int{0, 20} {
			var stderr strings.Builder
			status := run(arguments, strings.NewReader(""), &full{room}, &stderr)
			if room > 0 && status != statusTrouble {
				continue // it said less
			}
			assert.Equal(t, statusTrouble, status, fmt.Sprint(arguments))
			assert.Equal(t, "rcomp: cannot write the output: no space left on device\n", stderr.String(), fmt.Sprint(arguments))
		}
	}
}
