package generate

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// failingDocker answers as servers that are well would, but for the call whose
// number is FAIL, which fails and says nothing. What a container would do to
// its volume it does in the directory of that name.
const failingDocker = `#!/bin/sh
calls=$(($(cat "$ROOT/count") + 1))
echo "$calls" >"$ROOT/count"
echo "$*" | head -n 1 >>"$ROOT/calls"
[ "$calls" != "$FAIL" ] || exit 1
case "$*" in *" up "* | "stack deploy"*) ls -d "$ROOT"/*/replaced-* 2>/dev/null | wc -l >"$ROOT/replaced" ;; esac
case $* in
*--entrypoint*) ;;
*"acl setuser"*) echo OK; exit ;;
*rdb_last_bgsave_status*) echo rdb_last_bgsave_status:ok; exit ;;
*" cluster nodes") echo "id 10.0.0.1:6379@16379,shop myself,master - 0 0 1 connected 0-5460"; exit ;;
*" bgsave") echo "Background saving started"; exit ;;
*" info persistence") printf 'rdb_bgsave_in_progress:0\nrdb_last_bgsave_status:ok\n'; exit ;;
*" cp "* | "cp "*) for last in "$@"; do :; done; echo new >"$last"; exit ;;
*service.name=*) echo container; exit ;;
"volume ls --quiet") ls "$ROOT"; exit ;;
*) exit ;;
esac
volume= node=
while [ "$1" != --entrypoint ]; do case $1 in *:/data) volume=${1%:/data} ;; esac; shift; done
node=${volume:-$3} script=$5
shift 5
mkdir -p "$ROOT/$node"
script=$(printf '%s' "$script" | sed "s#cd /data#cd $ROOT/$node#; s#/backup/#$ROOT/backup/#g; s#^ *chown.*#true#")
for word; do shift; set -- "$@" "$(printf '%s' "$word" | sed "s#^/backup/#$ROOT/backup/#")"; done
exec sh -ec "$script" "$@"
`

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// runbook is the README of a deployment whose commands are typed into a shell
// without set -e, as people paste them.
type runbook struct {
	t    *testing.T
	root string
}

// snapshots are restored otherwise than an append-only file.
const snapshots = "persistence = \"rdb\"\n"

// members of each deployment whose data are restored, by where they are.
var runbookDeployments = map[string]struct {
	intent  string
	volumes []string
}{
	"one server":            {"", []string{"shop"}},
	"a set":                 {"topology = \"sentinel\"\n", []string{"shop-1", "shop-2", "shop-3"}},
	"a cluster":             {"topology = \"cluster\"\n", []string{"shop-1", "shop-2", "shop-3", "shop-4", "shop-5", "shop-6"}},
	"a stack of one":        {"target = \"swarm\"\n", []string{"shop_data"}},
	"a stack of a set":      {"target = \"swarm\"\ntopology = \"sentinel\"\n", []string{"shop_data-1", "shop_data-2", "shop_data-3"}},
	"one server, encrypted": {snapshots + "exporter = true\n" + everyPreset + "[tls]\nauthority = \"development\"\nport = 6380\nplain-text = true\n", []string{"shop"}},
	"a set, encrypted":      {snapshots + "topology = \"replicated\"\n" + everyPreset + withCertificates, []string{"shop-1", "shop-2", "shop-3"}},
	"a stack, encrypted":    {snapshots + "target = \"swarm\"\ntopology = \"replicated\"\n" + everyPreset + withCertificates, []string{"shop_data-1", "shop_data-2", "shop_data-3"}},
	"a cluster in stack":    {snapshots + "target = \"swarm\"\ntopology = \"cluster\"\n", []string{"shop_data-1", "shop_data-2", "shop_data-3", "shop_data-4", "shop_data-5", "shop_data-6"}},
}

// passwordsOfRunbooks are those that READMEs change.
var passwordsOfRunbooks = []string{"secrets/redis-password", "secrets/user-web-password"}

// someOf are steps to fail: of a few all, of many the first, the last, and
// those around the middle, where one round over the members ends and the next
// one begins.
func someOf(steps int) []int {
	var some []int
	if steps <= 6 {
		for step := range steps {
			some = append(some, step+1)
		}
		return some
	}
	for _, step := range []int{1, steps / 2, steps/2 + 1, steps/2 + 2, steps} {
		if step > 0 && step <= steps && !slices.Contains(some, step) {
			some = append(some, step)
		}
	}
	return some
}

// TestRunbooksWithAFailingStep types every block of every README again and
// again, and has another one of the steps in which it asks Docker for something
// fail each time. Nothing stops behind a step that fails but what the block
// stops itself; even so no password is lost or empty, no backup is cut short,
// and no servers start from a mixture of former and restored data.
func TestRunbooksWithAFailingStep(t *testing.T) {
	for name, deployment := range runbookDeployments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, problems := Compile("redis.toml", []byte("name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\n"+deployment.intent))
			require.Empty(t, problems)
			files, err := Files(plan)
			require.NoError(t, err)
			var blocks []string
			for _, file := range files {
				if file.Path == "README.md" {
					for _, found := range shellBlock.FindAllSubmatch(file.Content, -1) {
						blocks = append(blocks, string(found[1]))
					}
				}
			}
			require.Greater(t, len(blocks), 5)
			functions := ""
			for _, block := range blocks {
				if strings.Contains(block, "node() {") {
					functions, _, _ = strings.Cut(block, "\n\n")
					functions += "\n"
				}
			}
			for _, block := range blocks {
				if !strings.Contains(block, "node() {") {
					block = functions + block
				}
				whole := newRunbook(t, deployment.volumes)
				whole.types(block, "FAIL=0")
				whole.holds(block, false, deployment.volumes)
				if strings.Contains(block, "restore() {") {
					assert.Equal(t, strconv.Itoa(len(deployment.volumes)), strings.TrimSpace(whole.read("replaced")), block)
				}
				steps, err := strconv.Atoi(strings.TrimSpace(whole.read("count")))
				require.NoError(t, err)
				for _, fail := range someOf(steps) {
					r := newRunbook(t, deployment.volumes)
					r.types(block, "FAIL="+strconv.Itoa(fail))
					r.holds(fmt.Sprintf("step %d of\n%s", fail, block), true, deployment.volumes)
				}
			}
		})
	}
}

// TestNoPasswordIsMadeOfNothing has the making of a password fail, as on a full disk.
func TestNoPasswordIsMadeOfNothing(t *testing.T) {
	for name, deployment := range runbookDeployments {
		plan, problems := Compile("redis.toml", []byte("name = \"shop\"\nrole = \"database\"\nmemory = \"256M\"\n"+deployment.intent))
		require.Empty(t, problems)
		files, err := Files(plan)
		require.NoError(t, err)
		for _, file := range files {
			for _, found := range shellBlock.FindAllSubmatch(file.Content, -1) {
				if file.Path != "README.md" || !bytes.Contains(found[1], []byte("change() {")) {
					continue
				}
				r := newRunbook(t, nil)
				r.write("bin/tr", "#!/bin/sh\nexit 1\n")
				r.types(string(found[1]), "FAIL=0")
				r.holds(name, true, nil)
				assert.Empty(t, r.read("calls"), name)
			}
		}
	}
}

func newRunbook(t *testing.T, volumes []string) runbook {
	t.Helper()
	r := runbook{t, t.TempDir()}
	r.write("bin/docker", failingDocker)
	r.write("bin/sleep", "#!/bin/sh\n")
	r.write("count", "0")
	r.write("roll.sh", "")
	for _, password := range passwordsOfRunbooks {
		r.write(password, "old")
	}
	r.write("secrets/operator-password", "old")
	r.write("secrets/tls-certificate.pem", "the certificate")
	r.write("backup/backup.rdb", "the backup")
	r.write("backup/0-5460.rdb", "the backup")
	for _, volume := range volumes {
		r.write(volume+"/dump.rdb", "old")
		r.write(volume+"/nodes.conf", "id 10.0.0.1:6379@16379,shop myself,master - 0 0 1 connected 0-5460\n")
	}
	return r
}

func (r runbook) write(name, content string) {
	r.t.Helper()
	path := filepath.Join(r.root, name)
	require.NoError(r.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(r.t, os.WriteFile(path, []byte(content), 0o755))
}

func (r runbook) read(name string) string {
	content, _ := os.ReadFile(filepath.Join(r.root, name))
	return string(content)
}

// types a block. A person ends one that goes on for ever, which does no harm.
func (r runbook) types(block string, environment ...string) {
	ctx, end := context.WithTimeout(context.Background(), 20*time.Second)
	defer end()
	command := exec.CommandContext(ctx, "sh", "-c", block)
	command.Dir = r.root
	command.Env = append([]string{"ROOT=" + r.root, "PATH=" + r.root + "/bin:" + os.Getenv("PATH")}, environment...)
	output, _ := command.CombinedOutput()
	require.NoError(r.t, ctx.Err(), "%s\n%s", block, output)
}

// holds what no failing step may change.
func (r runbook) holds(where string, failed bool, volumes []string) {
	r.t.Helper()
	for _, file := range passwordsOfRunbooks {
		if password := r.read(file); password != "old" {
			assert.Regexp(r.t, `^[A-Za-z0-9]{40}$`, password, where)
			assert.False(r.t, failed, "a password that not every server took: %s", where)
		}
	}
	for _, file := range []string{"backup/backup.rdb", "backup/0-5460.rdb"} {
		assert.Contains(r.t, []string{"the backup", "new\n"}, r.read(file), where)
	}
	if started := strings.TrimSpace(r.read("replaced")); started != "" && started != "0" {
		assert.Equal(r.t, strconv.Itoa(len(volumes)), started, "servers start with a mixture: %s", where)
	}
}
