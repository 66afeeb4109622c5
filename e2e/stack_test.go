package e2e

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// stack is a Compose project in a directory of its own, under a name that no
// other run shares.
type stack struct {
	t         *testing.T
	project   string
	directory string
	found     *server // what only returned
}

// newStack makes an empty project whose containers, networks, volumes and
// images are gone when the test ends.
func newStack(t *testing.T) *stack {
	t.Helper()
	var unique [4]byte
	_, err := rand.Read(unique[:])
	require.NoError(t, err)
	// Not t.TempDir, which no other user can enter.
	directory, err := os.MkdirTemp("", namePrefix)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(directory, 0o755))
	t.Cleanup(func() { os.RemoveAll(directory) })
	s := &stack{t: t, project: namePrefix + hex.EncodeToString(unique[:]), directory: directory}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.diagnosis())
		}
		s.compose("down", "--volumes", "--remove-orphans", "--rmi", "local", "--timeout", "0")
	})
	return s
}

// latestSubnet is the number of the subnet that newSubnet returned last,
// another one in each run.
var latestSubnet atomic.Uint32

func init() { latestSubnet.Store(mathrand.Uint32()) }

// newSubnet returns the first three bytes of addresses that no other stack of
// this run has. The engine gives networks of a swarm 10.0.x.
func newSubnet() string {
	number := latestSubnet.Add(1) % (255 << 8)
	return fmt.Sprintf("10.%d.%d", 1+number>>8, number&0xff)
}

// write puts a file into the project's directory.
func (s *stack) write(name, content string) {
	s.t.Helper()
	path := filepath.Join(s.directory, name)
	require.NoError(s.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(s.t, os.WriteFile(path, []byte(content), 0o644))
}

// compose runs docker compose in the project, whatever its exit status.
func (s *stack) compose(arguments ...string) result {
	s.t.Helper()
	return run(s.t, s.directory, "", "docker", append([]string{"compose", "--parallel", containersAtOnce, "--project-name", s.project}, arguments...)...)
}

// mustCompose runs docker compose in the project and returns its standard output.
func (s *stack) mustCompose(arguments ...string) string {
	s.t.Helper()
	left := s.compose(arguments...)
	require.Zero(s.t, left.status, "docker compose %s\n%s%s", strings.Join(arguments, " "), left.stdout, left.stderr)
	return left.stdout
}

// up starts the project and waits until every container is healthy.
func (s *stack) up() {
	s.t.Helper()
	typed(s.t, s.directory, fmt.Sprintf("docker compose --parallel %s --project-name %s up --detach --wait --wait-timeout %.0f", containersAtOnce, s.project, patience.Seconds()))
}

// down removes the project's containers and its networks. keepsNetwork says
// that the engine would not let go of one: an engine of 2022 (20.10) that
// starts and stops many containers at once may go on counting one that is gone,
// until it starts again.
func (s *stack) down(arguments ...string) (keepsNetwork bool) {
	s.t.Helper()
	left := s.compose(append([]string{"down"}, arguments...)...)
	keepsNetwork = left.status != 0 && strings.Contains(left.stderr, "has active endpoints") && strings.TrimSpace(s.mustCompose("ps", "--all", "--quiet")) == ""
	require.True(s.t, left.status == 0 || keepsNetwork, "docker compose down\n%s%s", left.stdout, left.stderr)
	return keepsNetwork
}

// only returns the server of the project's one service, asked with its password.
func (s *stack) only() *server {
	s.t.Helper()
	if s.found == nil {
		services := strings.Fields(s.mustCompose("config", "--services"))
		require.Len(s.t, services, 1)
		s.found = s.server(services[0]).withPassword(s.readPassword())
	}
	return s.found
}

// server returns the container of a service, running or not, under the name
// that Compose gives it.
func (s *stack) server(service string) *server {
	return &server{t: s.t, container: s.project + "-" + service + "-1"}
}

// readPassword returns the content of the project's one file secret.
func (s *stack) readPassword() string {
	s.t.Helper()
	var model struct {
		Secrets map[string]struct{ File string }
	}
	require.NoError(s.t, json.Unmarshal([]byte(s.mustCompose("config", "--format", "json")), &model))
	require.Len(s.t, model.Secrets, 1)
	var password string
	for _, secret := range model.Secrets {
		content, err := os.ReadFile(secret.File)
		require.NoError(s.t, err)
		password = strings.TrimSuffix(string(content), "\n")
	}
	require.NotContains(s.t, password, "\n")
	require.GreaterOrEqual(s.t, len(password), 32, "too short to be out of reach of guesses, or not a password")
	return password
}

// diagnosis is what a person needs to see of a project whose test failed.
func (s *stack) diagnosis() string {
	status, logs := s.compose("ps", "--all"), s.compose("logs", "--tail", "30")
	return status.stdout + status.stderr + logs.stdout + logs.stderr
}
