package generate

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answeringDocker runs what a container would run, with a client that answers
// as a server of a set whose LEADER is known, and a sentinel that knows of a
// replica to promote from the third time on that it is asked.
const answeringDocker = `#!/bin/sh
case "$1 $2" in
"compose cp") echo "${3%%:*}" >"$4"; exit ;;
"compose exec") ;;
*) exit ;;
esac
export SERVICE="$4"
shift 6
script=$(printf '%s' "$1" | sed "s#/run/secrets#$ROOT/secrets#g")
shift
exec sh -ec "$script" "$@"
`

const answeringClient = `#!/bin/sh
case $* in
*"info replication") case $LEADER in *"$SERVICE"*) echo role:master ;; *) echo role:slave ;; esac ;;
*bgsave) echo "Background saving started" ;;
*"info persistence") printf 'rdb_bgsave_in_progress:0\nrdb_last_bgsave_status:ok\n' ;;
*"sentinel failover"*)
	echo x >>"$ROOT/asked"
	if [ "$(wc -l <"$ROOT/asked")" -lt 3 ]; then echo "NOGOODSLAVE No suitable replica to promote"; else echo OK; fi ;;
esac
`

// answer types the block of a set's README that holds a text.
func answer(t *testing.T, has string, environment ...string) (r runbook, printed string, ok bool) {
	t.Helper()
	_, files := compile(t, "name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\ntopology = \"sentinel\"\n")
	for _, found := range shellBlock.FindAllStringSubmatch(files["README.md"], -1) {
		if !strings.Contains(found[1], has) {
			continue
		}
		r = newRunbook(t, nil)
		r.write("bin/docker", answeringDocker)
		r.write("bin/redis-cli", answeringClient)
		r.write("secrets/sentinel-password", "old")
		command := exec.Command("sh", "-c", found[1])
		command.Dir = r.root
		command.Env = append([]string{"ROOT=" + r.root, "PATH=" + r.root + "/bin:" + os.Getenv("PATH")}, environment...)
		output, err := command.CombinedOutput()
		return r, string(output), err == nil
	}
	require.FailNow(t, "no block with "+has)
	return r, "", false
}

// TestBackupIsOfAReplica: whoever leads is spared, and where nobody follows
// there is no backup rather than one that was taken for it.
func TestBackupIsOfAReplica(t *testing.T) {
	for leader, from := range map[string]string{"shop-1": "shop-2", "shop-2": "shop-1", "shop-3": "shop-1"} {
		r, printed, ok := answer(t, "backup() {", "LEADER="+leader)
		assert.True(t, ok, printed)
		assert.Equal(t, from+"\n", r.read("backup/backup.rdb"), printed)
	}
	r, printed, ok := answer(t, "backup() {", "LEADER=shop-1 shop-2 shop-3")
	assert.False(t, ok)
	assert.Contains(t, printed, "no replica gave a backup")
	assert.Equal(t, "the backup", r.read("backup/backup.rdb"))
}

// TestFailoverWaitsForAReplica: soon after a start a sentinel has not heard yet
// that there is one to promote.
func TestFailoverWaitsForAReplica(t *testing.T) {
	r, printed, ok := answer(t, "failover() {")
	assert.True(t, ok, printed)
	assert.Equal(t, 2, strings.Count(printed, "NOGOODSLAVE"))
	assert.True(t, strings.HasSuffix(printed, "OK\n"), printed)
	assert.Equal(t, 3, strings.Count(r.read("asked"), "x"))
}

// TestBackupOfAClusterMissesNobodyUnsaid: a node that says nothing, and a shell
// that does not know how to ask, are no reason to take one for a replica.
func TestBackupOfAClusterMissesNobodyUnsaid(t *testing.T) {
	for target, asking := range map[string]string{"": "FAIL=1", "target = \"swarm\"\n": "FAIL=3"} { // behind those that find the container
		_, files := compile(t, "name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\ntopology = \"cluster\"\n"+target)
		node, backup := "", ""
		for _, found := range shellBlock.FindAllStringSubmatch(files["README.md"], -1) {
			switch {
			case strings.Contains(found[1], "node() {"):
				node, _, _ = strings.Cut(found[1], "\n\n")
			case strings.Contains(found[1], "bgsave"):
				backup = found[1]
			}
		}
		require.NotEmpty(t, node)
		for _, c := range []struct {
			node, fail string
			missed     int
		}{{node, "FAIL=0", 0}, {node, asking, 1}, {"node() { false; }", "FAIL=0", 6}} {
			r := newRunbook(t, nil)
			command := exec.Command("sh", "-c", c.node+"\n"+backup)
			command.Dir = r.root
			command.Env = []string{"ROOT=" + r.root, c.fail, "PATH=" + r.root + "/bin:" + os.Getenv("PATH")}
			printed, err := command.CombinedOutput()
			require.NoError(t, err, string(printed))
			assert.Equal(t, c.missed, strings.Count(string(printed), "no backup of shop-"), "%s\n%s", c.node, printed)
		}
	}
}

// TestRestoreKnowsItsVolumes types the restore of a stack where volumes are on
// another node, or are yet to be made: nothing is started without them.
func TestRestoreKnowsItsVolumes(t *testing.T) {
	for topology, all := range map[string][]string{"standalone": {"shop_data"}, "sentinel": {"shop_data-1", "shop_data-2", "shop_data-3"}} {
		_, files := compile(t, "name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\ntarget = \"swarm\"\ntopology = \""+topology+"\"\n")
		for _, found := range shellBlock.FindAllStringSubmatch(files["README.md"], -1) {
			if !strings.Contains(found[1], "restore() {") {
				continue
			}
			for _, here := range [][]string{nil, all[:len(all)-1], all} {
				r := newRunbook(t, here)
				command := exec.Command("sh", "-c", found[1])
				command.Dir = r.root
				command.Env = []string{"ROOT=" + r.root, "FAIL=0", "PATH=" + r.root + "/bin:" + os.Getenv("PATH")}
				printed, err := command.CombinedOutput()
				assert.Equal(t, len(here) == len(all), err == nil, string(printed))
				assert.Equal(t, len(here) == len(all), strings.Contains(r.read("calls"), "stack deploy"), r.read("calls"))
				if len(here) < len(all) {
					assert.Contains(t, string(printed), "not on this node: "+strings.Join(all[len(here):], " ")+"\n")
				}
			}
		}
	}
}
