package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestStdin(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "deploy/redis.conf", "maxmemory-polcy allkeys-lru\n")
	write(t, "deploy/.rcomp.toml", "[rules]\npassword-missing = \"off\"\n")
	lint := func(stdin string, arguments ...string) outcome {
		var stdout, stderr bytes.Buffer
		status := run(append([]string{"lint"}, arguments...), strings.NewReader(stdin), &stdout, &stderr)
		return outcome{stdout.String(), stderr.String(), status}
	}
	text := "services:\n  a:\n    image: redis:7.4.6\n    command: redis-server /redis.conf\n    volumes: [./redis.conf:/redis.conf]\n"
	result := lint(text, "--stdin-filename", "deploy/new.yml", "-")
	assert.Equal(t, statusFound, result.status)
	assert.Contains(t, result.stdout, "deploy/new.yml:2:3: ")
	assert.Contains(t, result.stdout, "deploy/redis.conf:1:1: error: ", "what it names is found from there")
	assert.NotContains(t, result.stdout, "password-missing", "and so are settings")
	assert.Contains(t, lint(text, "-").stdout, "compose.yaml:2:3: ")

	// What is on the disk is not what is judged.
	write(t, "compose.yml", "nonsense")
	assert.NotContains(t, lint("services:\n  web:\n    image: nginx:1.27.3\n", "--stdin-filename", "compose.yml", "-").stdout, "nonsense")

	for name, arguments := range map[string][]string{
		"cannot be \".git/config\"": {"--stdin-filename", ".git/config", "-"}, "the standard input is none": {"--add-ignores", "x", "-"},
		"it is not named: -": {"--stdin-filename", "deploy/new.yml"},
	} {
		result := lint(text, arguments...)
		assert.Equal(t, statusTrouble, result.status, name)
		assert.Contains(t, result.stderr, name)
	}
	assert.Contains(t, lint(strings.Repeat("x", 5<<20), "-").stderr, "it is larger than 4 MiB")
}
