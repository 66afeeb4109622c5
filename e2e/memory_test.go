package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// memoryCell is a deployment whose memory is measured under every load.
type memoryCell struct {
	role, limit, topology string
	release               release
}

func (c memoryCell) String() string {
	return strings.Join([]string{c.role, c.limit, c.topology, c.release.String()}, " ")
}

// members are the lines of an intent that say how many servers there are. A set
// has a subnet of its own, since several are measured side by side.
func (c memoryCell) members() string {
	lines := fmt.Sprintf("topology = %q\n", c.topology)
	if c.topology != "standalone" {
		lines += fmt.Sprintf("subnet = \"%s.0/24\"\n", newSubnet())
	}
	return lines
}

// mostHeld is how much of its limit a container may hold under the worst load,
// in percent.
const mostHeld = 95

// TestMemory loads one server of each kind of budget: one that only evicts, one
// whose memory is for buffers, one that saves and one that feeds replicas. The
// long form has every role, limit and release.
func TestMemory(t *testing.T) {
	inParts(t)
	release := releases(t)[0]
	for _, cell := range []memoryCell{
		{"cache", "128M", "standalone", release},
		{"pubsub", "128M", "standalone", release},
		{"database", "128M", "standalone", release},
		{"session-store", "128M", "replicated", release},
	} {
		t.Run(cell.String(), func(t *testing.T) {
			sideBySide(t)
			asOneRow(t)
			t.Log(measureMemory(t, cell))
		})
	}
}

// measuredMemory is what the fullest container of a deployment held under each load.
type measuredMemory struct {
	cell             memoryCell
	limit, maxmemory int64
	peaks            []reading // in the order of memoryLoads
}

func (m measuredMemory) String() string {
	lines := []string{fmt.Sprintf("%s: maxmemory is %.1f %% of the limit", m.cell, 100*float64(m.maxmemory)/float64(m.limit))}
	for n, peak := range m.peaks {
		lines = append(lines, fmt.Sprintf("%-30s held %5.1f %%, with dirty pages %5.1f %%",
			memoryLoads[n].name, 100*float64(peak.held)/float64(m.limit), 100*float64(peak.withDirty)/float64(m.limit)))
	}
	return strings.Join(lines, "\n")
}

// measureMemory puts every load on a deployment, none of which may make the
// kernel kill or bring a container near its limit.
func measureMemory(t *testing.T, cell memoryCell) measuredMemory {
	t.Helper()
	s := newLoadedServer(t, cell)
	for _, watched := range s.containers() {
		s.meters = append(s.meters, newMeter(watched))
		s.started = append(s.started, watched.start())
	}
	s.herd.diskFollows = func() bool { return s.meters.disksFollow() }
	m := measuredMemory{cell: cell, limit: s.memoryLimit(), maxmemory: s.maxmemory}
	for _, load := range memoryLoads {
		err := load.run(s)
		peak, gone := s.meters.takePeak()
		require.NoError(t, gone, "%s: a container ended\n%s", load.name, m)
		m.peaks = append(m.peaks, peak)
		killed, gone := s.meters.killed()
		require.NoError(t, gone, load.name)
		require.Zero(t, killed, "%s: processes that the kernel killed\n%s", load.name, m)
		require.NoError(t, err, "%s\n%s", load.name, m)
		assert.LessOrEqual(t, peak.held*100, m.limit*mostHeld, "%s\n%s", load.name, m)
		if long { // how fast a disk follows hangs on what else the machine does
			assert.LessOrEqual(t, peak.withDirty*100, m.limit*mostHeld, "%s\n%s", load.name, m)
		}
	}
	for n, watched := range s.containers() {
		assert.Equal(t, s.started[n], watched.start(), "%s: the same process still runs", watched.container)
	}
	return m
}

// memoryLimit is that of the container, in bytes.
func (s *server) memoryLimit() int64 {
	limit, err := strconv.ParseInt(s.inspect("{{.HostConfig.Memory}}"), 10, 64)
	require.NoError(s.t, err)
	return limit
}

// start is when the process of a container began, and how often it had to.
func (s *server) start() string { return s.inspect("{{.State.StartedAt}} {{.RestartCount}}") }

// newLoadedServer starts a deployment and connects the writers to its first server.
func newLoadedServer(t *testing.T, cell memoryCell) *loadedServer {
	t.Helper()
	stack := newStack(t)
	stack.generate(intent{role: cell.role, memory: cell.limit, release: cell.release, more: cell.members()}, "022")
	stack.up()
	names := map[string][]string{"standalone": {"store"}, "replicated": {"store-1", "store-2", "store-3"}}[cell.topology]
	var servers []*server
	for _, name := range names {
		servers = append(servers, stack.server(name).withPassword(stack.secret("redis")))
	}
	s := &loadedServer{server: servers[0], replicas: servers[1:]}
	directives := s.configuration()
	for name, target := range map[string]*int64{"maxmemory": &s.maxmemory, "proto-max-bulk-len": &s.largest, "maxmemory-clients": &s.clients} {
		bytes, err := strconv.ParseInt(directives[name], 10, 64)
		require.NoError(t, err, name)
		*target = bytes
	}
	s.together = promisedTogether(t, stack.directory)
	s.saves = savingCommands(directives)
	s.evicts = directives["maxmemory-policy"] != string(refusesWrites)
	if len(s.replicas) > 0 {
		s.command("config", "set", "min-replicas-to-write", "0") // replicas are away on purpose, and late
	}
	lifetime := ""
	if strings.HasPrefix(directives["maxmemory-policy"], string(evictsExpiring)) {
		lifetime = "3600"
	}
	s.address = net.JoinHostPort(strings.Fields(s.inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"))[0], serverPort)
	herd, err := newHerd(s.address, s.password, s.maxmemory, lifetime, sizesLater.most)
	require.NoError(t, err)
	t.Cleanup(herd.close)
	s.herd = herd
	return s
}

var promise = regexp.MustCompile(`(one|\d+) clients? at once with the largest`)

// promisedTogether is how many clients the README lets use the largest value at
// the same moment.
func promisedTogether(t *testing.T, directory string) int {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(directory, "README.md"))
	require.NoError(t, err)
	found := promise.FindSubmatch(readme)
	require.NotNil(t, found, "the README does not say how many clients may use the largest value at once")
	if string(found[1]) == "one" {
		return 1
	}
	number, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return number
}

// savingCommands start the children that the server starts by itself.
func savingCommands(directives map[string]string) []string {
	var commands []string
	if directives["appendonly"] == "yes" {
		commands = append(commands, "bgrewriteaof")
	}
	if directives["save"] != "" {
		commands = append(commands, "bgsave")
	}
	return commands
}
