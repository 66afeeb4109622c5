package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClusterRunbook types what the README of a cluster tells people to type,
// in its order, on a cluster to which has happened what it speaks of.
func TestClusterRunbook(t *testing.T) {
	longest(t)
	oneRelease(t, 0, func(t *testing.T, release release) {
		c := newCluster(t, release)
		for n, step := range clusterRunbook {
			words := map[string]string{}
			if step.before != nil {
				words = step.before(c)
			}
			function, commands := c.readmeBlock(n)
			require.Contains(t, commands, step.has)
			for placeholder, word := range words {
				require.Contains(t, commands, placeholder)
				commands = strings.ReplaceAll(commands, placeholder, word)
			}
			commands = strings.ReplaceAll(commands, clusterName+"_data-", c.stack.project+"_data-")
			printed := typed(t, c.stack.directory, function+"\n"+commands, "COMPOSE_PROJECT_NAME="+c.stack.project)
			if step.heals {
				c.heals(t, step.has)
			}
			if step.after != nil {
				step.after(c, printed)
			}
		}
	})
}

// readmeBlock returns one of the README's blocks of commands, and the function
// that later ones use.
func (c *cluster) readmeBlock(number int) (function, commands string) {
	c.stack.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.stack.directory, "README.md"))
	require.NoError(c.stack.t, err)
	blocks := commandBlock.FindAllStringSubmatch(string(content), -1)
	require.Len(c.stack.t, blocks, len(clusterRunbook), "blocks of commands")
	function, _, _ = strings.Cut(blocks[2][1], "\n")
	require.True(c.stack.t, strings.HasPrefix(function, "node() {"), function)
	return function, blocks[number][1]
}

const clusterKeys = 60

// fill sets keys in every part of the cluster.
func (c *cluster) fill(value string) {
	c.stack.t.Helper()
	script := fmt.Sprintf(`for n in $(seq 0 %d); do "$CLI" --user operator -c set key:$n "$1"; done`, clusterKeys-1)
	eventually(c.stack.t, "all keys are written", func() bool {
		return strings.Count(c.script(c.nodes()[0], script, value), "OK") == clusterKeys
	})
}

// requireFilled fails the test unless every key has the value.
func (c *cluster) requireFilled(value string) {
	c.stack.t.Helper()
	script := fmt.Sprintf(`for n in $(seq 0 %d); do "$CLI" --user operator -c get key:$n; done`, clusterKeys-1)
	var lines []string
	eventually(c.stack.t, "all keys are read", func() bool {
		lines = strings.Split(c.script(c.nodes()[0], script), "\n")
		return len(lines) == clusterKeys
	})
	for _, line := range lines {
		require.Equal(c.stack.t, value, line)
	}
}

// aShard returns a master that serves one range of slots, one of its replicas,
// and the master as the others see it.
func (c *cluster) aShard() (master, replica string, served member) {
	c.stack.t.Helper()
	seen := c.view(c.nodes()[0])
	for _, master := range c.nodes()[1:] {
		for _, replica := range c.nodes()[1:] {
			if len(seen[master].slots) == 1 && seen[replica].master == seen[master].id {
				return master, replica, seen[master]
			}
		}
	}
	require.FailNow(c.stack.t, "no master of one range with a replica")
	return "", "", member{}
}

// aReplica is what a block means by REPLICA.
func (c *cluster) aReplica() map[string]string {
	c.stack.t.Helper()
	_, replica, _ := c.aShard()
	return map[string]string{"REPLICA": replica}
}

// loseShard takes a master's and its replica's volumes away.
func (c *cluster) loseShard() map[string]string {
	t := c.stack.t
	t.Helper()
	master, replica, lost := c.aShard()
	for _, node := range []string{master, replica} {
		c.stack.mustCompose("rm", "--stop", "--force", node)
	}
	for _, node := range []string{master, replica} {
		mustRun(t, "", "docker", "volume", "rm", c.stack.project+"_data-"+strings.TrimPrefix(node, clusterName+"-"))
	}
	c.stack.mustCompose("up", "--detach")
	eventually(t, "the log names the slots", func() bool {
		return strings.Contains(c.stack.server(creator).logs(), "slots "+lost.slots[0]+" ")
	})
	first, last, _ := strings.Cut(lost.slots[0], "-")
	return map[string]string{"IDENTITY": c.served(lost.slots[0]), "MASTER": c.emptyMaster(master, replica), "FIRST": first, "LAST": last}
}

// emptyMaster waits until one of the nodes is a master of the cluster without
// slots. The one at whose place the slots were served stays silent.
func (c *cluster) emptyMaster(nodes ...string) string {
	c.stack.t.Helper()
	found := ""
	eventually(c.stack.t, "there is a master without slots", func() bool {
		seen := c.view(c.nodes()[0])
		for _, node := range nodes {
			if one := seen[node]; one.flags == "master" && one.link == "connected" && len(one.slots) == 0 {
				found = node
			}
		}
		return found != ""
	})
	return found
}

// served is the identity that has the slots: a master that stops hands them
// over, so it is not who had them before.
func (c *cluster) served(slots string) string {
	c.stack.t.Helper()
	for _, member := range c.view(c.nodes()[0]) {
		if len(member.slots) == 1 && member.slots[0] == slots {
			return member.id
		}
	}
	require.FailNow(c.stack.t, "nobody serves "+slots)
	return ""
}

// clusterRunbook are the README's blocks of commands in their order, and what they need.
var clusterRunbook = []struct {
	has    string
	before func(*cluster) map[string]string // what stands for the words in capitals
	heals  bool
	after  func(c *cluster, printed string)
}{
	{has: "docker compose up --detach --wait ", heals: true},
	{has: "create-cluster.sh once", heals: true},
	{has: "cluster info", after: func(c *cluster, printed string) { assert.Contains(c.stack.t, printed, "cluster_state:ok") }},
	{has: "cluster failover", before: (*cluster).aReplica, heals: true},
	{has: "sh roll.sh", before: func(c *cluster) map[string]string {
		c.masters++
		c.generate()
		return nil
	}},
	{has: "--cluster rebalance", heals: true},
	{has: "bgsave", before: func(c *cluster) map[string]string {
		c.fill("kept")
		return nil
	}, after: func(c *cluster, _ string) {
		files, err := filepath.Glob(filepath.Join(c.stack.directory, "backup", "*.rdb"))
		require.NoError(c.stack.t, err)
		assert.Len(c.stack.t, files, c.masters)
		c.fill("written after the backup")
	}},
	{has: "acl setuser", heals: true},
	{has: "docker compose stop\ndocker compose up", heals: true, before: func(c *cluster) map[string]string {
		for _, secret := range []string{"redis", "replica", "operator"} {
			c.stack.write("secrets/"+secret+"-password", "another-password-of-"+secret+"\n")
		}
		return nil
	}, after: func(c *cluster, _ string) { c.requireFilled("written after the backup") }},
	{has: "docker compose logs --tail 5", after: func(c *cluster, printed string) { assert.Contains(c.stack.t, printed, "whole") }},
	{has: "cluster failover force", before: (*cluster).aReplica, heals: true},
	{has: "cluster forget IDENTITY", before: (*cluster).loseShard, heals: true},
	{has: "docker volume rm", heals: true, before: func(c *cluster) map[string]string {
		_, replica, _ := c.aShard()
		return map[string]string{"NODE": replica, "NUMBER": strings.TrimPrefix(replica, clusterName+"-")}
	}},
	{has: "replaced-", heals: true, after: func(c *cluster, _ string) { c.requireFilled("kept") }},
	{has: "take() {"}, // TestKeysAreTaken takes some
}
