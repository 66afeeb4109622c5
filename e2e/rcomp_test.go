package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// otherUser is a person's usual first uid; the tests themselves run as root
// where they start the engine.
const otherUser = 1000

// intent is the input of rcomp gen as a test varies it.
type intent struct {
	role, memory string
	release      release
	more         string // lines
}

// generate runs rcomp gen into the project's directory under a umask, written
// in octal. Run by root, it runs as another user, whose files the container's
// root must be able to do without being that user.
func (s *stack) generate(wanted intent, umask string) {
	s.t.Helper()
	s.write("redis.toml", fmt.Sprintf("name = %q\nrole = %q\nmemory = %q\nengine = %q\nversion = %q\n%s",
		"store", wanted.role, wanted.memory, wanted.release.engine, wanted.release.version, wanted.more))
	output := filepath.Join(s.directory, "generated")
	require.NoError(s.t, os.Mkdir(output, 0o755))
	command := exec.Command("sh", "-c", `umask "$1"; shift; exec "$@"`, "sh", umask,
		rcompPath(s.t), "gen", "-o", output, filepath.Join(s.directory, "redis.toml"))
	if os.Geteuid() == 0 && umask != "022" {
		require.NoError(s.t, os.Chown(output, otherUser, otherUser))
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: otherUser, Gid: otherUser}}
	}
	left := finish(s.t, command)
	require.Zero(s.t, left.status, "%s\n%s%s", command, left.stdout, left.stderr)
	s.directory = output
}

// inspected is one service as rcomp inspect --format json prints it.
type inspected struct {
	Name, Kind, Engine, Version string
	Directives                  map[string]struct {
		Value  string
		Origin struct {
			Kind, File   string
			Line, Column int
		}
	}
	Unknown []struct{ Directive, Reason string }
	Ends    []struct{ Reason, Message string }
}

// inspectAll returns what rcomp inspect says of every service of the project's file.
func (s *stack) inspectAll() map[string]inspected {
	s.t.Helper()
	var report struct{ Services []inspected }
	output := mustRun(s.t, s.directory, rcompPath(s.t), "inspect", "--format", "json")
	require.NoError(s.t, json.Unmarshal([]byte(output), &report), output)
	services := map[string]inspected{}
	for _, service := range report.Services {
		services[service.Name] = service
	}
	return services
}

// finding is one finding as rcomp lint --format json prints it.
type finding struct {
	Rule, Severity, File, Service, Message string
	Line                                   int
}

// lintAll returns what rcomp lint finds in the project's directory.
func (s *stack) lintAll() []finding {
	s.t.Helper()
	left := run(s.t, s.directory, "", rcompPath(s.t), "lint", "--format", "json")
	require.Contains(s.t, []int{0, 1}, left.status, "%s%s", left.stdout, left.stderr)
	var report struct{ Findings []finding }
	require.NoError(s.t, json.Unmarshal([]byte(left.stdout), &report), left.stdout)
	return report.Findings
}

// requireSilentLint fails the test if rcomp lint has anything to say.
func (s *stack) requireSilentLint() {
	s.t.Helper()
	left := run(s.t, s.directory, "", rcompPath(s.t), "lint", "--quiet")
	require.Equal(s.t, result{}, left, "rcomp lint of what rcomp gen wrote")
}

// everyRelease runs a test on each server image, side by side.
func everyRelease(t *testing.T, test func(*testing.T, release)) {
	inParts(t)
	for _, release := range releases(t) {
		t.Run(release.String(), func(t *testing.T) {
			sideBySide(t)
			asOneRow(t)
			test(t, release)
		})
	}
}

// oneRelease runs a case of a test on one server image, the next case on the
// next one, and in the long form each case on all.
func oneRelease(t *testing.T, number int, test func(*testing.T, release)) {
	rowsOfReleases(t, number, func(t *testing.T, release release) {
		asOneRow(t)
		test(t, release)
	})
}

// rowsOfReleases is oneRelease for a test that has rows of its own in the long form.
func rowsOfReleases(t *testing.T, number int, test func(*testing.T, release)) {
	chosen := releases(t)
	if !long {
		chosen = chosen[number%len(chosen):][:1]
	}
	for _, release := range chosen {
		t.Run(release.String(), func(t *testing.T) { test(t, release) })
	}
}
