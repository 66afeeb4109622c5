package e2e

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
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

// shell runs a script inside the container in which redis-cli has the server's
// password. The password goes in by standard input, so that it stands in no
// command line, followed by what the script itself is to read.
func (s *server) shell(script, stdin string, arguments ...string) result {
	s.t.Helper()
	script = "read -r REDISCLI_AUTH; [ -z \"$REDISCLI_AUTH\" ] || export REDISCLI_AUTH\n" + script
	return run(s.t, "", s.password+"\n"+stdin, "docker",
		append([]string{"exec", "--interactive", s.container, "sh", "-c", script, "sh"}, arguments...)...)
}

// ask runs redis-cli inside the container and returns what it printed.
func (s *server) ask(stdin string, arguments ...string) result {
	s.t.Helper()
	return s.shell(`exec redis-cli "$@"`, stdin, arguments...)
}

// tries holds a user to the commands that it may send, and to those that are
// refused, over one connection from the host: a program in the container for
// each would take most of the time.
func (s *server) tries(user string, may, mayNot []string) {
	s.t.Helper()
	address := s.inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
	client := redis.NewClient(&redis.Options{Addr: net.JoinHostPort(address, serverPort), Username: user, Password: s.password,
		PoolSize: 1, MaxRetries: once, DisableIdentity: true, DialTimeout: patience, ReadTimeout: patience, WriteTimeout: patience})
	defer client.Close()
	send := func(command string) error {
		var words []any
		for _, word := range strings.Fields(command) {
			words = append(words, word)
		}
		err := client.Do(context.Background(), words...).Err()
		if err == redis.Nil {
			return nil
		}
		return err
	}
	for _, command := range may {
		assert.NoError(s.t, send(command), "%s: %s", user, command)
	}
	for _, command := range mayNot {
		assert.ErrorContains(s.t, send(command), "NOPERM", "%s: %s", user, command)
	}
}

// command runs one command that the server must answer without an error, and
// returns the answer.
func (s *server) command(arguments ...string) string {
	s.t.Helper()
	left := s.ask("", append([]string{"-e"}, arguments...)...)
	require.Zero(s.t, left.status, "redis-cli %q\n%s%s", arguments, left.stdout, left.stderr)
	return strings.TrimSpace(left.stdout)
}

// waitUntilReady waits until the server takes the password, or fails the test
// with its log.
func (s *server) waitUntilReady() {
	s.t.Helper()
	s.firstAnswer("ping")
}

// firstAnswer returns the answer to a command of a server that may still be starting.
func (s *server) firstAnswer(arguments ...string) string {
	s.t.Helper()
	var left result
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if left = s.ask("", append([]string{"-e"}, arguments...)...); left.status == 0 {
			return left.stdout
		}
	}
	require.FailNow(s.t, "the server does not answer", "%s%s\n%s", left.stdout, left.stderr, s.logs())
	return ""
}

// logs returns what the container printed.
func (s *server) logs() string {
	s.t.Helper()
	left := run(s.t, "", "", "docker", "logs", s.container)
	return left.stdout + left.stderr
}

// configuration returns every directive that CONFIG GET knows, of a server that
// may still be starting.
func (s *server) configuration() map[string]string {
	s.t.Helper()
	var directives map[string]string
	require.NoError(s.t, json.Unmarshal([]byte(s.firstAnswer("--json", "config", "get", "*")), &directives))
	require.Greater(s.t, len(directives), 100)
	return directives
}

// information returns every field of INFO.
func (s *server) information() map[string]string {
	s.t.Helper()
	fields := map[string]string{}
	for line := range strings.Lines(s.command("info", "everything")) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			fields[name] = value
		}
	}
	require.Greater(s.t, len(fields), 50)
	return fields
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
