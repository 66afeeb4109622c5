//go:build long

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSwarmClusterRunbook types what the README of a cluster in a swarm tells
// people to type.
func TestSwarmClusterRunbook(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	s := swarmCluster{newSwarmStack(t, releases(t)[0])}
	s.generate("cluster", "slowlog-max-len = 100")
	function := s.readmeBlock("node() {")
	for _, step := range swarmClusterRunbook {
		words := map[string]string{}
		if step.before != nil {
			words = step.before(s)
		}
		commands := s.readmeBlock(step.has)
		for placeholder, word := range words {
			require.Contains(t, commands, placeholder)
			commands = strings.ReplaceAll(commands, placeholder, word)
		}
		if !strings.Contains(commands, "node() {") {
			definition, _, _ := strings.Cut(function, "\n}\n")
			commands = definition + "\n}\n" + commands
		}
		printed := s.typeBlock(commands)
		s.heals(step.has)
		if step.after != nil {
			step.after(s, printed)
		}
	}
}

// readmeBlock is the README's block of commands that holds a text.
func (s swarmCluster) readmeBlock(has string) string {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.files.directory, "README.md"))
	require.NoError(s.t, err)
	for _, block := range commandBlock.FindAllStringSubmatch(string(content), -1) {
		if strings.Contains(block[1], has) {
			return block[1]
		}
	}
	require.FailNow(s.t, "no block with "+has)
	return ""
}

// fill sets keys in every part of the cluster.
func (s swarmCluster) fill(value string) {
	s.t.Helper()
	for n := range clusterKeys {
		eventually(s.t, "a key is written", func() bool {
			return s.ask(s.nodes()[0], serverPort, "default", "-c", "set", fmt.Sprint("key:", n), value) == "OK"
		})
	}
}

// requireFilled fails the test unless every key has the value.
func (s swarmCluster) requireFilled(value string) {
	s.t.Helper()
	for n := range clusterKeys {
		var found string
		eventually(s.t, "a key is read", func() bool {
			found = s.ask(s.nodes()[0], serverPort, "default", "-c", "get", fmt.Sprint("key:", n))
			return found != ""
		})
		require.Equal(s.t, value, found, n)
	}
}

// passwordHash is how ACL GETUSER shows a password.
var passwordHash = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// swarmClusterRunbook are blocks of commands by what they hold, and what they need.
var swarmClusterRunbook = []struct {
	has    string
	before func(swarmCluster) map[string]string // what stands for the words in capitals
	after  func(s swarmCluster, printed string)
}{
	{has: "docker stack deploy ", before: func(s swarmCluster) map[string]string {
		s.typeBlock(s.readmeBlock("docker node update "))
		return nil
	}},
	{has: "cluster info", after: func(s swarmCluster, printed string) { assert.Contains(s.t, printed, "cluster_state:ok") }},
	{has: "cluster failover ", before: func(s swarmCluster) map[string]string { return map[string]string{"REPLICA": s.nodes()[5]} },
		after: func(s swarmCluster, _ string) {
			eventually(s.t, "the replica leads", func() bool { return strings.Contains(s.says(s.nodes()[5]), "role:master") })
			s.heals("the hand-over")
		}},
	{has: "acl setuser", after: func(s swarmCluster, _ string) {
		for _, node := range s.nodes() {
			assert.Len(s.t, passwordHash.FindAllString(s.ask(node, serverPort, "default", "acl", "getuser", "default"), -1), 2, "two passwords at once")
		}
	}},
	{has: "bgsave", before: func(s swarmCluster) map[string]string { s.fill("kept"); return nil }, after: func(s swarmCluster, _ string) {
		files, err := filepath.Glob(filepath.Join(s.files.directory, "backup", "*.rdb"))
		require.NoError(s.t, err)
		assert.Len(s.t, files, swarmClusterNodes/2)
		s.fill("written after the backup")
	}},
	{has: "docker volume rm", before: func(s swarmCluster) map[string]string {
		return map[string]string{"_NODE": "_" + s.nodes()[0], "NUMBER": "1"}
	}, after: func(s swarmCluster, _ string) { s.requireFilled("written after the backup") }},
	{has: "replaced-$(date", after: func(s swarmCluster, _ string) { s.requireFilled("kept") }},
	{has: "docker config rm"},
	{has: "sh roll.sh", before: func(s swarmCluster) map[string]string {
		s.generate("cluster", "slowlog-max-len = 101")
		s.roll() // what follows finds nothing to do, in the time that a command has
		return nil
	}, after: func(s swarmCluster, _ string) {
		assert.Equal(s.t, "slowlog-max-len\n101", s.ask(s.nodes()[0], serverPort, "default", "config", "get", "slowlog-max-len"))
		s.requireFilled("kept")
	}},
}
