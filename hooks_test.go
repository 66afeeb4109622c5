package main

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate"
)

// hook is what the tests read of .pre-commit-hooks.yaml.
type hook struct {
	ID, Entry, Language, Files, Exclude string
	Args                                []string
}

func hooks(t *testing.T) map[string]hook {
	t.Helper()
	content, err := os.ReadFile(".pre-commit-hooks.yaml")
	require.NoError(t, err)
	var list []hook
	require.NoError(t, yaml.Unmarshal(content, &list))
	byID := map[string]hook{}
	for _, h := range list {
		byID[h.ID] = h
	}
	return byID
}

// takes tells whether pre-commit would give a file to a hook. The patterns
// keep to what Python's regular expressions and Go's have in common.
func (h hook) takes(t *testing.T, path string) bool {
	t.Helper()
	files, err := regexp.Compile(h.Files)
	require.NoError(t, err)
	exclude, err := regexp.Compile(h.Exclude)
	require.NoError(t, err)
	return files.MatchString(path) && (h.Exclude == "" || !exclude.MatchString(path))
}

func TestHooksTakeWhatPeopleNameTheirFiles(t *testing.T) {
	tests := map[string]struct{ takes, leaves []string }{
		"rcomp-lint": {
			takes: []string{
				"compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml", "Docker-Compose.yml",
				"docker-compose.override.yml", "docker-compose.prod.yml", "docker-compose-redis.yml", "docker-compose_dev.yml",
				"compose.dev.yaml", "compose-cluster.yml", "dev.docker-compose.yml", "redis-compose.yaml", "dockercompose.yml",
				"deploy/app/docker-compose.yml", "stack.yml", "docker-stack.yml", "voting-app-stack.yml", "stack.prod.yml",
				"redis.conf", "conf/redis.conf", "redis-master.conf", "redis6379.conf", "my-redis.conf", "valkey.conf", "keydb.conf",
				"sentinel.conf", "sentinel1.conf", "conf/sentinel-26379.conf", "redis/master.conf", "redis/conf/6379.conf",
				"redis-cluster/7001/any.conf", "slave.conf", "replica-1.conf", "users.acl", "conf/redis-users.acl", "node1.conf", "node2-replica.conf",
			},
			leaves: []string{
				"decompose.yml", "compose.md", "docker-compose.yml.bak", "composer.json", "stacks.txt", "haystack.yml", "nginx.conf",
				"redis.yml.conf.j2", "redis.conf.md", "README.md", "values.yaml", "list.acl", "templates/redis.yaml", ".github/workflows/docker-compose.yml",
			},
		},
		"rcomp-gen-check": {
			takes:  []string{"redis.toml", "deploy/redis.toml", "cache.redis.toml", "a/b.redis.toml"},
			leaves: []string{"pyproject.toml", "myredis.toml", "redis.toml.bak", "redis.tomlx", "install.sh", "compose.yml", "docs/intro.md"},
		},
	}
	// A generated file that somebody edits makes the check run.
	check := tests["rcomp-gen-check"]
	check.takes = append(check.takes, generate.Paths()...)
	tests["rcomp-gen-check"] = check
	tests["rcomp-lint-fix"] = tests["rcomp-lint"]
	for id, test := range maps.Clone(tests) {
		tests[id+"-system"] = test
	}
	all := hooks(t)
	assert.Len(t, all, len(tests))
	for id, test := range tests {
		for _, path := range test.takes {
			assert.True(t, all[id].takes(t, path), "%s leaves %s out", id, path)
		}
		for _, path := range test.leaves {
			assert.False(t, all[id].takes(t, path), "%s takes %s", id, path)
		}
	}
}

// TestHooksHaveTwoFlavours: they differ in where rcomp comes from, and in
// nothing else.
func TestHooksHaveTwoFlavours(t *testing.T) {
	all := hooks(t)
	for id, h := range all {
		if strings.HasSuffix(id, "-system") {
			continue
		}
		system := all[id+"-system"]
		assert.Equal(t, "golang", h.Language)
		assert.Equal(t, "system", system.Language)
		system.ID, system.Language = h.ID, h.Language
		assert.Equal(t, h, system)
	}
}

// TestHooksSeeWhatAFileBelongsTo: pre-commit names the files that changed, one
// or all, and each is judged with what it belongs to.
func TestHooksSeeWhatAFileBelongsTo(t *testing.T) {
	h := hooks(t)["rcomp-lint"]
	words := append(strings.Fields(h.Entry)[1:], h.Args...)
	t.Chdir(t.TempDir())
	write(t, ".git/HEAD", "")
	write(t, "a/docker-compose.yml", "include: [shared/base.yml]\nservices:\n  cache:\n    build: image\n    command: redis-server /r.conf --maxmemory 1gb\n    volumes: ['./r.conf:/r.conf:ro']\n")
	write(t, "a/docker-compose.override.yml", "services:\n  cache:\n    command: redis-server /r.conf --maxmemory 2gbb\n")
	write(t, "a/shared/base.yml", "services:\n  other:\n    image: redis:7.4.6\n    command: redis-server --hz-z 1\n")
	write(t, "a/image/Dockerfile", "FROM redis:7.4.6\n")
	write(t, "a/r.conf", "maxmemory-polcy allkeys-lru\n")
	want := []string{"a/docker-compose.override.yml:3:47: error:", "a/r.conf:1:1: error:", "a/shared/base.yml:4:27: error:"}
	for _, files := range [][]string{{"a/docker-compose.yml"}, {"a/docker-compose.override.yml"}, {"a/r.conf"}, {"a/docker-compose.override.yml", "a/docker-compose.yml", "a/r.conf"}} {
		got := rcomp(append(append([]string{}, words...), files...)...)
		for _, place := range want {
			assert.Contains(t, got.stdout, place, "%s", files)
		}
		assert.Equal(t, 1, strings.Count(got.stdout, "a/r.conf:1:1: error:"), "once: %s", files)
	}
}

// TestHooksRun runs each hook's command as pre-commit does: its entry, its
// arguments, and then the names of files, whatever they are.
func TestHooksRun(t *testing.T) {
	all := hooks(t)
	command := func(id string, files ...string) []string {
		h := all[id]
		require.Equal(t, "golang", h.Language)
		words := append(strings.Fields(h.Entry), h.Args...)
		require.Equal(t, "rcomp", words[0])
		require.Equal(t, "--", words[len(words)-1], "%s: a file's name could be a flag", id)
		return append(words[1:], files...)
	}
	t.Chdir(t.TempDir())
	write(t, "--format=json-compose.yml", "services:\n  web:\n    image: nginx:1.27.3\n")
	assert.Equal(t, outcome{stdout: "no findings in 1 file: nothing in it has to do with Redis or Valkey\n"}, rcomp(command("rcomp-lint", "--format=json-compose.yml")...))

	// A conf file that is nobody's breaks no commit, and hides nothing of the others.
	write(t, "node1.conf", "upstream app {\n  server 10.0.0.1;\n}\n")
	write(t, "redis.conf", "maxmemory 1.5gb\n")
	got := rcomp(command("rcomp-lint", "node1.conf")...)
	assert.Equal(t, outcome{stdout: "node1.conf:1:1: not seen: it is not judged: no compose file has a server that reads it, and it is not the configuration of one\n" +
		"no findings in 0 files; 1 thing not seen\n"}, got)
	got = rcomp(command("rcomp-lint", "node1.conf", "redis.conf")...)
	assert.Equal(t, statusFound, got.status)
	assert.Contains(t, got.stdout, "redis.conf:1:11: error:")

	write(t, "fixed.compose.yml", "version: \"3\"\nservices:\n  web:\n    image: nginx:1.27.3\n")
	assert.Empty(t, rcomp(command("rcomp-lint-fix", "fixed.compose.yml")...).stderr)
	require.NoError(t, os.Remove("fixed.compose.yml"))

	write(t, "--force.redis.toml", "name = \"x\"\nrole = \"cache\"\nmemory = \"256M\"\n")
	got = rcomp(command("rcomp-gen-check", "--force.redis.toml")...)
	assert.Equal(t, statusFound, got.status)
	assert.Contains(t, got.stdout, "docker-compose.yml is missing")
	assert.ElementsMatch(t, []string{"--force.redis.toml", "--format=json-compose.yml", "node1.conf", "redis.conf"}, filesIn(t, "."))
}
