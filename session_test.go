package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mattn/go-shellwords"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSessions replays what fixtures/cli/*/session.txt recorded: commands
// behind "$ ", what they print, and their status where it is not 0.
func TestSessions(t *testing.T) {
	for _, name := range directories(t, "fixtures/cli") {
		t.Run(name, func(t *testing.T) {
			session := filepath.Join("fixtures/cli", name, "session.txt")
			recorded, err := os.ReadFile(session)
			require.NoError(t, err)
			enterCopy(t, filepath.Dir(session))
			compare(t, session, replay(t, string(recorded)))
		})
	}
}

// replay runs the commands of a transcript and returns it with what they
// print now. Lines that begin with "# " stay.
func replay(t *testing.T, transcript string) string {
	t.Helper()
	var replayed strings.Builder
	commands := 0
	for _, line := range strings.Split(transcript, "\n") {
		switch {
		case strings.HasPrefix(line, "$ "):
			commands++
			fmt.Fprintln(&replayed, line)
			output, status := execute(t, strings.TrimPrefix(line, "$ "))
			replayed.WriteString(anywhere(t).Replace(output))
			if status != 0 {
				fmt.Fprintf(&replayed, "[exit %d]\n", status)
			}
		case strings.HasPrefix(line, "# "):
			fmt.Fprintln(&replayed, line)
		}
	}
	require.Positive(t, commands, "a transcript has commands behind \"$ \"")
	return replayed.String()
}

// anywhere takes out of an output what depends on where and how the tests run.
func anywhere(t *testing.T) *strings.Replacer {
	t.Helper()
	directory, err := os.Getwd()
	require.NoError(t, err)
	return strings.NewReplacer(directory, "$PWD", version(), "VERSION")
}

// execute runs rcomp in this process, and anything else in a shell.
func execute(t *testing.T, command string) (output string, status int) {
	t.Helper()
	var printed bytes.Buffer
	words, isRcomp := strings.CutPrefix(command, "rcomp")
	if !isRcomp {
		words, isRcomp = strings.CutPrefix(command, "go run .")
	}
	if isRcomp {
		arguments, err := shellwords.Parse(words)
		require.NoError(t, err, command)
		status = run(arguments, strings.NewReader(""), &printed, &printed)
		return printed.String(), status
	}
	shell := exec.Command("sh", "-c", command)
	shell.Stdout, shell.Stderr = &printed, &printed
	if err := shell.Run(); err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError), command)
	}
	return printed.String(), shell.ProcessState.ExitCode()
}

func TestReplayNotices(t *testing.T) {
	transcript := "# a remark\n$ rcomp rules extra\nwrong\n$ sh -c 'echo out; exit 3'\n"
	assert.Equal(t, "# a remark\n$ rcomp rules extra\nrcomp: too many arguments: there is no use for \"extra\"\n"+
		"run \"rcomp rules --help\" for what it takes\n[exit 2]\n$ sh -c 'echo out; exit 3'\nout\n[exit 3]\n", replay(t, transcript))
}
