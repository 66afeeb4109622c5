package generate

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dockerOfRoll notes what it is asked to do. What a container would run runs
// here, with the client that is pretended.
const dockerOfRoll = `#!/bin/sh
printf '%s\n' "$*" | tr '\n' ' ' | sed 's/ -c .*//; s/ *$//' >>"$ROOT/calls"
echo >>"$ROOT/calls"
in_container() {
	script=$(printf '%s' "$1" | sed "s#/password#$ROOT/password#g; s#/run/secrets#$ROOT/run/secrets#g")
	shift
	exec sh -c "$script" "$@"
}
case "$1 $2" in
"compose config") cat "$ROOT/services" ;;
"compose exec")
	HOST=$4 PORT=6379 PRIMARY_NAME=shop CLI=redis-cli
	export HOST PORT PRIMARY_NAME CLI
	in_container "$7"
	;;
"run --rm")
	while [ "$1" != -c ]; do
		case $1 in CLI=*) export "$1" ;; esac
		shift
	done
	shift
	in_container "$@"
	;;
"stack deploy") if [ ! -t 0 ]; then sed -n 's/^  \([^ ]*\):$/stack has \1/p' >>"$ROOT/deployed"; fi ;;
esac
`

// clientOfRoll prints what a member answers, from the file of its name and the question.
const clientOfRoll = `#!/bin/sh
while :; do case $1 in
	-h) HOST=$2; shift 2 ;;
	-p | --user | --cacert | --cert | --key) shift 2 ;;
	-*) shift ;;
	*) break ;;
esac; done
cat "$ROOT/answers/$HOST/$*" 2>/dev/null
`

// roll runs the roll.sh of an intent beside members that answer as given, by
// HOST/QUESTION, and returns what docker was told and what was said.
func roll(t *testing.T, files map[string]string, services string, answers map[string]string) (calls []string, said string, err error) {
	t.Helper()
	m := newMachine(t, setSecrets)
	for path, content := range files {
		if !strings.HasPrefix(path, credentials.Directory) {
			m.write("shop/"+path, content)
		}
	}
	for question, answer := range answers {
		m.write("answers/"+question, answer)
	}
	m.write("services", services)
	m.write("password", "a password\n")
	for name, program := range map[string]string{"docker": dockerOfRoll, "redis-cli": clientOfRoll, "sleep": "#!/bin/sh\n"} {
		m.write("bin/"+name, program)
		require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", name), 0o755))
	}
	command := exec.Command("sh", "shop/roll.sh")
	command.Dir = m.root
	command.Env = []string{"ROOT=" + m.root, "PATH=" + m.root + "/bin:" + os.Getenv("PATH")}
	output, err := command.CombinedOutput()
	told := strings.ReplaceAll(m.read("calls"), m.root, "")
	return strings.Split(strings.TrimSpace(told), "\n"), string(output), err
}

var recreated = regexp.MustCompile(`--force-recreate .*?([a-z0-9-]+)$`)

// order is the order in which services were replaced.
func order(calls []string) string {
	var names []string
	for _, call := range calls {
		if found := recreated.FindStringSubmatch(call); found != nil {
			names = append(names, found[1])
		}
	}
	return strings.Join(names, " ")
}

func TestRollOfASet(t *testing.T) {
	const leads = "sentinel get-master-addr-by-name shop"
	for _, c := range []struct{ lines, services, want string }{
		{"topology = \"replicated\"\n", "shop-1\nshop-2\nshop-3\n", "shop-2 shop-3 shop-1"},
		{"topology = \"sentinel\"\n", "shop-1\n", "shop-1 shop-3 shop-2 shop-sentinel-1 shop-sentinel-2 shop-sentinel-3"},
		{"topology = \"sentinel\"\nproxy = true\nexporter = true\n", "shop-exporter\nshop-proxy\n", "shop-1 shop-3 shop-2 shop-sentinel-1 shop-sentinel-2 shop-sentinel-3 shop-proxy shop-exporter"},
	} {
		_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\n"+c.lines)
		calls, said, err := roll(t, files, c.services, map[string]string{"shop-sentinel-1/" + leads: "shop-2\r\n6379\r\n"})
		require.NoError(t, err, said)
		assert.Equal(t, c.want, order(calls), said)
		assert.Equal(t, "compose up --detach --no-recreate", calls[1], "those that were added first")
		assert.Equal(t, "compose up --detach --wait", calls[len(calls)-1])
		for _, call := range calls {
			if strings.Contains(call, "--force-recreate") {
				assert.Contains(t, call, " --wait")
			}
		}
	}
	_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"sentinel\"\n")
	calls, said, err := roll(t, files, "", nil)
	require.Error(t, err)
	assert.Contains(t, said, "roll: shop-sentinel-1 names no server that leads")
	assert.Empty(t, order(calls), "nothing was restarted")
}

func TestRollOfACluster(t *testing.T) {
	_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"cluster\"\nexporter = true\n")
	answers := map[string]string{}
	for _, node := range []string{"shop-1", "shop-4", "shop-5"} {
		answers[node+"/role"] = "slave\n"
	}
	for _, node := range []string{"shop-2", "shop-3", "shop-6"} {
		answers[node+"/role"] = "master\n0\n"
	}
	calls, said, err := roll(t, files, "shop-create\nshop-exporter\n", answers)
	require.NoError(t, err, said)
	assert.Equal(t, "shop-create shop-1 shop-4 shop-5 shop-2 shop-3 shop-6 shop-exporter", order(calls))
	assert.Equal(t, 7, strings.Count(strings.Join(calls, "\n"), "compose run --rm --no-deps -T shop-create sh /usr/local/lib/rcomp/create-cluster.sh once"))
}

// TestRollWaitsForAnswers: no answer says nothing of who leads, and nothing
// that a cluster is whole.
func TestRollWaitsForAnswers(t *testing.T) {
	_, composed := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"cluster\"\n")
	_, stacked := compile(t, swarmIntent(intent.Cluster, ""))
	_, set := compile(t, swarmIntent(intent.Sentinel, ""))
	without := func(answers map[string]string, question string) map[string]string {
		left := maps.Clone(answers)
		require.Contains(t, left, question)
		delete(left, question)
		return left
	}
	whole := answersOfCluster("shop-1", "shop-2", "shop-3")
	for name, c := range map[string]struct {
		files, answers map[string]string
		said           string
	}{
		"a node of a cluster":              {composed, without(whole, "shop-2/role"), "shop-2 does not say whether it leads"},
		"a node of a cluster in a swarm":   {stacked, without(whole, "shop-2/role"), "a node does not say whether it leads"},
		"what a node of a swarm knows":     {stacked, without(whole, "shop-6/cluster nodes"), "the cluster is not whole after nothing was changed"},
		"the sentinel of a set in a swarm": {set, without(answersOfSet, "shop-sentinel-1/sentinel get-master-addr-by-name shop"), "not every replica follows after nothing was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls, said, err := roll(t, c.files, "", c.answers)
			require.Error(t, err, said)
			assert.Contains(t, said, "roll: "+c.said)
			assert.NotContains(t, order(calls), "shop-2")
			assert.NotContains(t, strings.Join(calls, "\n"), "stack deploy")
		})
	}
}

// deployedAlone are the services of which a stack was deployed alone, in order.
func deployedAlone(calls []string, said string) string {
	var names []string
	for line := range strings.Lines(said) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "roll: "); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func TestRollOfAStack(t *testing.T) {
	answers := map[string]string{
		"shop-sentinel-1/sentinel get-master-addr-by-name shop": "shop-2\n6379\n",
		"shop-2/info replication":                               "role:master\nslave0:state=online\nslave1:state=online\n",
		"shop-1/info replication":                               "role:master\nslave0:state=online\nslave1:state=online\n",
	}
	for topology, want := range map[string]string{
		intent.Replicated: "shop-2 shop-3 shop-1",
		intent.Sentinel:   "shop-1 shop-3 shop-2 shop-sentinel-1 shop-sentinel-2 shop-sentinel-3",
	} {
		_, files := compile(t, swarmIntent(topology, ""))
		calls, said, err := roll(t, files, "", answers)
		require.NoError(t, err, said)
		assert.Equal(t, want, deployedAlone(calls, said))
		assert.Contains(t, strings.Join(calls, "\n"), "run --rm --network shop_redis --mount type=bind,source=/shop/secrets/health-password,target=/password,readonly")
		assert.Equal(t, "stack deploy --resolve-image never --detach=false --compose-file docker-stack.yml shop", calls[len(calls)-1])
	}
}

// TestRollRunsTheImageAlone: behind the image of a release that has ended
// stands a remark.
func TestRollRunsTheImageAlone(t *testing.T) {
	for topology, answers := range map[string]map[string]string{intent.Sentinel: answersOfSet, intent.Cluster: answersOfCluster("shop-1", "shop-2", "shop-3")} {
		_, files := compile(t, swarmIntent(topology, "version = \"7.0.15\"\n"))
		require.Contains(t, files["docker-stack.yml"], "image: redis:7.0.15 # ")
		calls, said, err := roll(t, files, "", answers)
		require.NoError(t, err, said)
		assert.Contains(t, strings.Join(calls, "\n"), " --entrypoint sh redis:7.0.15\n", topology)
	}
}

func TestRollOfAStackOfACluster(t *testing.T) {
	_, files := compile(t, swarmIntent(intent.Cluster, ""))
	calls, said, err := roll(t, files, "", answersOfCluster("shop-1", "shop-5", "shop-6"))
	require.NoError(t, err, said)
	assert.Equal(t, "shop-2 shop-3 shop-4 shop-1 shop-5 shop-6", deployedAlone(calls, said))
}

// answersOfCluster are those of six nodes that are well, by the names of those that lead.
func answersOfCluster(leaders ...string) map[string]string {
	answers := map[string]string{}
	for _, node := range []string{"shop-1", "shop-2", "shop-3", "shop-4", "shop-5", "shop-6"} {
		answers[node+"/role"] = "slave\n"
		answers[node+"/info replication"] = "role:slave\nmaster_link_status:up\nmaster_sync_in_progress:0\n"
		for _, leader := range leaders {
			if node == leader {
				answers[node+"/role"] = "master\n"
				answers[node+"/info replication"] = "role:master\n"
			}
		}
		answers[node+"/cluster info"] = "cluster_state:ok\n"
		answers[node+"/cluster nodes"] = first + " 10.0.9.5:6379@16379,shop-1 myself,master - 0 0 1 connected 0-16383\n"
	}
	return answers
}

// answersOfSet are those of a set of three that is well and is led by shop-1.
var answersOfSet = map[string]string{
	"shop-sentinel-1/sentinel get-master-addr-by-name shop": "shop-1\n6379\n",
	"shop-1/info replication":                               "role:master\nslave0:state=online\nslave1:state=online\n",
}

// mountsOf are the files of the host that the containers of a roll.sh get
// beside a password, by where they find them.
func mountsOf(calls []string) map[string]string {
	mounts := map[string]string{}
	for _, found := range regexp.MustCompile(`source=([^,]+),target=([^,]+),readonly`).FindAllStringSubmatch(strings.Join(calls, "\n"), -1) {
		if found[2] != "/password" {
			mounts[found[2]] = found[1]
		}
	}
	return mounts
}
