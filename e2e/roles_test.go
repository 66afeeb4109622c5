package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// survival is the hardest end of a server that its data must survive.
type survival int

const (
	survivesNothing survival = iota // the data are gone after a restart, and nobody minds
	survivesStop                    // an orderly stop keeps all
	survivesKill                    // a server killed outright loses no more than the last second
)

// roles is what each role is for, in terms of what a server does. A role evicts when its memory is full, or refuses writes.
var roles = []struct {
	name     string
	evicts   bool
	survives survival
}{
	{"cache", true, survivesNothing},
	{"session-store", false, survivesKill},
	{"queue", false, survivesKill},
	{"rate-limit", true, survivesNothing},
	{"pubsub", false, survivesNothing},
	{"database", false, survivesKill},
}

const (
	memory      = "128M"
	memoryBytes = 128 << 20
)

func TestRoles(t *testing.T) {
	everyRelease(t, func(t *testing.T, release release) {
		for _, role := range roles {
			t.Run(role.name, func(t *testing.T) {
				t.Parallel()
				s := newStack(t)
				s.generate(intent{role: role.name, memory: memory, release: release}, "022")
				s.requireSilentLint()
				s.up()
				checkConfiguration(s)
				checkPassword(s)
				checkSecrecy(s)
				checkSurvival(s, role.survives)
				checkFullMemory(s, role.evicts)
			})
		}
	})
}

// A careful person's umask makes every file theirs alone, and the server is somebody else.
func TestRolesUnderPrivateUmask(t *testing.T) {
	everyRelease(t, func(t *testing.T, release release) {
		for _, role := range roles {
			t.Run(role.name, func(t *testing.T) {
				t.Parallel()
				s := newStack(t)
				s.generate(intent{role: role.name, memory: memory, release: release}, "077")
				s.up()
				assert.Equal(t, "PONG", s.authenticated().command("ping"))
			})
		}
	})
}

// authenticated returns the project's one server, asked with its password.
func (s *stack) authenticated() *server {
	s.t.Helper()
	return s.only().withPassword(s.password())
}

func checkConfiguration(s *stack) {
	s.t.Helper()
	services := s.inspectAll()
	require.Len(s.t, services, 1)
	for _, said := range services {
		compareConfiguration(s.t, said, s.authenticated().configuration())
	}
}

func checkPassword(s *stack) {
	s.t.Helper()
	server := s.only()
	assert.Contains(s.t, server.ask("", "ping").stdout, "NOAUTH", "without a password")
	for _, wrong := range []string{"", "wrong", s.password() + "x"} {
		answer := server.ask("AUTH \""+wrong+"\"\nPING\n", "--raw").stdout
		assert.Contains(s.t, answer, "WRONGPASS", "with the password %q", wrong)
		assert.NotContains(s.t, answer, "PONG", "with the password %q", wrong)
	}
	assert.Equal(s.t, "PONG", s.authenticated().command("ping"))
	assert.NotContains(s.t, s.authenticated().command("acl", "list"), "nopass")
}

// clientProcess is a redis-cli or valkey-cli among what docker top prints.
var clientProcess = regexp.MustCompile(`(?m)^\s*\d+\s+\S*-cli\b`)

// checkSecrecy looks for the password wherever Docker shows something of a container, at a moment when its healthcheck
// runs: the stopped server keeps the check waiting.
func checkSecrecy(s *stack) {
	s.t.Helper()
	password, server := s.password(), s.only()
	server.signal("STOP")
	var processes string
	eventually(s.t, time.Minute, "a healthcheck that asks the server", func() bool {
		processes = server.processes()
		return clientProcess.MatchString(processes)
	})
	server.signal("CONT")
	logs := run(s.t, "", "", "docker", "logs", server.container)
	for where, text := range map[string]string{
		"docker top":            processes,
		"docker inspect":        mustRun(s.t, "", "docker", "inspect", server.container),
		"docker compose config": s.mustCompose("config"),
		"docker logs":           logs.stdout + logs.stderr,
	} {
		require.NotEmpty(s.t, text, where)
		// Not assert.NotContains, which would print the whole text.
		assert.False(s.t, strings.Contains(text, password), "the password stands in %s", where)
	}
}

// checkSurvival ends the server in each of three ways and looks whether the data are there again, or the server is
// there and empty where the role keeps nothing.
func checkSurvival(s *stack, survives survival) {
	s.t.Helper()
	ends := []struct {
		name    string
		hardest survival
		end     func()
	}{
		{"restart", survivesStop, func() { s.mustCompose("restart") }},
		{"down", survivesStop, func() { s.mustCompose("down") }},
		{"kill", survivesKill, func() { s.only().signal("KILL") }},
	}
	for _, way := range ends {
		server := s.authenticated()
		require.Equal(s.t, "OK", server.command("set", "kept", way.name))
		// An append-only file may be one second behind.
		time.Sleep(1500 * time.Millisecond)
		way.end()
		s.up()
		expected := ""
		if survives >= way.hardest {
			expected = way.name
		}
		if survives == survivesStop && way.hardest == survivesKill {
			continue // an older snapshot may or may not be there
		}
		assert.Equal(s.t, expected, s.authenticated().command("get", "kept"), "after %s", way.name)
	}
}

// checkFullMemory writes half as much again as the server may hold while it writes its own files, and then everything must still stand.
func checkFullMemory(s *stack, evicts bool) {
	s.t.Helper()
	const bytes = 4096
	server := s.authenticated()
	started := server.inspect("{{.State.StartedAt}} {{.RestartCount}}")
	require.Equal(s.t, strconv.Itoa(memoryBytes), server.inspect("{{.HostConfig.Memory}}"))
	maxmemory, err := strconv.Atoi(server.command("--raw", "config", "get", "maxmemory")[len("maxmemory\n"):])
	require.NoError(s.t, err)
	require.Positive(s.t, maxmemory)
	policy := server.configuration()["maxmemory-policy"]
	assert.Equal(s.t, evicts, policy != "noeviction", "maxmemory-policy %s", policy)

	server.command("flushall")
	server.load("permanent", 0, 100, bytes, 0)
	lifetime := 0
	if strings.HasPrefix(policy, "volatile-") {
		lifetime = 3600
	}
	fits, tooMany := maxmemory*8/10/(bytes+200), maxmemory*15/10/bytes
	total := server.load("item", 0, fits, bytes, lifetime)
	assert.Zero(s.t, total.refused, "before the memory is full")
	saving := startSaving(server)
	server.load("item", 0, fits, bytes, lifetime) // each page that the child shares is copied
	more := server.load("item", fits, tooMany, bytes, lifetime)
	finishSaving(server, saving)

	evicted, held := server.information("evicted_keys"), server.command("dbsize")
	if evicts {
		assert.Zero(s.t, more.refused, "refused writes")
		assert.Positive(s.t, evicted, "evicted keys")
	} else {
		assert.Positive(s.t, more.refused, "refused writes")
		assert.Zero(s.t, evicted, "evicted keys")
		assert.Equal(s.t, strconv.Itoa(100+total.accepted+more.accepted), held, "every accepted key is there")
	}
	if lifetime > 0 {
		assert.Equal(s.t, "100", server.command("--raw", "eval",
			"local n=0 for i=0,99 do n=n+redis.call('exists','permanent:'..i) end return n", "0"), "keys without a lifetime stay")
	}
	assert.Less(s.t, server.information("used_memory_rss"), memoryBytes)
	assert.Equal(s.t, started, server.inspect("{{.State.StartedAt}} {{.RestartCount}}"), "the same process still runs")
	assert.Equal(s.t, "false", server.inspect("{{.State.OOMKilled}}"))
	assert.Equal(s.t, "0", server.outOfMemoryKills())
}

// startSaving makes the server write the files that its role has, slowly enough that they are being written while more data come, and returns
// the fields of INFO that tell how that went.
func startSaving(server *server) []string {
	server.t.Helper()
	directives := server.configuration()
	server.command("config", "set", "rdb-key-save-delay", "100") // microseconds for each key
	switch {
	case directives["appendonly"] == "yes":
		server.command("bgrewriteaof")
		return []string{"aof_rewrite_in_progress", "aof_last_bgrewrite_status", "aof_last_write_status"}
	case directives["save"] != "":
		server.command("bgsave")
		return []string{"rdb_bgsave_in_progress", "rdb_last_bgsave_status"}
	}
	return nil
}

// finishSaving waits for what startSaving began and requires that it went well.
func finishSaving(server *server, fields []string) {
	server.t.Helper()
	if fields == nil {
		return
	}
	server.command("config", "set", "rdb-key-save-delay", "0")
	eventually(server.t, time.Minute, "end of "+fields[0], func() bool { return server.information(fields[0]) == 0 })
	for _, field := range fields[1:] {
		assert.Equal(server.t, "ok", server.informationText(field), field)
	}
}

// outOfMemoryKills counts the processes that the kernel killed in the container, the server's children included.
func (s *server) outOfMemoryKills() string {
	s.t.Helper()
	return strings.TrimSpace(mustRun(s.t, "", "docker", "exec", s.container, "sh", "-c",
		"cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null | sed -n 's/^oom_kill //p'"))
}
