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

// TestTwoIntentsInOneDirectory gives each a place of its own, and types the
// commands of its README where it stands.
func TestTwoIntentsInOneDirectory(t *testing.T) {
	enterRepository(t)
	write(t, "redis.toml", intentWith("output = \"shop\""))
	write(t, "cart.redis.toml", intentWith("name = \"cart\"\noutput = \"deploy/cart\"\ntopology = \"sentinel\""))
	require.Zero(t, rcomp("gen", "redis.toml", "cart.redis.toml").status)
	assert.Equal(t, outcome{}, rcomp("gen", "--check", "redis.toml", "cart.redis.toml"))
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Len(t, entries, 5, "nothing beside the intents, but .git, deploy and shop")
	for place, intent := range map[string]string{"shop": "../redis.toml", "deploy/cart": "../../cart.redis.toml"} {
		readme, err := os.ReadFile(place + "/README.md")
		require.NoError(t, err)
		assert.Contains(t, string(readme), "from "+intent+". To change it")
		requireGenFrom(t, place, string(readme), "rcomp gen "+intent)
	}
	write(t, "shop/redis.conf", "ours\n")
	got := rcomp("gen", "--check")
	assert.Equal(t, statusFound, got.status)
	assert.Contains(t, got.stdout, "shop/redis.conf stands where redis.toml wants a file")
	assert.Contains(t, got.stdout, "see what \"rcomp gen redis.toml\" would change with --diff")
}

// TestPasswordsOfAnotherIntentAreLeft: a deployment that takes another one's
// place has passwords of its own, and one whose intent was moved keeps them.
func TestPasswordsOfAnotherIntentAreLeft(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "redis.toml", intentWith(""))
	require.Zero(t, rcomp("gen").status)
	password, err := os.ReadFile("secrets/redis-password")
	require.NoError(t, err)

	write(t, "moved.toml", intentWith(""))
	require.Equal(t, statusTrouble, rcomp("gen", "moved.toml").status)
	require.Zero(t, rcomp("gen", "--force", "moved.toml").status)
	same, err := os.ReadFile("secrets/redis-password")
	require.NoError(t, err)
	assert.Equal(t, password, same, "the same deployment")

	write(t, "cart.toml", intentWith("name = \"cart\""))
	require.Equal(t, statusTrouble, rcomp("gen", "--force", "cart.toml").status, "data would be left behind")
	got := rcomp("gen", "--force", "--leave-data", "cart.toml")
	require.Zero(t, got.status, got.stderr)
	assert.Regexp(t, `(?m)^moved secrets/redis-password into secrets/left-[0-9]{8}-[0-9]{6}: it is another deployment's$`, got.stdout)
	another, err := os.ReadFile("secrets/redis-password")
	require.NoError(t, err)
	assert.NotEqual(t, password, another)
	kept, err := filepath.Glob("secrets/left-*/redis-password")
	require.NoError(t, err)
	require.Len(t, kept, 1)
	left, err := os.ReadFile(kept[0])
	require.NoError(t, err)
	assert.Equal(t, password, left)

	// The name stands in README.md, too.
	require.NoError(t, os.RemoveAll("secrets"))
	write(t, "secrets/redis-password", "of cart\n")
	require.NoError(t, os.Remove("docker-compose.yml"))
	require.Zero(t, rcomp("gen", "--force", "cart.toml").status)
	same, err = os.ReadFile("secrets/redis-password")
	require.NoError(t, err)
	require.Equal(t, "of cart\n", string(same), "the same deployment")
	require.NoError(t, os.Remove("docker-compose.yml"))
	require.Zero(t, rcomp("gen", "--force", "redis.toml").status)
	another, err = os.ReadFile("secrets/redis-password")
	require.NoError(t, err)
	assert.NotEqual(t, "of cart\n", string(another))
}

// TestOutputIsRemembered: a README has commands that work from where it stands,
// whatever flag brought it there.
func TestOutputIsRemembered(t *testing.T) {
	enterRepository(t)
	write(t, "intents/redis.toml", intentWith(""))
	require.Zero(t, rcomp("gen", "-o", "run/shop", "intents/redis.toml").status)
	readme, err := os.ReadFile("run/shop/README.md")
	require.NoError(t, err)
	requireGenFrom(t, "run/shop", string(readme), "rcomp gen -o . ../../intents/redis.toml")

	former := strings.ReplaceAll(string(readme), "../../intents/redis.toml", "redis.toml")
	write(t, "run/shop/README.md", former)
	assert.Contains(t, rcomp("gen", "--check", "-o", "run/shop", "intents/redis.toml").stdout, "run/shop/README.md was edited by hand", "and is not another intent's")
}

// requireGenFrom runs the command of a README in its directory, where nothing is to do.
func requireGenFrom(t *testing.T, place, readme, command string) {
	t.Helper()
	require.Contains(t, readme, "`"+command+"`")
	require.Contains(t, readme, "`"+strings.Replace(command, "gen", "gen --diff", 1)+"`")
	back, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, os.Chdir(place))
	defer func() { require.NoError(t, os.Chdir(back)) }()
	got := rcomp(strings.Fields(command)[1:]...)
	assert.Zero(t, got.status, got.stderr)
	assert.Contains(t, got.stdout, "nothing to write")
	assert.Equal(t, outcome{}, rcomp(strings.Fields(strings.Replace(command, "gen", "gen --diff", 1))[1:]...))
}

// TestOutputLeadsNowhereElse has a pull request make a link of the directory
// that its intent names.
func TestOutputLeadsNowhereElse(t *testing.T) {
	outside := t.TempDir()
	write(t, outside+"/redis.conf", "secret-of-the-host\n")
	enterRepository(t)
	write(t, "redis.toml", intentWith("output = \"shop/there\""))
	require.NoError(t, os.Symlink(outside, "shop"))
	for n, flags := range [][]string{nil, {"--check"}, {"--diff"}, nil, {"--check"}, {"--diff"}} {
		if n == 3 {
			require.NoError(t, os.Mkdir(outside+"/there", 0o755))
		}
		got := rcomp(append([]string{"gen"}, flags...)...)
		assert.Equal(t, statusTrouble, got.status)
		assert.Contains(t, got.stderr, "leads out of the intent's directory by a link")
		assert.NotContains(t, got.stdout+got.stderr, "secret-of-the-host")
	}
	assert.Empty(t, filesIn(t, outside+"/there"))
}

// TestCopiesStayOutOfGit asks git itself what it would take of a deployment,
// after its runbook was typed.
func TestCopiesStayOutOfGit(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "redis.toml", intentWith(""))
	require.Zero(t, rcomp("gen").status)
	write(t, "backup/backup.rdb", "REDIS0011")
	write(t, "backup/0-5460.rdb", "REDIS0011")
	require.NoError(t, exec.Command("git", "init", "-q").Run())
	output, err := exec.Command("git", "ls-files", "--others", "--exclude-standard").Output()
	require.NoError(t, err)
	assert.Equal(t, "README.md\nbackup/.gitignore\ndocker-compose.yml\nredis.conf\nredis.toml\nsecrets/.gitignore\n", string(output))
}
