//go:build long

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The releases of fixtures/changes.txt as the engine has them.
var changeReleases = map[string]string{`"7.0"`: `"7.0.15"`, `"8.0"`: `"8.0.2"`, `"8.1"`: `"8.1.1"`, `"9.1"`: `"9.1.2"`}

// TestChangesOnTheEngine makes every change of docs/changes.md to servers that
// run, types what gen says comes next, and writes what they did into
// docs/changes.tsv. What is there already is not tried again.
func TestChangesOnTheEngine(t *testing.T) {
	const results = "../docs/changes.tsv"
	before, err := os.ReadFile(results)
	require.NoError(t, err)
	text, err := os.ReadFile("../fixtures/changes.txt")
	require.NoError(t, err)
	for _, part := range strings.Split(string(text), "\n== ")[1:] {
		what, lines, _ := strings.Cut(part, "\n")
		former, latter, found := strings.Cut("\n"+lines, "\n->\n")
		require.True(t, found, what)
		if strings.Contains("\n"+string(before), "\n"+what+"\t") {
			continue
		}
		t.Run(what, func(t *testing.T) {
			did := wayOf(part)(t, former, latter)
			file, err := os.OpenFile(results, os.O_APPEND|os.O_WRONLY, 0o644)
			require.NoError(t, err)
			defer file.Close()
			_, err = fmt.Fprintf(file, "%s\t%s\n", what, did)
			require.NoError(t, err)
		})
	}
}

// wayOf is how a change is made and looked at.
func wayOf(change string) func(t *testing.T, former, latter string) (did string) {
	switch {
	case strings.Contains(change, `target = "swarm"`):
		return changeInSwarm
	case strings.Contains(change, `name = "store"`):
		return changeOfName
	}
	return changeOnTheEngine
}

// changedIntent is an intent of fixtures/changes.txt with a subnet where it is
// a set's, since other tests run beside this one.
func changedIntent(lines, subnet string) string {
	source := ""
	for _, line := range []string{`name = "shop"`, `role = "queue"`, `memory = "512M"`, `version = "8.0"`} {
		key, _, _ := strings.Cut(line, " ")
		head, _, _ := strings.Cut("\n"+lines, "\n[")
		if !regexp.MustCompile(`(?m)^` + key + ` =`).MatchString(head) {
			source += line + "\n"
		}
	}
	if strings.Contains(lines, "topology =") && !strings.Contains(lines, "subnet =") && !strings.Contains(lines, `target = "swarm"`) {
		source += fmt.Sprintf("subnet = %q\n", subnet+".0/24")
	}
	source += lines + "\n"
	return regexp.MustCompile(`version = ("[0-9.]+")`).ReplaceAllStringFunc(source, func(version string) string {
		for line, patch := range changeReleases {
			version = strings.Replace(version, line, patch, 1)
		}
		return version
	})
}

// changeOnTheEngine returns what servers did that were started from one intent
// and brought to another.
func changeOnTheEngine(t *testing.T, former, latter string) string {
	s, subnet := newStack(t), newSubnet()
	s.write("redis.toml", changedIntent(former, subnet))
	mustRun(t, s.directory, rcompPath(t), "gen")
	started := s.patiently(whether, "docker compose up --detach --wait")
	require.Zero(t, started.status, started.stderr)
	fillKeys(t, s)
	starts := s.starts()

	s.write("redis.toml", changedIntent(latter, subnet))
	got := run(t, s.directory, "", rcompPath(t), "gen")
	var commands []string
	refused, wait := got.status != 0, whether
	if refused {
		wait = 3 * time.Minute // some never get ready, and say why in the meantime
		require.Contains(t, got.stderr, "data would be left behind")
		s.mustCompose("down", "--timeout", "60")
		mustRun(t, s.directory, rcompPath(t), "gen", "--leave-data")
		commands = []string{"docker compose up --detach --wait"}
	} else {
		commands = nextOf(t, got.stdout)
	}
	if s.patiently(wait, commands...).status != 0 {
		return "do not start: " + s.complaint()
	}
	did := restarted(starts, s.starts())
	if refused {
		did = "with `--leave-data`, started anew"
	}
	kept := keysKept(s)
	assert.True(t, kept == keysBefore || refused || strings.Contains(got.stdout, "the restart empties"), "only what gen refuses leaves keys behind, or what it says")
	return did + "; " + saidOfKeys(kept)
}

// keysBefore is how many keys servers have before a change.
const keysBefore = 500

func fillKeys(t *testing.T, of deployment) {
	t.Helper()
	require.Contains(t, of.operate(fmt.Sprintf(`for n in $(seq %d); do echo "set key:$n $n"; done | ask`, keysBefore)), "OK")
}

// keysKept counts the keys of keysBefore that some server still answers for.
func keysKept(of deployment) int {
	kept := map[string]bool{}
	for line := range strings.Lines(of.operate(fmt.Sprintf(`for n in $(seq %d); do echo "get key:$n"; done | ask`, keysBefore))) {
		if number, err := strconv.Atoi(strings.TrimSpace(line)); err == nil && 1 <= number && number <= keysBefore {
			kept[strings.TrimSpace(line)] = true
		}
	}
	return len(kept)
}

func saidOfKeys(kept int) string {
	switch kept {
	case keysBefore:
		return "all keys are there"
	case 0:
		return "empty"
	}
	return fmt.Sprintf("%d of %d keys are there", kept, keysBefore)
}

// whether is how long a command may take of which is asked whether something
// happens, not when.
const whether = 10 * time.Minute

// patiently types commands, which go on waiting for what is unhealthy for a
// moment.
func (s *stack) patiently(wait time.Duration, commands ...string) result {
	s.t.Helper()
	here, err := os.Getwd()
	require.NoError(s.t, err)
	return run(s.t, s.directory, "", "env", "COMPOSE_PROJECT_NAME="+s.project, fmt.Sprintf("PATIENCE=%.0f", wait.Seconds()), "PATH="+filepath.Join(here, "patient")+":"+os.Getenv("PATH"),
		"sh", "-ec", strings.Join(commands, "\n"))
}

// complaint is what a cluster's creator says last, or else the last warning of
// a server, on one line of a table.
func (s *stack) complaint() string {
	s.t.Helper()
	reason := ""
	for line := range strings.Lines(s.compose("logs", "--no-log-prefix", "--tail", "40").stdout) {
		if _, warning, found := strings.Cut(line, "# "); found && !strings.HasPrefix(warning, "WARNING") {
			reason = warning
		}
		if _, waits, found := strings.Cut(line, "start-server: waiting: "); found {
			reason = waits
		}
	}
	if creator := s.compose("logs", "--no-log-prefix", "--tail", "1", "shop-create"); creator.status == 0 && creator.stdout != "" {
		reason = creator.stdout
	}
	return strings.NewReplacer("|", "/", "\t", " ", "\n", " ").Replace(strings.TrimSpace(reason))
}

// asking is a function of the shell: the client in a server's container, as the
// user who may do everything.
const asking = `
ask() {
	port=$(sed -n 's/^tls-port //p' /usr/local/etc/redis/redis.conf)
	set -- -p "${PORT:-${port:-6379}}" -c --no-auth-warning "$@"
	secret=redis-password
	if [ -e /run/secrets/operator-password ]; then set -- --user operator "$@"; secret=operator-password; fi
	if [ -e /run/secrets/tls-authority.pem ]; then
		set -- --tls --cacert /run/secrets/tls-authority.pem --cert /run/secrets/tls-certificate.pem --key /run/secrets/tls-key.pem "$@"
	fi
	REDISCLI_AUTH=$(cat "/run/secrets/$secret") "$(command -v valkey-cli || echo redis-cli)" "$@"
}
`

// operate runs a script that asks in every server, and returns what all of them printed.
func (s *stack) operate(script string) string {
	s.t.Helper()
	said := ""
	for service := range s.starts() {
		said += s.compose("exec", "-T", service, "sh", "-c", asking+script).stdout
	}
	return said
}

// starts are the servers, and when each was started.
func (s *stack) starts() map[string]string {
	s.t.Helper()
	all := map[string]string{}
	for _, service := range strings.Fields(s.mustCompose("ps", "--services")) {
		if isServer(service) {
			all[service] = s.server(service).inspect("{{.State.StartedAt}}")
		}
	}
	return all
}

func isServer(service string) bool {
	return !strings.Contains(service, "sentinel") && !strings.HasSuffix(service, "-create") && !strings.HasSuffix(service, "-exporter")
}

// restarted says which of the servers that ran were started again.
func restarted(before, after map[string]string) string {
	again := 0
	for service, since := range before {
		if after[service] != since {
			again++
		}
	}
	switch {
	case again == 0:
		return "no restart"
	case len(before) == 1:
		return "a restart"
	case again == len(before):
		return "a restart of each"
	}
	return fmt.Sprintf("a restart of %d of %d", again, len(before))
}
