package e2e

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// meter watches the memory of a container that the kernel cannot take back: all
// that it counts, less the pages of files. Those that are not on the disk yet
// are counted beside: the kernel has to write them first.
type meter struct {
	limit                    int64  // bytes
	usage, statistics, kills string // files of the kernel

	mu        sync.Mutex
	now, peak reading
	failed    error

	stop    chan struct{}
	ended   sync.Once
	stopped sync.WaitGroup
}

// reading is a number of bytes, and the same with the pages that are not on the disk yet.
type reading struct{ held, withDirty int64 }

// meterPace is short beside the time in which a server can take a megabyte.
const meterPace = 10 * time.Millisecond

// newMeter starts watching the container of a server until the test ends.
func newMeter(s *server) *meter {
	s.t.Helper()
	m := &meter{limit: s.memoryLimit(), stop: make(chan struct{})}
	m.find(s.t, s.inspect("{{.State.Pid}}"))
	m.stopped.Go(m.watch)
	s.t.Cleanup(m.close)
	return m
}

// find asks the kernel where it keeps the accounts of a process: of version 1
// of cgroups or of version 2.
func (m *meter) find(t *testing.T, pid string) {
	t.Helper()
	groups, err := os.ReadFile(filepath.Join("/proc", pid, "cgroup"))
	require.NoError(t, err)
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		switch {
		case len(parts) == 3 && parts[1] == "memory":
			m.in(filepath.Join("/sys/fs/cgroup/memory", parts[2]), "memory.usage_in_bytes", "memory.oom_control")
			return
		case len(parts) == 3 && parts[1] == "" && m.usage == "":
			m.in(filepath.Join("/sys/fs/cgroup", parts[2]), "memory.current", "memory.events")
		}
	}
	require.NotEmpty(t, m.usage, "no accounts of memory in\n%s", groups)
}

func (m *meter) in(directory, usage, kills string) {
	m.usage = filepath.Join(directory, usage)
	m.statistics = filepath.Join(directory, "memory.stat")
	m.kills = filepath.Join(directory, kills)
}

func (m *meter) watch() {
	pace := time.NewTicker(meterPace)
	defer pace.Stop()
	for {
		now, err := m.read()
		m.mu.Lock()
		m.now = now
		m.peak = reading{max(m.peak.held, now.held), max(m.peak.withDirty, now.withDirty)}
		m.failed = err
		m.mu.Unlock()
		select {
		case <-pace.C:
		case <-m.stop:
			return
		}
	}
}

// read returns the bytes at this moment.
func (m *meter) read() (reading, error) {
	content, err := os.ReadFile(m.usage)
	if err != nil {
		return reading{}, err
	}
	usage, err := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64)
	if err != nil {
		return reading{}, err
	}
	fields, err := kernelFields(m.statistics)
	if err != nil {
		return reading{}, err
	}
	held := usage - fields["active_file"] - fields["inactive_file"]
	// The first two are of version 1, the others of version 2.
	dirty := fields["dirty"] + fields["writeback"] + fields["file_dirty"] + fields["file_writeback"]
	return reading{held, min(held+dirty, usage)}, nil
}

// kernelFields reads lines of a name and a number.
func kernelFields(path string) (map[string]int64, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fields := map[string]int64{}
	for line := range strings.Lines(string(content)) {
		words := strings.Fields(line)
		if len(words) != 2 {
			return nil, fmt.Errorf("%s: %q is no name and number", path, line)
		}
		if fields[words[0]], err = strconv.ParseInt(words[1], 10, 64); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// diskFollows tells whether the pages that are not on the disk yet are no more
// than what the kernel lets a container have with version 2 of cgroups: a fifth,
// vm.dirty_ratio, of what processes leave of the limit. It makes those wait that
// write more. With version 1 they may fill the limit, and the kernel kills then.
func (m *meter) diskFollows() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return (m.now.withDirty-m.now.held)*5 <= m.limit-m.now.held
}

// takePeak returns the most that was seen since it was last asked. Where the
// container is gone, it fails.
func (m *meter) takePeak() (reading, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	peak := m.peak
	m.peak = reading{}
	return peak, m.failed
}

// killed counts the processes that the kernel killed for their memory, a
// server's children included.
func (m *meter) killed() (int64, error) {
	fields, err := kernelFields(m.kills)
	return fields["oom_kill"], err
}

func (m *meter) close() {
	m.ended.Do(func() { close(m.stop) })
	m.stopped.Wait()
}

// meters are of all servers of a deployment.
type meters []*meter

// disksFollow tells whether the disks follow all servers.
func (all meters) disksFollow() bool {
	return !slices.ContainsFunc(all, func(m *meter) bool { return !m.diskFollows() })
}

// takePeak is that of the container that held most.
func (all meters) takePeak() (most reading, gone error) {
	for _, m := range all {
		peak, err := m.takePeak()
		most = reading{max(most.held, peak.held), max(most.withDirty, peak.withDirty)}
		gone = cmp.Or(gone, err)
	}
	return most, gone
}

// killed counts in all containers.
func (all meters) killed() (sum int64, gone error) {
	for _, m := range all {
		killed, err := m.killed()
		sum += killed
		gone = cmp.Or(gone, err)
	}
	return sum, gone
}
