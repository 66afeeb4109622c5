package generate

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pretendedDocker runs what a container would run in the directory of its
// volume, and notes the rest.
const pretendedDocker = `#!/bin/sh
echo "$*" | head -n 1 >>"$ROOT/calls"
case "$1 $2" in "compose run") ;; *) exit 0 ;; esac
while [ "$1" != --entrypoint ]; do shift; done
node=$3 script=$5
shift 5
mkdir -p "$ROOT/$node"
script=$(printf '%s' "$script" | sed "s#cd /data#cd $ROOT/$node#; s#/backup/#$ROOT/backup/#g; s#^ *chown.*#true#")
[ "$FULL" != "$node" ] || script="cp() { return 1; }; $script"
exec sh -ec "$script" "$@"
`

var restoreBlock = regexp.MustCompile("(?s)```sh\n(restore\\(\\) \\{.*?)```")

// restoring is a deployment of pretended containers whose README's restore is
// typed into a shell without set -e, as people paste it.
type restoring struct {
	t     *testing.T
	root  string
	block string
}

func newRestoring(t *testing.T, intent string) restoring {
	t.Helper()
	plan, problems := Compile("redis.toml", []byte(intent))
	require.Empty(t, problems)
	files, err := Files(plan)
	require.NoError(t, err)
	r := restoring{t: t, root: t.TempDir()}
	for _, file := range files {
		if file.Path == "README.md" {
			found := restoreBlock.FindStringSubmatch(string(file.Content))
			require.NotNil(t, found)
			r.block = found[1]
		}
	}
	r.write("bin/docker", pretendedDocker)
	require.NoError(t, os.Chmod(filepath.Join(r.root, "bin/docker"), 0o755))
	return r
}

func (r restoring) write(name, content string) {
	r.t.Helper()
	path := filepath.Join(r.root, name)
	require.NoError(r.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(r.t, os.WriteFile(path, []byte(content), 0o644))
}

func (r restoring) read(name string) string {
	content, _ := os.ReadFile(filepath.Join(r.root, name))
	return string(content)
}

func (r restoring) typed(environment ...string) (printed string, ok bool) {
	r.t.Helper()
	command := exec.Command("sh", "-c", r.block)
	command.Dir = r.root
	command.Env = append([]string{"ROOT=" + r.root, "PATH=" + r.root + "/bin:" + os.Getenv("PATH")}, environment...)
	output, err := command.CombinedOutput()
	return string(output), err == nil
}

// TestRestoreOfACluster gives nodes what their nodes.conf said after stops, in
// which a link to a former master is gone or a flag stands behind.
func TestRestoreOfACluster(t *testing.T) {
	intent := "name = \"cart\"\nrole = \"database\"\nmemory = \"256M\"\ntopology = \"cluster\"\nmasters = 3\n"
	const line = "%s 10.0.0.%d:6379@16379,cart %s %s 0 0 %d %s%s\n"
	slots := [3]string{" 0-5460", " 5461-10922", " 10923-16383 [10923->-abc]"}
	views := func(link, flags string) func(r restoring) {
		return func(r restoring) {
			for n := range 3 {
				master := fmt.Sprintf(line, "m", n, "master", "-", n, link, slots[n])
				r.write(fmt.Sprintf("cart-%d/nodes.conf", n+1), fmt.Sprintf(line, "m", n, "myself,master"+flags, "-", n, "connected", slots[n])+fmt.Sprintf(line, "r", n, "slave", "m", n, link, ""))
				r.write(fmt.Sprintf("cart-%d/nodes.conf", n+4), fmt.Sprintf(line, "r", n, "myself,slave"+flags, "m", n, "connected", "")+master)
			}
		}
	}
	for name, prepare := range map[string]func(restoring){
		"all connected":       views("connected", ""),
		"links gone":          views("disconnected", ""),
		"a flag stands there": views("disconnected", ",nofailover"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRestoring(t, intent)
			prepare(r)
			for n := range 6 {
				r.write(fmt.Sprintf("cart-%d/appendonlydir/old", n+1), "old")
			}
			files := []string{"0-5460", "5461-10922", "10923-16383"}
			for _, file := range files[:2] {
				r.write("backup/"+file+".rdb", "backup of "+file)
			}
			printed, ok := r.typed()
			require.False(t, ok)
			assert.Contains(t, printed, "there is no "+r.root[1:]+"/backup/10923-16383.rdb for cart-3: nothing was changed")
			r.write("backup/10923-16383.rdb", "backup of 10923-16383")
			_, ok = r.typed("FULL=cart-6")
			require.False(t, ok)
			for n := range 6 {
				assert.Equal(t, "old", r.read(fmt.Sprintf("cart-%d/appendonlydir/old", n+1)), "untouched while one of them lacks something")
			}
			assert.NotContains(t, r.read("calls"), "compose up")

			printed, ok = r.typed()
			require.True(t, ok, printed)
			for n := range 6 {
				node := fmt.Sprintf("cart-%d", n+1)
				assert.Equal(t, "backup of "+files[n%3], r.read(node+"/appendonlydir/appendonly.aof.1.base.rdb"))
				kept, err := filepath.Glob(filepath.Join(r.root, node, "replaced-*", "appendonlydir", "old"))
				require.NoError(t, err)
				assert.Len(t, kept, 1)
			}
			assert.True(t, strings.HasSuffix(r.read("calls"), "compose up --detach --wait\n"))
		})
	}
}

func TestRestoreWithoutABackup(t *testing.T) {
	for topology, servers := range map[string][]string{"standalone": {"shop"}, "replicated": {"shop-1", "shop-2", "shop-3"}, "sentinel": {"shop-1", "shop-2", "shop-3"}} {
		for persistence, file := range map[string]string{"rdb": "dump.rdb", "aof": "appendonlydir/appendonly.aof.1.base.rdb"} {
			t.Run(topology+" "+persistence, func(t *testing.T) {
				r := newRestoring(t, "name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\npersistence = \""+persistence+"\"\ntopology = \""+topology+"\"\n")
				r.block = strings.ReplaceAll(r.block, "/backup/backup.rdb", r.root+"/backup/backup.rdb")
				for _, server := range servers {
					r.write(server+"/dump.rdb", "old")
				}
				printed, ok := r.typed()
				require.False(t, ok)
				assert.Contains(t, printed, "nothing was changed")
				r.write("backup/backup.rdb", "the backup")
				_, ok = r.typed("FULL=" + servers[len(servers)-1])
				require.False(t, ok)
				for _, server := range servers {
					assert.Equal(t, "old", r.read(server+"/dump.rdb"))
				}
				printed, ok = r.typed()
				require.True(t, ok, printed)
				for _, server := range servers {
					assert.Equal(t, "the backup", r.read(server+"/"+file))
				}
			})
		}
	}
}
