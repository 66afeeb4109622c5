package generate

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

// No shard is on one node of the swarm, and whichever is lost leaves most masters.
func TestSpreadOfAClusterInASwarm(t *testing.T) {
	for masters := intent.LeastMasters; masters <= intent.MostMasters; masters++ {
		for replicas := 1; replicas <= intent.MostReplicas; replicas++ {
			plan, _ := compile(t, swarmIntent(intent.Cluster, fmt.Sprintf("masters = %d\nreplicas = %d\n", masters, replicas)))
			at := map[string]int{}
			for _, host := range plan.Stack.Hosts {
				for _, member := range host.Members {
					require.NotContains(t, at, member.Label, "two nodes have the label")
					at[member.Label] = host.Number
				}
			}
			require.Len(t, at, masters*(1+replicas))
			led := map[int]int{}
			for _, shard := range plan.Cluster.Shards {
				led[at[shard.Master]]++
				assert.NotEqual(t, at[shard.Master], at[shard.Replicas[0]], "%+v", shard)
			}
			for host, lost := range led {
				assert.Greater(t, 2*(masters-lost), masters, "node %d of %d is lost with %d of %d masters", host, len(plan.Stack.Hosts), lost, masters)
			}
		}
	}
	_, files := compile(t, swarmIntent(intent.Cluster, ""))
	for _, line := range []string{
		"docker node update --label-add shop-1=yes --label-add shop-6=yes NODE1\n", "| NODE1 | `shop-1`, `shop-6` (follows `shop-3`) |\n",
		"docker node update --label-add shop-2=yes --label-add shop-4=yes NODE2\n", "| NODE2 | `shop-2`, `shop-4` (follows `shop-1`) |\n",
		"docker node update --label-add shop-3=yes --label-add shop-5=yes NODE3\n", "| NODE3 | `shop-3`, `shop-5` (follows `shop-2`) |\n",
	} {
		assert.Contains(t, files["README.md"], line)
	}
}

func TestStackOfACluster(t *testing.T) {
	document, files := compileStack(t, swarmIntent(intent.Cluster, "networks = [\"web\"]\n"))
	require.Len(t, document.Services, 7)
	var sources []string
	for _, config := range document.Services["shop-create"].Configs {
		sources = append(sources, config.Source)
	}
	assert.Equal(t, []string{"with-names.sh", "create-cluster.sh"}, sources)
	assert.Equal(t, []string{"operator-password"}, document.Services["shop-create"].Secrets)
	assert.Empty(t, document.Services["shop-create"].Deploy.Placement.Constraints)
	assert.Equal(t, []string{"redis"}, document.Services["shop-create"].Networks)
	for name, service := range document.Services {
		if name != "shop-create" {
			assert.Equal(t, []string{"node.labels." + name + " == yes"}, service.Deploy.Placement.Constraints)
			assert.Equal(t, []string{"redis", "web"}, service.Networks)
			assert.Len(t, service.Configs, 5)
			assert.Len(t, service.Secrets, 4)
		}
	}
	assert.NotContains(t, files["start-node.sh"], "nodes.endpoints")
	assert.Contains(t, files["with-names.sh"], `echo "tasks.$1.$NETWORK"`, "what goes from node to node stays on the stack's network")
}

// newSwarmNode is the machine of shop-1 in a swarm. Its clock goes on by five
// seconds with each sleep.
func newSwarmNode(t *testing.T, hosts string) (machine, string) {
	t.Helper()
	m, script := newNode(t, "target = \"swarm\"\n")
	m.write("etc/hosts", hosts)
	m.write("bin/date", "#!/bin/sh\necho $(($(cat \"$ROOT/slept\" 2>/dev/null | wc -l) * 5))\n")
	require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", "date"), 0o755))
	return m, script
}

const swarmHosts = "10.0.9.5        3b0c5c0ffee1\n10.0.9.5        shop-1\n10.0.9.3        shop-2\n10.0.9.2        shop-3\n10.0.9.9        shop-4\n"

// Addresses change hands when all start anew: the names in nodes.conf say whose
// line is whose.
func TestNodesOfASwarmGoByNames(t *testing.T) {
	formerly := first + " 10.0.9.2:6379@16379,shop-1,tls-port=0,shard-id=aa myself,master - 0 0 1 connected 0-5460\n" +
		second + " 10.0.9.5:6379@16379,shop-2 master,fail? - 0 0 2 connected 5461-10921\n" +
		third + " :0@0,shop-3 master,noaddr - 0 0 3 disconnected 10922-16383\n" +
		follower + " 10.0.9.3:6379@16379,shop-4 slave " + first + " 0 0 1 connected\n" +
		strings.Repeat("5", 40) + " :0@0 master,fail,noaddr - 0 0 0 disconnected\nvars currentEpoch 3 lastVoteEpoch 0\n"
	now := first + " 10.0.9.5:6379@16379,shop-1,tls-port=0,shard-id=aa myself,master - 0 0 1 connected 0-5460\n" +
		second + " 10.0.9.3:6379@16379,shop-2 master,fail? - 0 0 2 connected 5461-10921\n" +
		third + " 10.0.9.2:6379@16379,shop-3 master - 0 0 3 disconnected 10922-16383\n" +
		follower + " 10.0.9.9:6379@16379,shop-4 slave " + first + " 0 0 1 connected\n" +
		strings.Repeat("5", 40) + " :0@0 master,fail,noaddr - 0 0 0 disconnected\nvars currentEpoch 3 lastVoteEpoch 0\n"
	for _, c := range []struct {
		name, hosts, conf, said string
		waits                   bool
	}{
		{name: "all are there", hosts: swarmHosts, conf: now},
		{name: "it has no name yet", hosts: strings.Replace(swarmHosts, "10.0.9.5        shop-1", "192.0.2.1       shop-1", 1), conf: formerly, waits: true,
			said: "waiting: no address yet of shop-1\n"},
		{name: "another one stays away", hosts: strings.Replace(swarmHosts, "10.0.9.2", "192.0.2.3", 1), conf: strings.Replace(now, "10.0.9.2:", "192.0.2.3:", 1),
			said: "no address of shop-3: going on without\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, script := newSwarmNode(t, c.hosts)
			m.write("data/nodes.conf", formerly)
			m.write("data/appendonly.aof", "x")
			said := startNode(m, script, "aof")
			assert.Equal(t, c.conf, m.read("data/nodes.conf"))
			assert.Contains(t, said, c.said)
			assert.Equal(t, c.said == "", !strings.Contains(said, "address"), said)
			assert.Equal(t, c.waits, m.read("started") == "", said)
			_, err := os.Stat(filepath.Join(m.root, "run/redis/started"))
			assert.Equal(t, c.waits, os.IsNotExist(err), "the health check asks a server only once it was started")
			if !c.waits {
				assert.Contains(t, m.read("conf"), "\ncluster-announce-ip 10.0.9.5\n")
				assert.Contains(t, m.read("conf"), "\ncluster-announce-hostname shop-1\n")
			}
		})
	}
}

// newCreator is the machine of what forms a cluster of four nodes in a swarm.
// What it asks for beside questions stands in the file told.
func newCreator(t *testing.T, views map[string]string) (machine, string) {
	t.Helper()
	m, _ := newSwarmNode(t, swarmHosts)
	_, files := compile(t, swarmIntent(intent.Cluster, ""))
	m.write("bin/redis-cli", "#!/bin/sh\n"+pretended["redis-cli"]+"\ncase $1-$2 in cluster-nodes | cluster-info | dbsize-) ;; *) echo \"$host: $*\" >>\"$ROOT/told\" ;; esac\n")
	require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", "redis-cli"), 0o755))
	for node, view := range views {
		m.write("answers/"+node+"/cluster nodes", view)
		m.write("answers/"+node+"/cluster info", "cluster_state:ok\ncluster_slots_assigned:16384\ncluster_known_nodes:4\n")
		m.write("answers/"+node+"/dbsize", "0\n")
	}
	m.write("slept", strings.Repeat("x\n", 13)) // the second look is the last
	script := strings.ReplaceAll(files["create-cluster.sh"], "</etc/hosts", "<"+m.root+"/etc/hosts")
	return m, strings.ReplaceAll(script, "${1:-}", "once")
}

// viewOf is what a node of the swarm says of a whole cluster, with its own line marked.
func viewOf(own string) string {
	lines := first + " 10.0.9.5:6379@16379,shop-1 master - 0 0 1 connected 0-5460\n" +
		second + " 10.0.9.3:6379@16379,shop-2 master - 0 0 2 connected 5461-10921\n" +
		third + " 10.0.9.2:6379@16379,shop-3 master - 0 0 3 connected 10922-16383\n" +
		follower + " 10.0.9.9:6379@16379,shop-4 slave " + first + " 0 0 1 connected\n"
	for _, role := range []string{"master", "slave"} {
		lines = strings.Replace(lines, ","+own+" "+role, ","+own+" myself,"+role, 1)
	}
	return lines
}

func TestWhatTheCreatorDoesInASwarm(t *testing.T) {
	stranger := strings.Repeat("6", 40)
	for _, c := range []struct {
		name   string
		change func(views map[string]string)
		told   []string // commands at least once, in order, and no others
		said   string
	}{
		{name: "a whole cluster", said: ": whole\n"},
		{name: "a node is where nobody looks for it", said: "telling shop-2 where shop-4 is\n", told: []string{"shop-2: cluster meet 10.0.9.9 6379"},
			change: func(views map[string]string) {
				views["shop-2"] = strings.Replace(views["shop-2"], "10.0.9.9:6379@16379,shop-4 slave", "192.0.2.4:6379@16379,shop-4 slave,fail?", 1)
			}},
		{name: "a node that lives is not forgotten, whoever has its former address", said: "telling shop-1 where shop-4 is\n", told: []string{"shop-1: cluster meet 10.0.9.9 6379"},
			change: func(views map[string]string) {
				views["shop-1"] = strings.Replace(views["shop-1"], "10.0.9.9:6379@16379,shop-4 slave", ":0@0,shop-4 slave,noaddr", 1)
			}},
		{name: "a node that is away is not forgotten, though another has its former address", said: "the cluster works, without shop-4\n",
			change: func(views map[string]string) {
				delete(views, "shop-4")
				for node, view := range views {
					views[node] = strings.Replace(view, "10.0.9.9:6379@16379,shop-4 slave", "10.0.9.3:6379@16379,shop-4 slave,fail", 1)
				}
			}},
		{name: "an identity that is gone is forgotten", said: "forgetting " + follower + ", whose volume is gone\n",
			told: []string{"shop-1: cluster forget " + follower, "shop-1: cluster meet 10.0.9.9 6379", "shop-2: cluster forget " + follower,
				"shop-3: cluster forget " + follower, "shop-4: cluster forget " + follower},
			change: func(views map[string]string) {
				views["shop-4"] = stranger + " 10.0.9.9:6379@16379,shop-4 myself,master - 0 0 0 connected\n"
				for _, node := range []string{"shop-1", "shop-2", "shop-3"} {
					views[node] = strings.Replace(views[node], "10.0.9.9:6379@16379,shop-4 slave", "10.0.9.8:6379@16379,shop-4 slave,fail", 1)
				}
			}},
		{name: "a new node waits as a master while slots belong to who is gone for good", said: "the slots 5461-10921 belong to a node whose volume is gone",
			change: func(views map[string]string) {
				for node := range views {
					views[node] = strings.ReplaceAll(strings.Replace(views[node], second+" 10.0.9.3:6379@16379,shop-2 master", second+" 10.0.9.3:6379@16379,shop-2 master,fail", 1), "slave "+first, "master -")
				}
				views["shop-2"] = stranger + " 10.0.9.3:6379@16379,shop-2 myself,master - 0 0 0 connected\n"
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			views := map[string]string{}
			for _, node := range []string{"shop-1", "shop-2", "shop-3", "shop-4"} {
				views[node] = viewOf(node)
			}
			if c.change != nil {
				c.change(views)
			}
			m, script := newCreator(t, views)
			said := m.run(script, "NODES=shop-1:6379 shop-2:6379 shop-3:6379 shop-4:6379", "MASTERS=3", "CLI=redis-cli")
			assert.Contains(t, said, c.said)
			told := strings.Split(strings.TrimSpace(m.read("told")), "\n")
			slices.Sort(told)
			assert.Equal(t, strings.Join(c.told, "\n"), strings.Join(slices.Compact(told), "\n"), said)
		})
	}
}
