package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkout is a git repository of a test, and the environment of the programs
// that work in it.
type checkout struct {
	t           *testing.T
	directory   string
	environment []string
}

// newCheckout makes an empty repository. Programs in it see no configuration of
// the machine's user, and pre-commit keeps what it installs for the test alone.
// The modules are those that built the tests: pre-commit would fetch them anew.
func newCheckout(t *testing.T) *checkout {
	t.Helper()
	home := t.TempDir()
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	require.NoError(t, err)
	built, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	c := &checkout{t: t, directory: t.TempDir(), environment: append(os.Environ(),
		"HOME="+home, "PRE_COMMIT_HOME="+filepath.Join(home, "pre-commit"), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com",
		"GOMODCACHE="+strings.TrimSpace(string(modules)), "GOCACHE="+strings.TrimSpace(string(built)), "GOFLAGS=-mod=mod",
	)}
	c.must("git", "init", "--quiet", "--initial-branch=main")
	return c
}

// run runs a program in the checkout.
func (c *checkout) run(name string, arguments ...string) result {
	c.t.Helper()
	command := exec.Command(name, arguments...)
	command.Dir, command.Env = c.directory, c.environment
	return finish(c.t, command)
}

func (c *checkout) must(name string, arguments ...string) string {
	c.t.Helper()
	left := c.run(name, arguments...)
	require.Zero(c.t, left.status, "%s %s\n%s%s", name, strings.Join(arguments, " "), left.stdout, left.stderr)
	return strings.TrimSpace(left.stdout)
}

func (c *checkout) write(path, content string) {
	c.t.Helper()
	path = filepath.Join(c.directory, path)
	require.NoError(c.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(c.t, os.WriteFile(path, []byte(content), 0o644))
}

func (c *checkout) read(path string) string {
	c.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.directory, path))
	require.NoError(c.t, err)
	return string(content)
}

// commit commits everything and returns what git, and so pre-commit, said.
func (c *checkout) commit() result {
	c.t.Helper()
	c.must("git", "add", "--all")
	return c.run("git", "commit", "--quiet", "--message", "change")
}

// hookSource makes a repository of this tree as it is now, and returns its path
// and its only revision.
func hookSource(t *testing.T) (path, revision string) {
	t.Helper()
	c := newCheckout(t)
	for _, name := range strings.Split(mustRun(t, "..", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00") {
		content, err := os.ReadFile(filepath.Join("..", name))
		if name == "" || os.IsNotExist(err) {
			continue // the end of the list, or deleted since the last commit
		}
		require.NoError(t, err)
		c.write(name, string(content))
	}
	left := c.commit()
	require.Zero(t, left.status, left.stderr)
	return c.directory, c.must("git", "rev-parse", "HEAD")
}

// TestPreCommit installs the hooks with pre-commit itself, from a clone, and
// commits with them.
func TestPreCommit(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	_, err := exec.LookPath("pre-commit")
	require.NoError(t, err, "the test runs the real pre-commit: install it, as .ci/run does")
	source, revision := hookSource(t)
	// What pre-commit has installed once serves both parts.
	home := t.TempDir()
	hooked := func(t *testing.T, hooks string) *checkout {
		t.Helper()
		c := newCheckout(t)
		c.environment = append(c.environment, "PRE_COMMIT_HOME="+home, "PATH="+filepath.Dir(rcompPath(t))+string(filepath.ListSeparator)+os.Getenv("PATH"))
		c.write(".pre-commit-config.yaml", fmt.Sprintf("repos:\n  - repo: %s\n    rev: %s\n    hooks: [%s]\n", source, revision, hooks))
		c.must("pre-commit", "install")
		return c
	}
	t.Run("judges", func(t *testing.T) {
		testHooksJudge(t, hooked(t, "{id: rcomp-lint, args: [--fail-on=error, --]}, {id: rcomp-gen-check}"))
	})
	t.Run("fixes", func(t *testing.T) { testHooksFix(t, hooked(t, "{id: rcomp-lint-fix, args: [--fail-on=error, --]}")) })
	t.Run("runs what is installed", func(t *testing.T) {
		testHooksOfTheSystem(t, hooked(t, "{id: rcomp-lint-fix-system, args: [--fail-on=error, --]}, {id: rcomp-lint-system}, {id: rcomp-gen-check-system}"))
	})
}

const hookedCompose = "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /redis.conf%s\n    volumes: [\"./conf/redis.conf:/redis.conf:ro\"]\n"

func testHooksJudge(t *testing.T, c *checkout) {
	c.write("docker-compose.yml", fmt.Sprintf(hookedCompose, " --volatile-ttl"))
	c.write("conf/redis.conf", "maxmemory 256mb\n")
	left := c.commit()
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "docker-compose.yml:4:39: error: ")
	assert.Contains(t, left.stdout+left.stderr, "[directive-unknown]")

	c.write("docker-compose.yml", fmt.Sprintf(hookedCompose, ""))
	left = c.commit()
	require.Zero(t, left.status, left.stdout+left.stderr)

	// Only the conf changes: the compose file that mounts it is judged.
	c.write("conf/redis.conf", "maxmemory 256mb # half\n")
	left = c.commit()
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "conf/redis.conf:1:")
	c.write("conf/redis.conf", "# half\nmaxmemory 256mb\n")
	left = c.commit()
	require.Zero(t, left.status, left.stdout+left.stderr)

	// A conf file of another program is none of ours.
	c.write("nginx/node1.conf", "upstream app {\n  server 10.0.0.1;\n}\n")
	left = c.commit()
	require.Zero(t, left.status, left.stdout+left.stderr)

	// A file whose name is a flag is a file.
	c.write("--fail-on=note.compose.yml", "services:\n  web:\n    image: nginx:1.27.3\n")
	left = c.commit()
	require.Zero(t, left.status, left.stdout+left.stderr)

	c.write("deploy/redis.toml", "name = \"pages\"\nrole = \"cache\"\nmemory = \"512M\"\n")
	left = c.commit()
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "deploy/docker-compose.yml is missing")
	c.must(rcompPath(t), "gen", "deploy/redis.toml")
	left = c.commit()
	require.Zero(t, left.status, left.stdout+left.stderr)
	assert.NotContains(t, c.must("git", "ls-files"), "redis-password")

	// A generated file that is edited by hand runs the check of its intent.
	conf := c.read("deploy/redis.conf")
	c.write("deploy/redis.conf", conf+"hz 50\n")
	left = c.commit()
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "deploy/redis.conf was edited by hand since it was made from deploy/redis.toml")
	c.write("deploy/redis.conf", conf)
	c.must("git", "add", "--all")

	// What is staged is judged, whatever has become of the file since, and with
	// what else is staged.
	c.write("docker-compose.yml", fmt.Sprintf(hookedCompose, " --appendonly yes"))
	c.write("docker-compose.override.yml", "services: {cache: {mem_limit: 512m}}\n")
	c.must("git", "add", "--all")
	c.write("docker-compose.yml", fmt.Sprintf(hookedCompose, " --volatile-ttl"))
	c.write("conf/redis.conf", "maxmemory-polcy x\n")
	left = c.run("git", "commit", "--quiet", "--message", "in part")
	require.Zero(t, left.status, left.stdout+left.stderr)
	assert.Equal(t, fmt.Sprintf(hookedCompose, " --volatile-ttl"), c.read("docker-compose.yml"))
	c.must("git", "add", "docker-compose.yml")
	c.write("docker-compose.yml", fmt.Sprintf(hookedCompose, ""))
	left = c.run("git", "commit", "--quiet", "--message", "in part")
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "docker-compose.yml:4:39: error: ")
	assert.NotContains(t, left.stdout+left.stderr, "maxmemory-polcy")
	assert.Equal(t, "maxmemory-polcy x\n", c.read("conf/redis.conf"))
}

// testHooksFix: a commit fails, is mended, and succeeds when it is tried again.
func testHooksFix(t *testing.T, c *checkout) {
	const old, mended = "version: \"3\"\n" + hookedCompose, hookedCompose
	c.write("docker-compose.yml", fmt.Sprintf(old, ""))
	c.write("conf/redis.conf", "maxmemory 1.5gb\n")
	left := c.commit()
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "files were modified by this hook")
	assert.Contains(t, c.read("docker-compose.yml"), fmt.Sprintf(mended, ""))
	assert.NotContains(t, c.read("docker-compose.yml"), "version")
	c.write("conf/redis.conf", "maxmemory 1536mb\n")
	left = c.commit()
	require.Zero(t, left.status, left.stdout+left.stderr)

	// What cannot be mended stays a finding, and the commit fails until somebody decides.
	c.write("conf/redis.conf", "maxmemory 1.5gb\nmaxmemory-polcy allkeys-lru\n")
	left = c.commit()
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "conf/redis.conf:2:1: error: ")
	assert.Equal(t, "maxmemory 1536mb\nmaxmemory-polcy allkeys-lru\n", c.read("conf/redis.conf"))
	c.write("conf/redis.conf", "maxmemory 1536mb\nmaxmemory-policy allkeys-lru\n")
	left = c.commit()
	require.Zero(t, left.status, left.stdout+left.stderr)

	// Half of a file is staged: what is not is left as it was, be it in the way
	// of a fix or not.
	compose := c.read("docker-compose.yml")
	c.write("docker-compose.yml", "version: \"3\"\n"+compose)
	c.must("git", "add", "docker-compose.yml")
	c.write("docker-compose.yml", "version: \"3\"\n"+compose+"# not staged\n")
	left = c.run("git", "commit", "--quiet", "--message", "in part")
	assert.Equal(t, 1, left.status)
	assert.Equal(t, compose+"# not staged\n", c.read("docker-compose.yml"))
	c.write("docker-compose.yml", "# not staged\nversion: \"3\"\n"+compose)
	left = c.run("git", "commit", "--quiet", "--message", "in part")
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "Rolling back fixes")
	assert.Equal(t, "# not staged\nversion: \"3\"\n"+compose, c.read("docker-compose.yml"))
}

// testHooksOfTheSystem: the flavour that builds nothing mends and finds the same.
func testHooksOfTheSystem(t *testing.T, c *checkout) {
	c.write("docker-compose.yml", "version: \"3\"\n"+fmt.Sprintf(hookedCompose, " --volatile-ttl"))
	c.write("conf/redis.conf", "maxmemory 256mb\n")
	c.write("deploy/redis.toml", "name = \"pages\"\nrole = \"cache\"\nmemory = \"512M\"\n")
	left := c.commit()
	assert.Equal(t, 1, left.status)
	assert.Contains(t, left.stdout+left.stderr, "files were modified by this hook")
	assert.Contains(t, left.stdout+left.stderr, "docker-compose.yml:4:39: error: ")
	assert.Contains(t, left.stdout+left.stderr, "deploy/docker-compose.yml is missing")
	assert.NotContains(t, c.read("docker-compose.yml"), "version")
}
