package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

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

// full is what a server does when its memory is full.
type full string

const (
	refusesWrites full = "noeviction"
	evictsAny     full = "allkeys-"
	// evictsExpiring makes room with keys that have a time to live, and no
	// other key is lost.
	evictsExpiring full = "volatile-"
)

// roles is what each role is for, in terms of what a server does.
var roles = []struct {
	name     string
	full     full
	survives survival
}{
	{"cache", evictsAny, survivesNothing},
	{"session-store", evictsExpiring, survivesKill},
	{"queue", refusesWrites, survivesKill},
	{"rate-limit", evictsExpiring, survivesStop},
	{"pubsub", refusesWrites, survivesNothing},
	{"database", refusesWrites, survivesKill},
}

const (
	memory      = "128M"
	memoryBytes = 128 << 20
)

func TestRoles(t *testing.T) {
	inParts(t)
	for number, role := range roles {
		t.Run(role.name, func(t *testing.T) {
			sideBySide(t)
			oneRelease(t, number, func(t *testing.T, release release) {
				s := newStack(t)
				s.generate(intent{role: role.name, memory: memory, release: release}, "022")
				s.requireSilentLint()
				s.up()
				checkConfiguration(s)
				checkPassword(s)
				checkSecrecy(s)
				checkSurvival(s, role.survives)
				checkFullMemory(s, role.full)
			})
		})
	}
}

// A careful person's umask makes every file theirs alone, and the server is
// somebody else.
func TestRolesUnderPrivateUmask(t *testing.T) {
	inParts(t)
	for number, role := range roles {
		t.Run(role.name, func(t *testing.T) {
			sideBySide(t)
			oneRelease(t, number+1, func(t *testing.T, release release) {
				s := newStack(t)
				s.generate(intent{role: role.name, memory: memory, release: release}, "077")
				s.up()
				assert.Equal(t, "PONG", s.only().command("ping"))
				checkConfiguration(s)
			})
		})
	}
}

func checkConfiguration(s *stack) {
	s.t.Helper()
	services := s.inspectAll()
	require.Len(s.t, services, 1)
	for _, said := range services {
		// The password is in no file that is committed.
		compareConfiguration(s.t, said, s.only().configuration(), "requirepass")
	}
}

func checkPassword(s *stack) {
	s.t.Helper()
	server := s.only()
	anyone := server.withPassword("")
	assert.Contains(s.t, anyone.ask("", "ping").stdout, "NOAUTH", "without a password")
	for _, wrong := range []string{"", "wrong", server.password + "x"} {
		answer := anyone.ask("AUTH \""+wrong+"\"\nPING\n", "--raw").stdout
		assert.Contains(s.t, answer, "WRONGPASS", "with the password %q", wrong)
		assert.NotContains(s.t, answer, "PONG", "with the password %q", wrong)
	}
	assert.Equal(s.t, "PONG", server.command("ping"))
	assert.NotContains(s.t, server.command("acl", "list"), "nopass")
}

// clientProcess is a redis-cli or valkey-cli among what docker top prints.
var clientProcess = regexp.MustCompile(`(?m)^\s*\d+\s+\S*-cli\b`)

// checkSecrecy looks for the password wherever Docker shows something of a
// container, at a moment when its healthcheck runs: the stopped server keeps
// the check waiting.
func checkSecrecy(s *stack) {
	s.t.Helper()
	server := s.only()
	server.signal("STOP")
	var processes string
	eventually(s.t, "a healthcheck that asks the server", func() bool {
		processes = server.processes()
		return clientProcess.MatchString(processes)
	})
	server.signal("CONT")
	for where, text := range map[string]string{
		"docker top":            processes,
		"docker inspect":        mustRun(s.t, "", "docker", "inspect", server.container),
		"docker compose config": s.mustCompose("config"),
		"docker logs":           server.logs(),
	} {
		require.NotEmpty(s.t, text, where)
		// Not assert.NotContains, which would print the whole text.
		assert.False(s.t, strings.Contains(text, server.password), "the password stands in %s", where)
	}
}

// checkSurvival ends the server in each of three ways and looks whether the
// data are there again, or the server is there and empty where the role keeps
// nothing.
func checkSurvival(s *stack, survives survival) {
	s.t.Helper()
	ends := []struct {
		name    string
		hardest survival
		end     func()
	}{
		{"restart", survivesStop, func() { s.mustCompose("restart") }},
		{"down", survivesStop, func() { s.down() }},
		{"kill", survivesKill, func() { s.only().signal("KILL") }},
	}
	server := s.only()
	for _, way := range ends {
		require.Equal(s.t, "OK", server.command("set", "kept", way.name))
		if survives >= way.hardest {
			server.awaitWritten()
		}
		way.end()
		s.mustCompose("up", "--detach")
		server.waitUntilReady()
		switch {
		case survives >= way.hardest:
			assert.Equal(s.t, way.name, server.command("get", "kept"), "after %s", way.name)
		case survives == survivesNothing:
			assert.Equal(s.t, "0", server.command("dbsize"), "keys after %s", way.name)
		}
	}
}

// awaitWritten waits until what the server has answered is in its append-only
// file, which may be a second behind.
func (s *server) awaitWritten() {
	s.t.Helper()
	eventually(s.t, "the append-only file is written", func() bool {
		information := s.information()
		return information["aof_enabled"] == "0" || information["aof_buffer_length"] == "0" && information["aof_pending_bio_fsync"] == "0"
	})
}

// checkFullMemory writes half as much again as the server may hold while it
// writes its own files, and then everything must still stand.
func checkFullMemory(s *stack, full full) {
	s.t.Helper()
	const bytes = 4096
	server := s.only()
	started := server.inspect("{{.State.StartedAt}} {{.RestartCount}}")
	require.Equal(s.t, strconv.Itoa(memoryBytes), server.inspect("{{.HostConfig.Memory}}"))
	directives := server.configuration()
	maxmemory, err := strconv.Atoi(directives["maxmemory"])
	require.NoError(s.t, err)
	require.Positive(s.t, maxmemory)
	require.True(s.t, strings.HasPrefix(directives["maxmemory-policy"], string(full)), directives["maxmemory-policy"])

	server.command("flushall")
	server.load("permanent", 0, 100, bytes, 0)
	lifetime := 0
	if full == evictsExpiring {
		lifetime = 3600
	}
	fits, tooMany := maxmemory*7/10/(bytes+1000), maxmemory*15/10/bytes
	total := server.load("item", 0, fits, bytes, lifetime)
	assert.Zero(s.t, total.refused, "before the memory is full")
	saving := startSaving(server, directives)
	server.load("item", 0, fits, bytes, lifetime) // each page that the child shares is copied
	more := server.load("item", fits, tooMany, bytes, lifetime)
	finishSaving(server, saving)

	information := server.information()
	if full == refusesWrites {
		assert.Positive(s.t, more.refused, "refused writes")
		assert.Equal(s.t, "0", information["evicted_keys"], "evicted keys")
		assert.Equal(s.t, strconv.Itoa(100+total.accepted+more.accepted), server.command("dbsize"), "every accepted key is there")
	} else {
		assert.Zero(s.t, more.refused, "refused writes")
		assert.NotEqual(s.t, "0", information["evicted_keys"], "evicted keys")
	}
	if full == evictsExpiring {
		assert.Equal(s.t, "100", server.command("eval",
			"local n=0 for i=0,99 do n=n+redis.call('exists','permanent:'..i) end return n", "0"), "keys without a lifetime stay")
	}
	resident, err := strconv.Atoi(information["used_memory_rss"])
	require.NoError(s.t, err)
	assert.Less(s.t, resident, memoryBytes)
	assert.Equal(s.t, started, server.inspect("{{.State.StartedAt}} {{.RestartCount}}"), "the same process still runs")
	assert.Equal(s.t, "false", server.inspect("{{.State.OOMKilled}}"))
	assert.Equal(s.t, "0", server.outOfMemoryKills())
}

// startSaving makes the server write the files that its role has, slowly enough
// that they are being written while more data come, and returns the fields of
// INFO that tell how that went. The data may have made the server begin by
// itself.
func startSaving(server *server, directives map[string]string) []string {
	server.t.Helper()
	server.command("config", "set", "rdb-key-save-delay", "100") // microseconds for each key
	switch {
	case directives["appendonly"] == "yes":
		server.startUnlessRunning("bgrewriteaof")
		return []string{"aof_rewrite_in_progress", "aof_last_bgrewrite_status", "aof_last_write_status"}
	case directives["save"] != "":
		server.startUnlessRunning("bgsave")
		return []string{"rdb_bgsave_in_progress", "rdb_last_bgsave_status"}
	}
	return nil
}

// startUnlessRunning starts a child of the server, or finds that one of the
// same kind runs already.
func (s *server) startUnlessRunning(command string) {
	s.t.Helper()
	left := s.ask("", "-e", command)
	require.True(s.t, left.status == 0 || strings.Contains(left.stdout+left.stderr, "already in progress"),
		"%s\n%s%s", command, left.stdout, left.stderr)
}

// finishSaving waits for what startSaving began and requires that it went well.
func finishSaving(server *server, fields []string) {
	server.t.Helper()
	if fields == nil {
		return
	}
	server.command("config", "set", "rdb-key-save-delay", "0")
	eventually(server.t, "end of "+fields[0], func() bool { return server.information()[fields[0]] == "0" })
	for _, field := range fields[1:] {
		assert.Equal(server.t, "ok", server.information()[field], field)
	}
}

// outOfMemoryKills counts the processes that the kernel killed in the
// container, the server's children included.
func (s *server) outOfMemoryKills() string {
	s.t.Helper()
	return strings.TrimSpace(mustRun(s.t, "", "docker", "exec", s.container, "sh", "-c",
		"cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null | sed -n 's/^oom_kill //p'"))
}
