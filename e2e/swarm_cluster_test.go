package e2e

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// swarmCluster is a generated cluster of three masters with a replica each in a
// swarm of one node.
type swarmCluster struct {
	*swarmStack
}

const swarmClusterNodes = 6

func (s swarmCluster) nodes() []string { return numbered(s.name, swarmClusterNodes) }

// clusterAnswers asks a node for all that the tests want to know of it, in one go.
const clusterAnswers = `export REDISCLI_AUTH=$(cat /run/secrets/health-password)
for question in 'cluster info' 'cluster nodes' 'info replication'; do timeout 10 $CLI --no-auth-warning --user health $question; done`

// says is what a node says of itself and of the others, or "".
func (s swarmCluster) says(node string) string {
	container := s.container(node)
	if container == "" {
		return ""
	}
	return strings.ReplaceAll(run(s.t, "", "", "docker", "exec", container, "sh", "-c", clusterAnswers).stdout, "\r", "")
}

// lacks says what the cluster lacks: every node sees all slots served and
// nobody missing, every master has a replica, which follows closely.
func (s swarmCluster) lacks() error {
	replicas := 0
	for _, node := range s.nodes() {
		said := s.says(node)
		for _, wanted := range []string{"cluster_state:ok", "cluster_slots_ok:" + slotCount, fmt.Sprint("cluster_known_nodes:", swarmClusterNodes), "cluster_size:3"} {
			if !strings.Contains(said, wanted) {
				return fmt.Errorf("%s lacks %s: %q", node, wanted, said)
			}
		}
		if wrong := trouble.FindString(said); wrong != "" {
			return fmt.Errorf("%s sees %q", node, wrong)
		}
		if strings.Contains(said, "role:slave") {
			replicas++
			if !strings.Contains(said, "master_link_status:up") || !strings.Contains(said, "master_sync_in_progress:0") {
				return fmt.Errorf("%s does not follow", node)
			}
		} else if !strings.Contains(said, "connected_slaves:1") {
			return fmt.Errorf("%s leads without a replica", node)
		}
	}
	if replicas != swarmClusterNodes/2 {
		return fmt.Errorf("%d replicas", replicas)
	}
	return nil
}

var (
	trouble  = regexp.MustCompile(`\n[0-9a-f]{40} .*(fail|noaddr|handshake|disconnected).*`)
	ownPlace = regexp.MustCompile(`[0-9a-f]{40} ([0-9.]+):6379@16379,\S+ myself`)
)

func (s swarmCluster) heals(after string) {
	s.t.Helper()
	eventuallyWhole(s.t, "whole after: "+after, s.lacks)
}

// masters are the nodes that lead, in order.
func (s swarmCluster) masters() []string {
	s.t.Helper()
	var all []string
	for _, node := range s.nodes() {
		if strings.Contains(s.says(node), "role:master") {
			all = append(all, node)
		}
	}
	require.NotEmpty(s.t, all)
	return all
}

// addresses are where the nodes say that they are, by name.
func (s swarmCluster) addresses() map[string]string {
	s.t.Helper()
	at := map[string]string{}
	for _, node := range s.nodes() {
		found := ownPlace.FindStringSubmatch(s.says(node))
		require.NotNil(s.t, found, node)
		at[node] = found[1]
	}
	return at
}

// swarmClusterWriter writes increasing keys to all slots with a client that
// goes where the cluster sends it, and prints those that WAIT confirmed, which
// goes over the connection of the write.
const swarmClusterWriter = `
export REDISCLI_AUTH=$(cat /secrets/redis-password)
write() {
	n=0 node=$1
	while :; do
		n=$((n + 1))
		answer=$(printf 'set written:%s:%s %s\nwait 1 500\n' "$1" "$n" "$n" | timeout 2 $CLI -c -h "$SET-$node" 2>/dev/null | tail -n 2 | tr '\n' ' ')
		case $answer in
		"OK 1 ") echo "$1:$n" ;;
		*) node=$((node % 6 + 1)) ;;
		esac
		sleep 0.1
	done
}
write 1 & write 2 & write 3 &
wait`

// write starts the writer on the stack's network.
func (s swarmCluster) write() (writer string) {
	s.t.Helper()
	writer = s.name + "-writer"
	mustRun(s.t, "", "docker", "run", "--detach", "--name", writer, "--network", s.name+"_redis", "--env", "SET="+s.name, "--env", "CLI=redis-cli"+strings.ReplaceAll(s.tls, "/run/secrets/", "/secrets/"),
		"--volume", filepath.Join(s.files.directory, "secrets")+":/secrets:ro", "--entrypoint", "sh", s.release.image, "-c", swarmClusterWriter)
	s.t.Cleanup(func() { run(s.t, "", "", "docker", "rm", "--force", "--volumes", writer) })
	return writer
}

// lost are the acknowledged keys that no master has.
func (s swarmCluster) lost(acknowledged []string) []string {
	s.t.Helper()
	present := map[string]bool{}
	for _, master := range s.masters() {
		for _, key := range strings.Fields(s.ask(master, serverPort, "default", "--scan", "--pattern", "written:*")) {
			present[strings.TrimPrefix(key, "written:")] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(acknowledged), func(key string) bool { return present[key] })
}

// start deploys a stack of which nothing runs, and does not wait for one
// service after the other.
func (s swarmCluster) start() {
	s.t.Helper()
	done := run(s.t, s.files.directory, "", "docker", "stack", "deploy", "--resolve-image", "never", "--detach=true", "--compose-file", "docker-stack.yml", s.name)
	require.Zero(s.t, done.status, done.stdout+done.stderr)
	assert.NotContains(s.t, strings.ToLower(done.stdout+done.stderr), "ignor")
	assert.NotContains(s.t, strings.ToLower(done.stdout+done.stderr), "deprecated")
}

func (s swarmCluster) roll() {
	s.t.Helper()
	mustRun(s.t, s.files.directory, "sh", "roll.sh", s.name)
}

// TestSwarmCluster lets a cluster in a swarm suffer what a swarm does to it.
// Its nodes have other addresses after each of these.
func TestSwarmCluster(t *testing.T) {
	longestInSwarm(t)
	rowsOfReleases(t, 0, checkSwarmCluster)
}

func checkSwarmCluster(t *testing.T, release release) {
	t.Helper()
	swarmCluster{newSwarmStack(t, release)}.endure(long, nil)
}

// endure forms a cluster, looks at it, and strikes it with one fault after the
// other, all or those of the short form. It must heal and lose nothing.
func (s swarmCluster) endure(all bool, look func()) {
	t := s.t
	t.Helper()
	left := unfinished(t, swarmClusterFaultNames(all))
	s.generate("cluster", "slowlog-max-len = 100")
	began := time.Now()
	s.start()
	s.heals("the first start")
	t.Logf("whole %.1f s after the first deploy", time.Since(began).Seconds())
	if look != nil {
		look()
	}
	writer := s.write()
	s.awaitWrites(writer, 0)
	for _, fault := range swarmClusterFaults {
		if !left[fault.name] {
			continue
		}
		before, struck, began := len(s.acknowledged(writer)), s.addresses(), time.Now()
		master := s.masters()[0]
		fault.strike(s, master)
		seconds := time.Since(began).Seconds()
		s.heals(fault.name)
		whole := time.Since(began).Seconds()
		s.awaitWrites(writer, len(s.acknowledged(writer)))
		acknowledged := s.acknowledged(writer)
		lost := s.lost(acknowledged)
		assert.NotEqual(t, struck[master], s.addresses()[master], "the address after: %s", fault.name)
		assert.Empty(t, lost, fault.name)
		for _, node := range s.nodes() {
			if fault.configures != "" {
				assert.Equal(t, "slowlog-max-len\n"+fault.configures, s.ask(node, serverPort, "default", "config", "get", "slowlog-max-len"), node)
			}
		}
		finishRow(t, fault.name, began, "struck %.1f s, whole after %.1f s, led by %v; %d acknowledged since, %d lost", seconds, whole, s.masters(),
			len(acknowledged)-before, len(lost))
	}
}

// swarmClusterFaultNames are the rows of all faults, or of those of the short form.
func swarmClusterFaultNames(all bool) []string {
	var names []string
	for _, fault := range swarmClusterFaults {
		if !fault.long || all {
			names = append(names, fault.name)
		}
	}
	return names
}

var swarmClusterFaults = []struct {
	name       string
	long       bool   // left out of the short form
	configures string // slowlog-max-len from then on, where it changes
	strike     func(s swarmCluster, master string)
}{
	{name: "container of a master killed", strike: func(s swarmCluster, master string) {
		mustRun(s.t, "", "docker", "kill", s.container(master))
	}},
	{name: "master scaled to 0 for 20 s", long: true, strike: func(s swarmCluster, master string) {
		mustRun(s.t, "", "docker", "service", "scale", "--detach", s.name+"_"+master+"=0")
		time.Sleep(20 * time.Second)
		mustRun(s.t, "", "docker", "service", "scale", "--detach", s.name+"_"+master+"=1")
	}},
	{name: "master updated by force", long: true, strike: func(s swarmCluster, master string) {
		mustRun(s.t, "", "docker", "service", "update", "--quiet", "--force", "--detach=false", s.name+"_"+master)
	}},
	{name: "master killed, its volume lost", long: true, strike: func(s swarmCluster, master string) {
		former := s.container(master)
		mustRun(s.t, "", "docker", "kill", former) // so that it hands nothing over
		mustRun(s.t, "", "docker", "service", "scale", "--detach", s.name+"_"+master+"=0")
		volume := s.name + "_data-" + strings.TrimPrefix(master, s.name+"-")
		eventually(s.t, "the volume can be removed", func() bool {
			run(s.t, "", "", "docker", "rm", "--volumes", former)
			return run(s.t, "", "", "docker", "volume", "rm", volume).status == 0
		})
		mustRun(s.t, "", "docker", "service", "scale", "--detach", s.name+"_"+master+"=1")
	}},
	{name: "changed configuration rolled", long: true, configures: "101", strike: func(s swarmCluster, _ string) {
		s.generate("cluster", "slowlog-max-len = 101")
		s.roll()
	}},
	{name: "changed configuration on all at once", long: true, configures: "102", strike: func(s swarmCluster, _ string) {
		s.generate("cluster", "slowlog-max-len = 102")
		s.deploy()
	}},
	{name: "stack removed and deployed again, with another configuration", configures: "103", strike: func(s swarmCluster, _ string) {
		mustRun(s.t, "", "docker", "network", "disconnect", "--force", s.name+"_redis", s.name+"-writer")
		s.down()
		s.generate("cluster", "slowlog-max-len = 103")
		s.start()
		mustRun(s.t, "", "docker", "network", "connect", s.name+"_redis", s.name+"-writer")
	}},
}
