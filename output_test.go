package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// printing are commands that print something here.
var printing = [][]string{
	{"lint"}, {"lint", "--format", "json"}, {"lint", "--format", "github"}, {"lint", "--format", "sarif"}, {"lint", "--format", "junit"}, {"lint", "--format", "azure"}, {"inspect"}, {"inspect", "--format", "json"},
	{"lint", "--statistics"}, {"lint", "--list-files"}, {"lint", "--write-baseline", "b.json"}, {"schema"}, {"rules", "--format", "json"},
	{"rules"}, {"explain", "password-missing"}, {"version"}, {"--help"}, {"lint", "--help"}, {"--version"},
}

// TestOutputThatCannotBeWritten: who cannot say it has not done it, whatever
// was found.
func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, composeFile, server)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	for _, arguments := range printing {
		var stderr bytes.Buffer
		status := run(arguments, strings.NewReader(""), full, &stderr)
		assert.Equal(t, statusTrouble, status, arguments)
		assert.Equal(t, "rcomp: cannot write the output: no space left on device\n", stderr.String(), arguments)
	}
}

// TestOutputThatNobodyReads runs the program itself, since a signal would end
// it.
func TestOutputThatNobodyReads(t *testing.T) {
	program := filepath.Join(t.TempDir(), "rcomp")
	built, err := exec.Command("go", "build", "-o", program, repository).CombinedOutput()
	require.NoError(t, err, "%s", built)
	t.Chdir(t.TempDir())
	write(t, composeFile, server)
	for _, arguments := range printing {
		reader, writer, err := os.Pipe()
		require.NoError(t, err)
		require.NoError(t, reader.Close())
		var stderr bytes.Buffer
		command := exec.Command(program, arguments...)
		command.Stdout, command.Stderr = writer, &stderr
		require.ErrorAs(t, command.Run(), new(*exec.ExitError), arguments)
		require.NoError(t, writer.Close())
		assert.Equal(t, statusTrouble, command.ProcessState.ExitCode(), arguments)
		assert.Equal(t, "rcomp: cannot write the output: broken pipe\n", stderr.String(), arguments)
	}
}

// TestNoLineIsACommand: names that a stranger chose begin no line that a
// workflow's runner obeys, in any command.
func TestNoLineIsACommand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"::error::x", " ::error::x", "##[error]x", ":"} {
		require.NoError(t, os.MkdirAll(name, 0o755))
		write(t, filepath.Join(name, composeFile), server+"    command: [redis-server, '::error::x']\n    environment: ['::set-output::=##[x]']\n")
		write(t, filepath.Join(name, "redis.toml"), "name = \"cache\"\n")
		for _, arguments := range [][]string{
			{"lint", name}, {"lint", "--format", "json", name}, {"inspect", filepath.Join(name, composeFile)}, {"lint", name + "/none"},
			{"inspect", "--format", "json", filepath.Join(name, composeFile)}, {"gen", "--check", filepath.Join(name, "redis.toml")},
			{"gen", "--diff", filepath.Join(name, "redis.toml")}, {"gen", filepath.Join(name, "redis.toml")}, {name}, {"explain", name},
		} {
			result := rcomp(arguments...)
			for line := range strings.SplitSeq(result.stdout+result.stderr, "\n") {
				assert.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), "%q: %s", arguments, line)
				assert.NotContains(t, line, "##[", "%q", arguments)
			}
		}
	}
}
