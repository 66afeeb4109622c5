package e2e

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// server is a container that runs Redis or Valkey.
type server struct {
	t         *testing.T
	container string
	password  string // empty where the server asks for none
}

// withPassword returns the same server, asked with a password.
func (s *server) withPassword(password string) *server {
	return &server{t: s.t, container: s.container, password: password}
}

// ask runs redis-cli inside the container with the server's password and returns what it printed. The password goes in by standard
// input, so that it stands in no command line, followed by what redis-cli itself is to read.
func (s *server) ask(stdin string, arguments ...string) result {
	s.t.Helper()
	script := `read -r REDISCLI_AUTH; [ -z "$REDISCLI_AUTH" ] || export REDISCLI_AUTH; exec redis-cli "$@"`
	return run(s.t, "", s.password+"\n"+stdin, "docker",
		append([]string{"exec", "--interactive", s.container, "sh", "-c", script, "redis-cli"}, arguments...)...)
}

// command runs one command that the server must answer without an error, and returns the answer.
func (s *server) command(arguments ...string) string {
	s.t.Helper()
	left := s.ask("", append([]string{"-e"}, arguments...)...)
	require.Zero(s.t, left.status, "redis-cli %q\n%s%s", arguments, left.stdout, left.stderr)
	return strings.TrimSpace(left.stdout)
}

// configuration returns every directive that CONFIG GET knows.
func (s *server) configuration() map[string]string {
	s.t.Helper()
	var directives map[string]string
	require.NoError(s.t, json.Unmarshal([]byte(s.command("--json", "config", "get", "*")), &directives))
	require.Greater(s.t, len(directives), 100)
	return directives
}

// information returns one field of INFO as a number.
func (s *server) information(field string) int {
	s.t.Helper()
	for line := range strings.Lines(s.command("info", "everything")) {
		if text, found := strings.CutPrefix(strings.TrimSpace(line), field+":"); found {
			number, err := strconv.Atoi(text)
			require.NoError(s.t, err, field)
			return number
		}
	}
	require.FailNow(s.t, "INFO has no field "+field)
	return 0
}

// informationText returns one field of INFO as text, empty where there is none.
func (s *server) informationText(field string) string {
	s.t.Helper()
	for line := range strings.Lines(s.command("info", "everything")) {
		if text, found := strings.CutPrefix(strings.TrimSpace(line), field+":"); found {
			return text
		}
	}
	return ""
}

// inspect returns one field of docker inspect by its Go template.
func (s *server) inspect(template string) string {
	s.t.Helper()
	return strings.TrimSpace(mustRun(s.t, "", "docker", "inspect", "--format", template, s.container))
}

// processes returns the command lines of everything that runs in the container.
func (s *server) processes() string {
	s.t.Helper()
	return mustRun(s.t, "", "docker", "top", s.container, "-eo", "pid,args")
}

// signal sends a signal to the server process, KILL included.
func (s *server) signal(name string) {
	s.t.Helper()
	mustRun(s.t, "", "docker", "kill", "--signal", name, s.container)
}
