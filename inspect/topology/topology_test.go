package topology_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// load reads a project of a compose file and of files beside it.
func load(t *testing.T, text string, files ...string) *compose.Project {
	t.Helper()
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "compose.yml"), []byte(text), 0o644))
	for i := 0; i+1 < len(files); i += 2 {
		require.NoError(t, os.WriteFile(filepath.Join(directory, files[i]), []byte(files[i+1]), 0o644))
	}
	tree, err := disk.OpenTree(directory, directory)
	require.NoError(t, err)
	t.Cleanup(func() { _ = tree.Close() })
	return compose.Load(tree, compose.Group{filepath.Join(tree.Path(), "compose.yml")})
}

func TestReach(t *testing.T) {
	project := load(t, `services:
  cache:
    image: redis:7.2
    container_name: box
    hostname: store
    networks:
      back:
        aliases: [redis-master, twice]
        ipv4_address: 10.5.0.2
  other: {image: redis:7.2, networks: {back: {aliases: [twice]}}}
  beside: {image: example/app, network_mode: "service:cache"}
  near: {image: example/app, networks: [back]}
  told: {image: example/app, networks: [back], extra_hosts: ["cache:10.0.0.1"]}
  far: {image: example/app}
  host: {image: redis:7.2, network_mode: host, command: redis-server --port 7000}
  host2: {image: redis:7.2, network_mode: host, command: redis-server --port 7001}
  onhost: {image: example/app, network_mode: host}
networks:
  back:
`)
	loaded := topology.Of(project)
	for _, c := range []struct{ from, host, port, want string }{
		{"near", "cache", "6379", "cache"}, {"near", "box", "", "cache"}, {"near", "store", "", "cache"}, {"near", "redis-master", "1", "cache"},
		{"near", "10.5.0.2", "", "cache"}, {"near", "elsewhere", "", ""}, {"near", "near", "", ""}, {"near", "twice", "", ""}, {"far", "cache", "", ""},
		{"told", "cache", "", ""}, {"told", "box", "", "cache"}, {"beside", "localhost", "", "cache"}, {"beside", "127.0.0.1", "6380", ""}, {"beside", "other", "", "other"},
		{"near", "localhost", "", ""}, {"cache", "cache", "", "cache"}, {"onhost", "localhost", "7001", "host2"}, {"onhost", "::1", "7002", ""}, {"host", "127.0.0.1", "7001", "host2"},
	} {
		got := ""
		if s := loaded.Reach(project.Service(c.from), c.host, c.port); s != nil {
			got = s.Name
		}
		assert.Equal(t, c.want, got, "%s asks %s:%s", c.from, c.host, c.port)
	}
}

// TestLogins says what becomes of what a replica gives to its master.
func TestLogins(t *testing.T) {
	hash := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" // of "test"
	for _, c := range []struct {
		master, replica string
		want            topology.Outcome
	}{
		{"", "", topology.NotNeeded},
		{"--requirepass test", "", topology.Missing},
		{"--requirepass test", "--masterauth test", topology.Right},
		{"--requirepass test", "--masterauth other", topology.Wrong},
		{"--requirepass test", "--masterauth test --masteruser app", topology.NoUser},
		{"--requirepass test", "--masterauth ${P}", topology.Unknown},
		{"--requirepass ${P}", "--masterauth ${P}", topology.Right},
		{"--requirepass ${P}", "--masterauth ${Q}", topology.Unknown},
		{"--requirepass ${P}", "", topology.Missing},
		{"--user app on '>test' +@all", "--masterauth test --masteruser app", topology.Right},
		{"--user app on '#" + hash + "' +@all", "--masterauth test --masteruser app", topology.Right},
		{"--user app on '#" + hash + "' +@all", "--masterauth tesT --masteruser app", topology.Wrong},
		{"--user app on nopass +@all", "--masterauth any --masteruser app", topology.Right},
		{"--user app off '>test' +@all", "--masterauth test --masteruser app", topology.Wrong},
		{"--aclfile /users.acl", "--masterauth filed --masteruser app", topology.Right},
		{"--aclfile /users.acl", "--masterauth filed", topology.Wrong},
		{"--aclfile /users.acl", "", topology.Missing},
		{"--aclfile /nothing.acl", "--masterauth filed", topology.Unknown},
	} {
		project := load(t, fmt.Sprintf(`services:
  master:
    image: redis:7.2
    command: redis-server %s
    volumes: [./users.acl:/users.acl]
  replica:
    image: redis:7.2
    command: redis-server --replicaof master 6379 %s
`, c.master, c.replica), "users.acl", "user default off\nuser app on >filed ~* +@all\n")
		replications := topology.Of(project).Replications
		require.Len(t, replications, 1, "%+v", c)
		assert.Equal(t, c.want, replications[0].Login.Outcome(replications[0].Address.Server), "%+v", c)
	}
}

// TestHostileProjectIsBounded: everybody is told of everybody, many at one place.
func TestHostileProjectIsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range 1500 {
		fmt.Fprintf(&b, "  s%d:\n    image: redis:7.2\n    command: redis-server --replicaof s%d 6379\n    volumes: [\"data:/data\"]\n\n", i, i/2)
		fmt.Fprintf(&b, "  e%d: {image: oliver006/redis_exporter, network_mode: \"service:s%d\", volumes: [\"data:/x\"], environment: {A_REDIS_URL: \"redis://s0\"}}\n", i, i%3)
	}
	b.WriteString("volumes: {data: {}}\n")
	project := load(t, b.String())
	require.Len(t, inspect.Services(project), 3000)
	loaded := topology.Of(project)
	assert.Len(t, loaded.Replications, 1500)
	assert.Len(t, loaded.ReplicasOf(loaded.Services[0]), 1) // itself is none
	assert.Less(t, len(loaded.Uses), 6001)
}
