package generate

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/render"
)

// Identities of four nodes, and of one that was lost.
var (
	first, second, third = strings.Repeat("1", 40), strings.Repeat("2", 40), strings.Repeat("3", 40)
	follower             = strings.Repeat("4", 40)
)

// seen is what a node says of a cluster of three masters, of which the first
// has a replica. Its arguments are the states of the links to the masters and
// to the replica, and whether the first master still serves its slots.
func seen(links [4]string, served string) string {
	return first + " 10.7.7.11:6379@16379,shop-1 master - 0 0 1 " + links[0] + served + "\n" +
		second + " 10.7.7.12:6379@16379,shop-2 master - 0 0 2 " + links[1] + " 5461-10921\n" +
		third + " 10.7.7.13:6379@16379,shop-3 myself,master - 0 0 3 " + links[2] + " 10922-16383\n" +
		follower + " 10.7.7.14:6379@16379,shop-4 slave " + first + " 0 0 1 " + links[3] + "\n"
}

const (
	up, down = "connected", "disconnected"
	serves   = " 0-5460"
)

// newNode is the machine of shop-1 in a cluster of four nodes. Its clock goes
// on by a second with each sleep.
func newNode(t *testing.T, more string) (machine, string) {
	t.Helper()
	plan, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\nengine = \"redis\"\ntopology = \"cluster\"\n"+more)
	m := newMachine(t, plan.Secrets)
	m.write("usr/local/etc/redis/redis.conf", files["redis.conf"])
	m.write("usr/local/etc/redis/users.txt", files["users.txt"])
	m.write("bin/date", "#!/bin/sh\ncat \"$ROOT/slept\" 2>/dev/null | wc -l\n")
	require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", "date"), 0o755))
	m.write("etc/hosts", "127.0.0.1\tlocalhost\n10.7.7.11\tshop-1\n10.7.7.12\tshop-2\n10.7.7.13\tshop-3\n10.7.7.14\tshop-4\n")
	return m, strings.ReplaceAll(files["start-node.sh"], "</etc/hosts", "<"+m.root+"/etc/hosts")
}

func startNode(m machine, script, persistence string) string {
	return m.run(script, "NODE=shop-1", "PORT=6379", "NODES=shop-1:6379 shop-2:6379 shop-3:6379 shop-4:6379", "OWN_SETTING=cluster-announce-hostname shop-1", "PERSISTENCE="+persistence,
		"HAND_OVER=15", "SERVER=redis-server", "CLI=redis-cli", "USER_ID=999")
}

func TestWhenANodeStarts(t *testing.T) {
	all := seen([4]string{down, up, up, up}, serves)
	lead := first + " 10.7.7.11:6379@16379,shop-1 myself,master - 0 0 1 connected 0-5460\n"
	for _, c := range []struct {
		name, identity, data, persistence string
		views                             map[string]string
		waits                             bool
		said                              string
		stranger                          bool // nobody may copy its data yet
	}{
		{name: "the first start of all", persistence: "aof", said: "shop-4 does not answer", stranger: true},
		{name: "a new node", persistence: "aof", stranger: true,
			views: map[string]string{"shop-2": second + " 10.7.7.12:6379@16379 myself,master - 0 0 2 connected 0-16383\n", "shop-3": all[strings.Index(all, second):], "shop-4": all[strings.Index(all, second):]}},
		{name: "volume lost, the replica is there", persistence: "aof", waits: true, said: "its replica is promoted only while it does not answer",
			views: map[string]string{"shop-2": all, "shop-3": all}},
		{name: "volume lost, the replica starts later", persistence: "aof", waits: true, said: "its replica is promoted only",
			views: map[string]string{"shop-3": seen([4]string{down, up, up, down}, serves)}},
		{name: "volume lost, the others still load", persistence: "aof", waits: true, said: "others load",
			views: map[string]string{"shop-2": "LOADING the data\n", "shop-3": "LOADING the data\n", "shop-4": "LOADING the data\n"}},
		{name: "volume lost, the replica leads", persistence: "aof", stranger: true,
			views: map[string]string{"shop-2": seen([4]string{down, up, up, up}, ""), "shop-3": seen([4]string{down, up, up, up}, ""), "shop-4": seen([4]string{down, up, up, up}, "")}},
		{name: "a replica", persistence: "none", identity: strings.Replace(lead, "master - 0 0 1 connected 0-5460", "slave "+second+" 0 0 1 connected", 1),
			views: map[string]string{"shop-2": all}},
		{name: "a master with its append-only file", persistence: "aof", identity: lead, data: "appendonlydir/appendonly.aof.manifest", views: map[string]string{"shop-2": all, "shop-3": all, "shop-4": all}},
		{name: "a master with snapshots that crashed", persistence: "rdb", identity: lead, data: "dump.rdb", waits: true, said: "a replica may have writes",
			views: map[string]string{"shop-2": all, "shop-3": all, "shop-4": all}},
		{name: "a master with snapshots that was stopped", persistence: "rdb", identity: lead, data: "stopped-in-order", views: map[string]string{"shop-2": all, "shop-3": all, "shop-4": all}},
		{name: "a master without data, stopped", persistence: "none", identity: lead, data: "stopped-in-order", waits: true, said: "a replica may have writes",
			views: map[string]string{"shop-3": all}},
		{name: "a master without data, too few to promote its replica", persistence: "none", identity: lead,
			views: map[string]string{"shop-2": seen([4]string{down, down, up, up}, serves), "shop-3": seen([4]string{down, down, up, up}, serves), "shop-4": seen([4]string{down, down, up, up}, serves)}},
		{name: "a master without data whose replica leads", persistence: "none", identity: lead,
			views: map[string]string{"shop-2": seen([4]string{down, up, up, up}, ""), "shop-3": seen([4]string{down, up, up, up}, ""), "shop-4": seen([4]string{down, up, up, up}, "")}},
	} {
		// Compose gives the addresses that the views have, a swarm others.
		for target, subnet := range map[string]string{intent.Compose: "10.7.7.", intent.Swarm: "10.0.9."} {
			t.Run(c.name+", "+target, func(t *testing.T) {
				t.Parallel()
				m, script := newNode(t, fmt.Sprintf("target = %q\n", target))
				m.write("etc/hosts", strings.ReplaceAll(m.read("etc/hosts"), "10.7.7.", subnet))
				if c.identity != "" {
					m.write("data/nodes.conf", c.identity+"vars currentEpoch 3 lastVoteEpoch 0\n")
				}
				if c.data != "" {
					m.write("data/"+c.data, "x\n")
				}
				for node, view := range c.views {
					m.write("answers/"+node+"/cluster nodes", view)
				}
				said := startNode(m, script, c.persistence)
				assert.Equal(t, c.waits, m.read("started") == "", said)
				assert.Contains(t, said, c.said)
				assert.Equal(t, c.said == "", !strings.Contains(said, "waiting"), said)
				if !c.waits {
					assert.Equal(t, c.stranger, strings.Contains(m.read("run/redis/users.acl"), "\nuser replica off #"))
					assert.Equal(t, !c.stranger, strings.Contains(m.read("run/redis/users.acl"), "\nuser replica on #"))
					assert.Contains(t, m.read("conf"), "\ncluster-announce-ip "+subnet+"11\n")
				}
				assert.Empty(t, m.read("data/stopped-in-order"), "it counts once")
			})
		}
	}
}

// TestWhatANodeAdds starts nodes with what their deployments give them:
// redis.conf leaves a line to each, and nothing is said twice.
func TestWhatANodeAdds(t *testing.T) {
	for _, c := range []struct{ more, adds string }{
		{"version = \"6.2\"\n", "\n"},
		{"version = \"7.0\"\n", "cluster-announce-hostname shop-1\n"},
		{"version = \"8.6\"\n" + tlsTableLines, "cluster-announce-hostname shop-1\n"},
		{"version = \"7.0\"\npublish = \"192.168.1.9:7000\"\n", "port 7000\n"},
		{"version = \"7.0\"\npublish = \"192.168.1.9:7000\"\n" + tlsTableLines, "tls-port 7000\n"},
		{"version = \"7.0\"\ntarget = \"swarm\"\n", "cluster-announce-hostname shop-1\n"},
	} {
		t.Run(c.more, func(t *testing.T) {
			t.Parallel()
			_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\nengine = \"redis\"\ntopology = \"cluster\"\n"+c.more)
			var deployment struct {
				Services map[string]struct{ Environment map[string]string }
			}
			require.NoError(t, yaml.Unmarshal([]byte(files["docker-compose.yml"]+files[render.StackFile]), &deployment))
			var environment []string
			for name, value := range deployment.Services["shop-1"].Environment {
				environment = append(environment, name+"="+value)
			}
			m, script := newNode(t, c.more)
			m.write("etc/hosts", m.read("etc/hosts")+"10.7.7.15\tshop-5\n10.7.7.16\tshop-6\n")
			m.write("data/nodes.conf", "vars currentEpoch 3 lastVoteEpoch 0\n")
			said := m.run(script, environment...)
			assert.Equal(t, files["redis.conf"]+"\nmasterauth a password of replica-password\ncluster-announce-ip 10.7.7.11\n"+c.adds, m.read("conf"), said)
		})
	}
}

// nodes.conf is all that tells a node who it is: only addresses may change in it.
func TestAddressesAreCorrected(t *testing.T) {
	m, script := newNode(t, "")
	conf := seen([4]string{up, up, up, up}, serves) + strings.Repeat("5", 40) + " :0@0 master,fail,noaddr - 0 0 0 disconnected\nvars currentEpoch 3 lastVoteEpoch 0\n"
	m.write("data/nodes.conf", conf)
	m.write("data/appendonly.aof", "x")
	startNode(m, script, "aof")
	assert.Equal(t, conf, m.read("data/nodes.conf"), "nothing moved, as far as is known")

	m.write("etc/hosts", strings.ReplaceAll(m.read("etc/hosts"), "10.7.7.", "10.88.1."))
	startNode(m, script, "aof")
	assert.Equal(t, strings.ReplaceAll(conf, "10.7.7.", "10.88.1."), m.read("data/nodes.conf"))
	startNode(m, script, "aof")
	assert.Equal(t, strings.ReplaceAll(conf, "10.7.7.", "10.88.1."), m.read("data/nodes.conf"), "and again")
}

// TestHandOverOfANode stops a master after the password was changed that it
// asks its own server with. Its replica may have been started again already.
func TestHandOverOfANode(t *testing.T) {
	m, script := newNode(t, "")
	realDate, err := exec.LookPath("date")
	require.NoError(t, err)
	// It does not say at once that it leads, either.
	m.write("bin/redis-cli", "#!/bin/sh\necho \"$REDISCLI_AUTH: $*\" >>\"$ROOT/asked\"\n"+fmt.Sprintf(mute, realDate)+
		"case \"$REDISCLI_AUTH $*\" in *operator-password*cluster\\ failover) echo 'NOAUTH Authentication required.'; exit;; esac\n"+pretended["redis-cli"]+"\n")
	m.write("bin/docker-entrypoint.sh", "#!/bin/sh\necho another >\"$ROOT/run/secrets/operator-password\"\n"+realDate+" +%s >\"$ROOT/stopping\"\nkill -TERM \"$(cat \"$ROOT/script\")\"\nexec tail -f /dev/null\n")
	m.write("bin/sleep", "#!/bin/sh\necho x >>\"$ROOT/slept\"\n")
	for _, program := range []string{"redis-cli", "docker-entrypoint.sh", "sleep"} {
		require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", program), 0o755))
	}
	m.write("data/nodes.conf", first+" 10.7.7.11:6379@16379,shop-1 myself,master - 0 0 1 connected 0-5460\nvars currentEpoch 3 lastVoteEpoch 0\n")
	m.write("data/appendonly.aof", "x")
	m.write("answers/127.0.0.1/info replication", "role:master\nslave0:ip=10.7.7.14,port=6379,state=online,offset=7,lag=0\n")
	m.write("answers/10.7.7.14/cluster failover", "OK\n")
	said := startNode(m, script, "aof")
	assert.Contains(t, said, "handing over to 10.7.7.14")
	var asked []string
	for line := range strings.Lines(m.read("asked")) {
		if strings.Contains(line, "-h 127.0.0.1") {
			assert.Contains(t, line, "a password of operator-password: ", "what the server was started with")
		}
		if strings.Contains(line, "cluster failover") {
			asked = append(asked, strings.SplitN(line, ":", 2)[0])
		}
	}
	require.GreaterOrEqual(t, len(asked), 2)
	assert.Equal(t, []string{"a password of operator-password", "another"}, asked[:2])
}
