package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClashesAreSaid has two deployments of one repository want the same name or port.
func TestClashesAreSaid(t *testing.T) {
	const (
		named = "b/redis.toml: the name shop is also that of a/docker-compose.yml, line 4: on one host they are one project, and docker compose up in one directory replaces what " +
			"runs of the other; give one of them another name\n"
		published = "b/redis.toml: port 127.0.0.1:6380 of the host is also published by "
	)
	for name, c := range map[string]struct{ a, b, compose, said string }{
		"the same name":                    {a: "", b: "", said: named},
		"the same name and port":           {a: "publish = \"127.0.0.1:6380\"", b: "publish = \"127.0.0.1:6380\"", said: named},
		"neither":                          {a: "publish = \"127.0.0.1:6380\"", b: "name = \"cart\"\npublish = \"127.0.0.1:6381\""},
		"the same port":                    {a: "publish = \"127.0.0.1:6380\"", b: "name = \"cart\"\npublish = \"127.0.0.1:6380\"", said: published + "a/docker-compose.yml, line "},
		"a port of all addresses":          {compose: "services:\n  web:\n    ports:\n      - 6380:80\n", b: "publish = \"127.0.0.1:6380\"", said: published + "c/compose.yml, line 4, as 6380: "},
		"a port in long form":              {compose: "services:\n  web:\n    ports:\n      - target: 80\n        published: 6380\n        host_ip: 0.0.0.0\n", b: "publish = \"127.0.0.1:6380\"", said: published + "c/compose.yml, line 4, as 0.0.0.0:6380: "},
		"another address":                  {compose: "services:\n  web:\n    ports: [\"127.0.0.2:6380:80\"]\n", b: "publish = \"127.0.0.1:6380\""},
		"what cannot be seen":              {compose: "services:\n  web:\n    ports: [\"${PORT}:80\", \"80\", 6379-6381:1-3]\n", b: "publish = \"127.0.0.1:6380\""},
		"a port of the host's own network": {a: "network-mode = \"host\"\npublish = \"[::1]:6380\"", b: "name = \"cart\"\npublish = \"[::1]:6380\"", said: "b/redis.toml: port [::1]:6380 of the host is also published by a/docker-compose.yml, line "},
		"on the host's own network":        {a: "publish = \"127.0.0.1:6380\"", b: "name = \"cart\"\nnetwork-mode = \"host\"\npublish = \"127.0.0.1:6380\"", said: published},
		"two stacks":                       {a: "target = \"swarm\"", b: "target = \"swarm\"", said: "b/redis.toml: the name shop is also that of a/docker-stack.yml, line "},
		"a project and a stack":            {b: "target = \"swarm\"", said: "of a/docker-compose.yml, line 4: on one host they have the same volumes; give one of them another name\n"},
		"a swarm publishes nothing":        {a: "publish = \"127.0.0.1:6380\"", b: "name = \"cart\"\ntarget = \"swarm\""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir(".git", 0o755))
			if c.compose == "" {
				write(t, "a/redis.toml", intentWith(c.a))
				require.Equal(t, "", rcomp("gen", "a/redis.toml").stderr)
			} else {
				write(t, "c/compose.yml", c.compose)
			}
			write(t, "b/redis.toml", intentWith(c.b))
			got := rcomp("gen", "b/redis.toml")
			assert.Zero(t, got.status)
			if c.said == "" {
				assert.Empty(t, got.stderr)
			}
			assert.LessOrEqual(t, strings.Count(got.stderr, "\n"), 1)
			assert.Contains(t, got.stderr, c.said)
			assert.Equal(t, got.stderr, rcomp("gen", "--diff", "b/redis.toml").stderr)
			assert.Equal(t, outcome{}, rcomp("gen", "--check", "b/redis.toml"), "no matter of drift")
		})
	}
}

// TestOverruledFiles has something in the directory of the files that docker
// compose heeds before them.
func TestOverruledFiles(t *testing.T) {
	for name, c := range map[string]struct{ path, content, intent, said string }{
		"an application's file":         {path: "compose.yaml", content: harmless, said: "redis.toml: docker compose takes compose.yaml, which stands beside docker-compose.yml, and none of the files here: give"},
		"with the other end":            {path: "compose.yml", content: harmless, said: "docker compose takes compose.yml, which"},
		"in a directory of its own":     {path: "compose.yml", content: harmless, intent: "output = \"redis\""},
		"what is merged":                {path: "docker-compose.override.yml", content: harmless},
		"other files":                   {path: ".env", content: "A=1\nCOMPOSE_FILE=\"a.yml:b.yml\"\n", said: "redis.toml: COMPOSE_FILE in .env, line 2, has docker compose read other files"},
		"the same file among others":    {path: ".env", content: "COMPOSE_FILE=a.yml:docker-compose.yml\n"},
		"another name":                  {path: ".env", content: "export COMPOSE_PROJECT_NAME = other\r\n", said: "redis.toml: COMPOSE_PROJECT_NAME in .env, line 1, is another name than shop:"},
		"the same name":                 {path: ".env", content: "COMPOSE_PROJECT_NAME='shop'\n# COMPOSE_FILE=x\n"},
		"a stack, which names its file": {path: "compose.yaml", content: harmless, intent: "target = \"swarm\""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir(".git", 0o755))
			write(t, c.path, c.content)
			write(t, "redis.toml", intentWith(c.intent))
			got := rcomp("gen")
			assert.Zero(t, got.status)
			assert.Contains(t, got.stderr, c.said)
			assert.Equal(t, c.said != "", got.stderr != "", got.stderr)
			assert.LessOrEqual(t, strings.Count(got.stderr, "\n"), 1)
			assert.Equal(t, outcome{}, rcomp("gen", "--check", "redis.toml"), "no matter of drift")
		})
	}
}

// TestMovedDeployment has the intent's output change: what runs knows the
// passwords of the former place.
func TestMovedDeployment(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir(".git", 0o755))
	write(t, "redis.toml", intentWith("output = \"one\""))
	require.Equal(t, "", rcomp("gen").stderr)
	write(t, "redis.toml", intentWith("output = \"two\""))
	got := rcomp("gen")
	assert.Zero(t, got.status)
	assert.Contains(t, got.stderr, "the name shop is also that of one/docker-compose.yml, line 4: ")
	assert.Contains(t, got.stderr, "made from the same intent, so where the files have moved, put its secrets in the place of those that are made here")
}
