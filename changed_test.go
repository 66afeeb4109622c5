package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gitHere runs git in the current directory, as its owner would.
func gitHere(t *testing.T, arguments ...string) {
	t.Helper()
	command := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"}, arguments...)...)
	output, err := command.CombinedOutput()
	require.NoError(t, err, "git %v: %s", arguments, output)
}

// startRepository makes a repository of three projects, one with a conf, and a
// branch.
func startRepository(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "a/compose.yml", "services:\n  a:\n    image: redis:7.4.6\n    command: redis-server /c/redis.conf\n    volumes: [../conf:/c]\n")
	write(t, "b/compose.yml", "services:\n  b:\n    image: redis:${TAG}\n")
	write(t, "b/.env", "TAG=7.4.6\n")
	write(t, "c/compose.yml", "services:\n  c:\n    image: redis:7.4.6\n")
	write(t, "c/x/gone.conf", "port 1\n")
	write(t, "conf/redis.conf", "port 6379\n")
	gitHere(t, "init", "-q")
	gitHere(t, "add", ".")
	gitHere(t, "commit", "-q", "-m", "first")
	gitHere(t, "checkout", "-q", "-b", "work")
}

func TestChangedSince(t *testing.T) {
	tests := map[string]struct {
		change func(t *testing.T)
		judged string // of a, b and c
	}{
		"nothing":                    {func(*testing.T) {}, ""},
		"a compose file":             {func(t *testing.T) { write(t, "c/compose.yml", "services:\n  c:\n    image: redis:7\n") }, "c"},
		"a conf that a server reads": {func(t *testing.T) { write(t, "conf/redis.conf", "port 1\n") }, "a"},
		"a file of variables":        {func(t *testing.T) { write(t, "b/.env", "TAG=7\n") }, "b"},
		"a new project":              {func(t *testing.T) { write(t, "d/compose.yml", "services:\n  d:\n    image: redis:7.4.6\n") }, "d"},
		"a file that is gone":        {func(t *testing.T) { require.NoError(t, os.Remove("c/x/gone.conf")) }, "c"},
		"the settings":               {func(t *testing.T) { write(t, ".rcomp.toml", "fail-on = \"note\"\n") }, "abc"},
		"what is committed": {func(t *testing.T) {
			write(t, "c/compose.yml", "services:\n  c:\n    image: redis:7\n")
			gitHere(t, "commit", "-q", "-a", "-m", "second")
		}, "c"},
		"what main did since": {func(t *testing.T) {
			gitHere(t, "checkout", "-q", "main")
			write(t, "a/compose.yml", "services:\n  a:\n    image: redis:7\n")
			gitHere(t, "commit", "-q", "-a", "-m", "on main")
			gitHere(t, "checkout", "-q", "work")
		}, ""},
		"a time alone": {func(t *testing.T) {
			content, err := os.ReadFile("c/compose.yml")
			require.NoError(t, err)
			write(t, "c/compose.yml", string(content))
		}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			startRepository(t)
			test.change(t)
			result := rcomp("lint", "--changed-since", "main", "--list-files")
			require.Empty(t, result.stderr)
			var judged string
			for file := range strings.SplitSeq(strings.TrimSpace(result.stdout), "\n") {
				if directory, found := strings.CutSuffix(file, "/compose.yml"); found {
					judged += directory
				}
			}
			assert.Equal(t, test.judged, judged)
		})
	}
}

func TestChangedSinceWhat(t *testing.T) {
	startRepository(t)
	for ref, says := range map[string]string{
		"nowhere": `--changed-since: "nowhere" names no commit of this repository`,
		"--help":  `--changed-since: "--help" names no commit`,
		"-x":      `--changed-since: "-x" names no commit`,
		"":        "",
	} {
		result := rcomp("lint", "--changed-since="+ref, "--fail-on", "never")
		if says == "" {
			assert.Equal(t, statusClean, result.status)
			continue
		}
		assert.Equal(t, statusTrouble, result.status, ref)
		assert.Contains(t, result.stderr, says)
	}
	t.Chdir(t.TempDir())
	write(t, composeFile, server)
	result := rcomp("lint", "--changed-since", "main")
	assert.Equal(t, statusTrouble, result.status)
	assert.Contains(t, result.stderr, "is in no git repository")
}

// TestChangedSinceRunsNothing: whatever a repository configures, nothing of it
// is run. The counterpart runs git as people do, and each of them is seen.
func TestChangedSinceRunsNothing(t *testing.T) {
	startRepository(t)
	seen := filepath.Join(t.TempDir(), "seen")
	program := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\necho \"$0 $*\" >>"+seen+"\ncat 2>/dev/null\n"), 0o755))
	write(t, ".gitattributes", "*.yml filter=evil diff=evil\n*.conf filter=evil diff=evil\n")
	for _, key := range []string{
		"core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy", "core.askPass", "core.alternateRefsCommand",
		"filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.external", "diff.evil.command", "diff.evil.textconv",
		"pager.ls-tree", "pager.rev-parse", "credential.helper", "gpg.program", "alias.ls-tree", "alias.rev-parse", "remote.origin.uploadpack",
	} {
		value := program
		if strings.HasPrefix(key, "alias.") {
			value = "!" + program
		}
		gitHere(t, "config", key, value)
	}
	gitHere(t, "config", "remote.origin.url", "ext::"+program)
	gitHere(t, "config", "remote.origin.promisor", "true")
	gitHere(t, "config", "extensions.partialClone", "origin")
	gitHere(t, "config", "core.hooksPath", filepath.Dir(program))
	for _, hook := range []string{"post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"} {
		content, err := os.ReadFile(program)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(program), hook), content, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(".git/hooks", hook), content, 0o755))
	}
	write(t, "c/compose.yml", "services:\n  c:\n    image: redis:7.4.5\n")

	_ = os.Remove(seen)
	result := rcomp("lint", "--changed-since", "main", "--list-files")
	assert.Equal(t, outcome{"c/compose.yml\n", "", statusClean}, result)
	assert.NoFileExists(t, seen)

	// An object that is not here would be fetched.
	require.NoError(t, os.RemoveAll(".git/objects"))
	require.NoError(t, os.MkdirAll(".git/objects", 0o755))
	assert.Equal(t, statusTrouble, rcomp("lint", "--changed-since", "main").status)
	assert.NoFileExists(t, seen)

	_, _ = exec.Command("git", "status").CombinedOutput()
	assert.FileExists(t, seen, "a program that git is told to run is seen here")
}
