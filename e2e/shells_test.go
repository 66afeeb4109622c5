package e2e

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// shellsToComplete are started as a person has them, but for what start-up
// files say, and are told to complete as docs/install.md has it.
var shellsToComplete = map[string]struct{ program, line string }{
	"bash":           {"bash --norc -i", "source <(rcomp completion bash)"},
	"zsh":            {"zsh -f -i", "autoload -U compinit && compinit -u && source <(rcomp completion zsh)"},
	"zsh, by a file": {"zsh -f -i", "mkdir own && rcomp completion zsh >own/_rcomp && fpath=($PWD/own $fpath) && autoload -U compinit && compinit -u"},
	"fish":           {"fish --no-config", "rcomp completion fish | source"},
}

// typings are what a person types before TAB and ENTER, and what the program
// says when the shell has completed it.
var typings = []struct{ keys, says string }{
	{"rcomp explain directive-unkn", "The server does not know a directive"},
	{"rcomp inspect --format json queu", `"name": "queue"`},
	{"rcomp inspect othe\tcach", "cache: server"},
	{"rcomp lint --format concis", "docker-compose.yml:4:27: error: "},
	{"rcomp lint --output=sari", `"$schema": "`},
	{"rcomp lint --quiet --only yaml-invalid,directive-unkn", "docker-compose.yml:4:27: error: "},
	{"rcomp lint --statis", "directive-unknown"},
	{"rcomp lint docker-comp", "docker-compose.yml:4:27: error: "},
	{"rcomp vers", "catalogue of "},
}

// TestShellsComplete types on a terminal of each shell. What completes shows in
// what the program does: half a name would be refused.
func TestShellsComplete(t *testing.T) {
	sideBySide(t)
	for name, shell := range shellsToComplete {
		t.Run(name, func(t *testing.T) {
			program, _, _ := strings.Cut(shell.program, " ")
			_, err := exec.LookPath(program)
			require.NoError(t, err, "the test types into the real shell: install it, as .ci/run does")
			directory := t.TempDir()
			compose := "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory-polcy x\n  queue:\n    image: redis:7.4.6\n"
			for _, file := range []string{"docker-compose.yml", "other.yml"} {
				require.NoError(t, os.WriteFile(filepath.Join(directory, file), []byte(compose), 0o644))
			}
			on := openTerminal(t, directory, shell.program)
			on.types(shell.line+" && echo can comp''lete\r", "can complete")
			for _, typing := range typings {
				on.types(typing.keys+"\t\r", typing.says)
			}
		})
	}
}

// terminal is a program on a terminal of its own.
type terminal struct {
	t    *testing.T
	keys io.Writer

	mutex  sync.Mutex
	screen bytes.Buffer // since the last keys
}

// openTerminal starts a program by script, which every Debian has. The program
// sees no file of the machine's user.
func openTerminal(t *testing.T, directory, program string) *terminal {
	t.Helper()
	on := &terminal{t: t}
	command := exec.Command("script", "--quiet", "--flush", "--command", program, "/dev/null")
	command.Dir = directory
	command.Env = append(os.Environ(), "HOME="+t.TempDir(), "TERM=xterm", "NO_COLOR=1", "COLUMNS=200",
		"PATH="+filepath.Dir(rcompPath(t))+string(filepath.ListSeparator)+os.Getenv("PATH"))
	keys, err := command.StdinPipe()
	require.NoError(t, err)
	on.keys, command.Stdout, command.Stderr = keys, on, on
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		keys.Close()
		command.Process.Kill()
		command.Wait()
	})
	return on
}

func (on *terminal) Write(printed []byte) (int, error) {
	on.mutex.Lock()
	defer on.mutex.Unlock()
	return on.screen.Write(printed)
}

// types presses keys, and waits for what the program prints then.
func (on *terminal) types(keys, says string) {
	on.t.Helper()
	on.mutex.Lock()
	on.screen.Reset()
	on.mutex.Unlock()
	_, err := io.WriteString(on.keys, keys)
	require.NoError(on.t, err)
	shown := ""
	on.t.Cleanup(func() {
		if on.t.Failed() {
			on.t.Logf("%q was followed by\n%q", keys, shown)
		}
	})
	eventually(on.t, "the terminal shows "+says, func() bool {
		on.mutex.Lock()
		defer on.mutex.Unlock()
		shown = on.screen.String()
		return strings.Contains(shown, says)
	})
}
