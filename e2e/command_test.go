package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for what must come. It decides nothing: no
// machine is so slow, and what a test holds is whether something happens, not
// when. Times are for the long form.
const patience = 5 * time.Minute

// pollPause lies between two looks at a condition. To ask a container costs as
// much of a processor.
const pollPause = 200 * time.Millisecond

// commandTimeout bounds every program that a test starts; the longest replaces
// the members of a stack one by one.
const commandTimeout = 2 * patience

// result is what a program left.
type result struct {
	stdout, stderr string
	status         int
}

// run runs a program in a directory with the given standard input and returns
// what it left, whatever its exit status.
func run(t *testing.T, directory, stdin, name string, arguments ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, name, arguments...)
	command.Dir = directory
	command.Stdin = strings.NewReader(stdin)
	return finish(t, command)
}

// finish runs a prepared command to its end. A program that cannot be started
// or is killed by a signal fails the test.
func finish(t *testing.T, command *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exited *exec.ExitError
	if err != nil && !(errors.As(err, &exited) && exited.ExitCode() >= 0) {
		require.NoError(t, err, "%s\n%s%s", command, stdout.String(), stderr.String())
	}
	return result{stdout: stdout.String(), stderr: stderr.String(), status: command.ProcessState.ExitCode()}
}

// unattended is bash as a person sees it who pastes commands: one that fails
// stops nothing. That any failed is told at the end.
const unattended = `trap 'echo "failed: $BASH_COMMAND" >&2; failed=yes' ERR
%s
[ -z "$failed" ]`

// typed runs commands as a person types them, in a directory, all of which must
// succeed, and returns what they print. In the short form health may take its
// time.
func typed(t *testing.T, directory, commands string, environment ...string) string {
	t.Helper()
	if !long {
		here, err := os.Getwd()
		require.NoError(t, err)
		environment = append(environment, fmt.Sprintf("PATIENCE=%.0f", patience.Seconds()), "PATH="+filepath.Join(here, "patient")+":"+os.Getenv("PATH"))
	}
	left := run(t, directory, "", "env", append(environment, "bash", "-c", fmt.Sprintf(unattended, commands))...)
	require.Zero(t, left.status, "%s\n%s%s", commands, left.stdout, left.stderr)
	return left.stdout
}

// mustRun runs a program that must succeed and returns its standard output.
func mustRun(t *testing.T, directory, name string, arguments ...string) string {
	t.Helper()
	left := run(t, directory, "", name, arguments...)
	require.Zero(t, left.status, "%s %s\n%s%s", name, strings.Join(arguments, " "), left.stdout, left.stderr)
	return left.stdout
}

// eventually asks until the answer is yes, and fails the test with the text
// when patience ends.
func eventually(t *testing.T, what string, ask func() bool) {
	t.Helper()
	eventuallyWhole(t, what, func() error {
		if ask() {
			return nil
		}
		return errors.New("it is not so")
	})
}

// eventuallyWhole asks until nothing is lacking, and fails the test with what
// still is when patience ends.
func eventuallyWhole(t *testing.T, what string, ask func() (lacks error)) {
	t.Helper()
	var lacks error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pollPause) {
		if lacks = ask(); lacks == nil {
			return
		}
	}
	require.NoError(t, lacks, "not within %s: %s", patience, what)
}
