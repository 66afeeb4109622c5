package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func setIntent(name, more string) string {
	return "name = \"" + name + "\"\nrole = \"cache\"\nmemory = \"512M\"\ntopology = \"replicated\"\n" + more
}

// enterRepository makes a new repository the current directory.
func enterRepository(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir(".git", 0o755))
}

func TestTwoIntentsDoNotShareASubnet(t *testing.T) {
	enterRepository(t)
	write(t, "one/redis.toml", setIntent("one", "subnet = \"10.77.12.0/24\"\n"))
	write(t, "two/redis.toml", setIntent("two", "subnet = \"10.77.12.0/24\"\n"))
	first := rcomp("gen", "one/redis.toml", "two/redis.toml")
	assert.Equal(t, statusTrouble, first.status)
	assert.Contains(t, first.stdout, "wrote one/docker-compose.yml")
	second := rcomp("gen", "two/redis.toml")
	assert.Regexp(t, `^two/redis\.toml:5:10: subnet 10\.77\.12\.0/24 overlaps 10\.77\.12\.0/24 in "one/docker-compose\.yml", line \d+; `+
		`write subnet = "10\.\d+\.\d+\.0/24"\n$`, second.stderr)
	assert.Equal(t, first.stderr, second.stderr)
	assert.Equal(t, []string{"redis.toml"}, filesIn(t, "two"))

	again := rcomp("gen", "--check", "one/redis.toml")
	assert.Equal(t, outcome{}, again, "an intent's own file is not in its way")
}

// TestDerivedSubnetsDoNotCollide uses names that lead to one subnet: 65,280
// subnets are not many for short names.
func TestDerivedSubnetsDoNotCollide(t *testing.T) {
	enterRepository(t)
	write(t, "a/redis.toml", setIntent("sessions-dev", ""))
	write(t, "b/redis.toml", setIntent("web-2", ""))
	require.Zero(t, rcomp("gen", "a/redis.toml").status)
	got := rcomp("gen", "b/redis.toml")
	assert.Regexp(t, `^b/redis\.toml:1:8: the subnet that belongs to this name, 10\.232\.178\.0/24, overlaps 10\.232\.178\.0/24 in "a/docker-compose\.yml", line \d+; `+
		`write subnet = "10\.232\.179\.0/24"\n$`, got.stderr)
	write(t, "b/redis.toml", setIntent("web-2", "subnet = \"10.232.179.0/24\"\n"))
	assert.Zero(t, rcomp("gen", "b/redis.toml").status, "the hint is right")
}

func TestHandWrittenSubnetsAreTaken(t *testing.T) {
	for name, compose := range map[string]string{
		"compose.yml":             "services: {}\nnetworks:\n  back:\n    ipam:\n      config:\n        - subnet: 10.77.0.0/16\n",
		"docker-compose.prod.yml": "x-a: &a 10.77.0.0/16\nnetworks:\n  back:\n    internal: true\n    ipam:\n      config: [{subnet: fd00::/64},\n        {subnet: *a}]\n",
		"compose.override.yaml":   "name: other\nnetworks:\n  none:\n  back:\n    ipam:\n      config:\n      - subnet: 10.77.0.0/16\nservices: [wrong]\n",
	} {
		t.Run(name, func(t *testing.T) {
			enterRepository(t)
			write(t, filepath.Join("deep/er", name), compose)
			write(t, "redis.toml", setIntent("shop", "subnet = \"10.77.12.0/24\"\n"))
			got := rcomp("gen")
			assert.Equal(t, statusTrouble, got.status)
			assert.Regexp(t, `^redis\.toml:5:10: subnet 10\.77\.12\.0/24 overlaps 10\.77\.0\.0/16 in "deep/er/`+name+`", line [67]; `, got.stderr)
			assert.NoFileExists(t, "docker-compose.yml")

			t.Chdir("deep") // what is printed is what the user would type
			assert.Contains(t, rcomp("gen", "../redis.toml").stderr, `"er/`+name+`"`)
		})
	}
}

const claimed = "networks: {back: {ipam: {config: [{subnet: 10.77.12.0/24}]}}}\n"

func TestWhatIsNotTakenIsNotInTheWay(t *testing.T) {
	for name, prepare := range map[string]func(){
		"a variable": func() {
			write(t, "a/compose.yml", "networks: {back: {ipam: {config: [{subnet: \"${NET:-10.77.12.0/24}\"}]}}}\n")
		},
		"the same project":     func() { write(t, "staging/compose.yml", "name: shop\n"+claimed) },
		"not a compose file":   func() { write(t, "a/values.yml", claimed) },
		"other people's files": func() { write(t, "node_modules/x/compose.yml", claimed) },
		"no YAML":              func() { write(t, "a/compose.yml", "{"+claimed) },
		"a neighbour":          func() { write(t, "a/compose.yml", "networks: {back: {ipam: {config: [{subnet: 10.77.13.0/24}]}}}\n") },
		"too large":            func() { write(t, "a/compose.yml", claimed+"#"+string(make([]byte, 1<<20))) },
		"a link": func() {
			outside := t.TempDir()
			write(t, filepath.Join(outside, "compose.yml"), claimed)
			require.NoError(t, os.Symlink(outside, "linked"))
			require.NoError(t, os.Symlink(filepath.Join(outside, "compose.yml"), "compose.yml"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			enterRepository(t)
			prepare()
			write(t, "redis/redis.toml", setIntent("shop", "subnet = \"10.77.12.0/24\"\n"))
			got := rcomp("gen", "redis/redis.toml")
			assert.Zero(t, got.status, got.stderr)
			assert.NotContains(t, got.stderr, "overlaps")
		})
	}
}

// The repository is found through a link to it, also for a directory that is
// yet to be made.
func TestRepositoryBehindALinkIsSearched(t *testing.T) {
	enterRepository(t)
	write(t, "a/compose.yml", claimed)
	write(t, "redis.toml", setIntent("shop", "subnet = \"10.77.12.0/24\"\n"))
	link := filepath.Join(t.TempDir(), "link")
	repository, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(repository, link))
	t.Chdir(link)
	got := rcomp("gen", "-o", "yet/to/be/made", "redis.toml")
	assert.Equal(t, statusTrouble, got.status)
	assert.Contains(t, got.stderr, `in "a/compose.yml", line 1; `)
}

// Without a repository, what is above the output directory may be anybody's.
func TestWithoutRepositoryOnlyTheOutputIsSearched(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "above/compose.yml", claimed)
	write(t, "redis/redis.toml", setIntent("shop", "subnet = \"10.77.12.0/24\"\n"))
	require.Zero(t, rcomp("gen", "redis/redis.toml").status)
	require.Zero(t, rcomp("gen", "-o", "yet/to/be/made", "redis/redis.toml").status)
	write(t, "redis/below/compose.yml", claimed)
	got := rcomp("gen", "redis/redis.toml")
	assert.Contains(t, got.stderr, `in "redis/below/compose.yml", line 1; write subnet = "10.`)
	assert.Equal(t, got, rcomp("gen", "--check", "redis/redis.toml"))
}

// TestStacksDoNotShareASubnet holds a stack's subnet to those of other stacks
// and of compose files, and lets gen run again.
func TestStacksDoNotShareASubnet(t *testing.T) {
	enterRepository(t)
	stack := "target = \"swarm\"\nsubnet = \"10.77.12.0/24\"\n"
	write(t, "one/redis.toml", setIntent("one", stack))
	write(t, "two/redis.toml", setIntent("two", stack))
	require.Zero(t, rcomp("gen", "one/redis.toml").status)
	assert.Regexp(t, `^two/redis\.toml:6:10: subnet 10\.77\.12\.0/24 overlaps 10\.77\.12\.0/24 in "one/docker-stack\.yml", line \d+; `, rcomp("gen", "two/redis.toml").stderr)
	assert.Equal(t, []string{"redis.toml"}, filesIn(t, "two"))
	assert.Equal(t, outcome{}, rcomp("gen", "--check", "one/redis.toml"), "an intent's own file is not in its way")

	write(t, "three/compose.yml", "networks: {back: {ipam: {config: [{subnet: 10.78.0.0/16}]}}}\n")
	write(t, "four/redis.toml", setIntent("four", "target = \"swarm\"\nsubnet = \"10.78.1.0/24\"\n"))
	assert.Contains(t, rcomp("gen", "four/redis.toml").stderr, `overlaps 10.78.0.0/16 in "three/compose.yml"`)
}

// TestWhatIsTooDeepIsSaid has a compose file where no search goes.
func TestWhatIsTooDeepIsSaid(t *testing.T) {
	enterRepository(t)
	write(t, filepath.Join(strings.Repeat("d/", 102), "compose.yml"), claimed)
	write(t, "redis.toml", setIntent("shop", "subnet = \"10.77.12.0/24\"\n"))
	got := rcomp("gen")
	assert.Zero(t, got.status)
	assert.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
	assert.Regexp(t, `^redis\.toml: compose files of the repository may want the same subnet, name or port unseen: what is more than 100 levels below is not looked at, such as "d/d/`, got.stderr)
	write(t, "redis.conf", "maxmemory 1mb\n")
	assert.Contains(t, rcomp("lint", "redis.conf").stdout, "not searched: what is more than 100 levels below is not looked at")
}
