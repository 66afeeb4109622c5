package e2e

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestResync takes the volume of a replica away while much is written and the
// master rewrites its file: the replica must come back whole, and not begin its
// copy again and again.
func TestResync(t *testing.T) {
	oneRelease(t, 0, checkResync)
}

const (
	// resyncPace is how many writes a second there are. The gate's machine may
	// not do as many; it does what it can.
	resyncPace = 20000
	// mostFullCopies is how many full copies a replica may need that lost everything.
	mostFullCopies = 2
)

// resyncTime is how long it may take in the long form until the replica follows
// again. The gate decides by the number of copies alone.
const resyncTime = time.Minute

func checkResync(t *testing.T, release release) {
	t.Helper()
	s := newLoadedServer(t, memoryCell{"database", "256M", "replicated", release})
	require.NoError(t, s.herd.write(s.maxmemory, sizes{64, 512}))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	written := make(chan int)
	go func() { written <- s.writeSteadily(ctx) }()
	before := s.fullCopies()
	replica := s.replicas[1]
	mustRun(t, "", "docker", "exec", replica.container, "sh", "-c", "rm -rf /data/*")
	mustRun(t, "", "docker", "kill", replica.container)
	s.startUnlessRunning("bgrewriteaof")
	mustRun(t, "", "docker", "start", replica.container)
	began := time.Now()
	eventually(t, "the replica follows again", func() bool {
		if !strings.Contains(s.ask("", "info", "persistence").stdout, "in_progress:1") {
			s.ask("", "bgrewriteaof") // one after the other
		}
		return strings.Contains(replica.ask("", "info", "replication").stdout, "master_link_status:up")
	})
	took := time.Since(began)
	copies := s.fullCopies() - before
	stop()
	t.Logf("whole after %.1f s, %d full copies, %d writes a second", took.Seconds(), copies, <-written)
	if long {
		assert.LessOrEqual(t, took, resyncTime)
	}
	assert.Positive(t, copies, "an empty replica needs a full copy")
	assert.LessOrEqual(t, copies, mostFullCopies)
	assert.Equal(t, "0", s.outOfMemoryKills())
	eventually(t, "the same keys", func() bool { return s.command("dbsize") == replica.command("dbsize") })
}

// fullCopies is how many the master has begun.
func (s *loadedServer) fullCopies() int {
	count, err := strconv.Atoi(s.information()["sync_full"])
	require.NoError(s.t, err)
	return count
}

// writeSteadily overwrites keys at the pace until the context ends, and returns
// how many a second it wrote. What it could not do in time it does later.
func (s *loadedServer) writeSteadily(ctx context.Context) int {
	began, total := time.Now(), 0
	for ; ctx.Err() == nil; total += busyWriters * writersBatch {
		time.Sleep(time.Until(began.Add(time.Duration(total) * time.Second / resyncPace)))
		if err := s.herd.each(func(w *herdWriter) error { return w.overwrite(w.some()) }); err != nil {
			assert.NoError(s.t, err)
			break
		}
	}
	return int(float64(total) / time.Since(began).Seconds())
}
