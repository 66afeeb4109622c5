package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// memoryLoad is what a server is asked to hold at once, and what that may end in.
type memoryLoad struct {
	name string
	run  func(*loadedServer) error
}

// memoryLoads go on where the one before ended: memory is full, and stays so.
var memoryLoads = []memoryLoad{
	{"filled", (*loadedServer).fill},
	{"sizes change", (*loadedServer).changeSizes},
	{"saved while all is rewritten", (*loadedServer).saveWhileRewritten},
	{"largest values", (*loadedServer).writeLargest},
	{"clients that do not read", (*loadedServer).readNothing},
	{"subscribers that do not read", (*loadedServer).subscribeSlowly},
	{"two replicas copy everything", (*loadedServer).copyToReplicas},
}

// The sizes of values: what an application begins with, and what it writes
// after a change.
var (
	sizesAtFirst = sizes{64, 4096}
	sizesLater   = sizes{200, 20000}
)

// loadedServer is a server under load and what it was told to keep to.
type loadedServer struct {
	*server
	address   string
	herd      *herd
	maxmemory int64
	saves     []string // commands that start a child
	largest   int64    // value
	clients   int64    // bytes of all clients' buffers
	together  int      // clients that may write or read the largest value at once
	evicts    bool
	replicas  []*server
	meters    meters   // of the server and its replicas
	started   []string // when they did
}

// containers are the server and its replicas.
func (s *loadedServer) containers() []*server { return append([]*server{s.server}, s.replicas...) }

// copyToReplicas has both replicas miss more than the master keeps for them,
// and come back at once. The copy is slow, and nearly as much is written
// meanwhile as may wait for a replica.
func (s *loadedServer) copyToReplicas() error {
	if len(s.replicas) == 0 {
		return nil
	}
	names := []string{s.replicas[0].container, s.replicas[1].container}
	mustRun(s.t, "", "docker", append([]string{"kill"}, names...)...)
	if err := errors.Join(s.fill(), s.herd.write(s.maxmemory, sizesLater)); err != nil {
		return err
	}
	before := s.information()["sync_full"]
	defer s.saveSlowly()()
	mustRun(s.t, "", "docker", append([]string{"start"}, names...)...)
	s.watchReplicasAnew()
	for deadline := time.Now().Add(patience); s.savingEnds(); {
		if err := s.herd.rewriteSome(); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return errors.New("no copy for the replicas began")
		}
	}
	if err := s.herd.rewriteMost(); err != nil {
		return err
	}
	eventually(s.t, "copies of both replicas", s.whole)
	after := s.information()["sync_full"]
	s.t.Logf("full copies: %s before, %s now", before, after)
	if after == before {
		return errors.New("no replica needed a full copy")
	}
	return nil
}

// watchReplicasAnew follows replicas whose containers were started again: the
// kernel has new accounts of them.
func (s *loadedServer) watchReplicasAnew() {
	for n, replica := range s.replicas {
		s.meters[1+n].close()
		s.meters[1+n] = newMeter(replica)
		s.started[1+n] = replica.start()
	}
}

// whole tells whether every replica has its copy and follows.
func (s *loadedServer) whole() bool {
	for _, replica := range s.replicas {
		if !strings.Contains(replica.ask("", "info", "replication").stdout, "master_link_status:up") {
			return false
		}
	}
	return true
}

// fill writes until the memory is full, and somewhat more.
func (s *loadedServer) fill() error {
	return s.herd.write(s.maxmemory*5/4, sizesAtFirst)
}

// changeSizes writes larger values than what makes room for them, until nothing
// is left of the others.
func (s *loadedServer) changeSizes() error {
	return s.herd.write(s.maxmemory*2, sizesLater)
}

// savingTime is how long a child takes at least, so that all data are written
// again before it ends, as on a slow disk.
const savingTime = 6 * time.Second

// saveSlowly has children take that long, until the function that it returns
// is called.
func (s *loadedServer) saveSlowly() (atLast func()) {
	keys, err := strconv.ParseInt(s.command("dbsize"), 10, 64)
	require.NoError(s.t, err)
	s.command("config", "set", "rdb-key-save-delay", strconv.FormatInt(savingTime.Microseconds()/max(keys, 1), 10))
	return func() { s.command("config", "set", "rdb-key-save-delay", "0") }
}

func (s *loadedServer) saveWhileRewritten() error {
	defer s.saveSlowly()()
	for _, save := range s.saves {
		s.startUnlessRunning(save)
		if err := s.herd.rewrite(); err != nil {
			return fmt.Errorf("%s: %w", save, err)
		}
		eventually(s.t, "end of "+save, s.savingEnds)
	}
	return nil
}

// savingEnds tells whether no child of the server is at work.
func (s *server) savingEnds() bool {
	state := s.ask("", "info", "persistence").stdout
	return strings.Contains(state, "rdb_bgsave") && !strings.Contains(state, "in_progress:1") && !strings.Contains(state, "scheduled:1")
}

// writeLargest has as many clients as are promised write the largest value at
// the same time, and then read one at the same time. All of it must be done.
func (s *loadedServer) writeLargest() error {
	value := strings.Repeat("v", int(s.largest))
	if err := s.makeRoom(3*s.largest*int64(s.together) + s.largest); err != nil {
		return err
	}
	for range 3 {
		if err := s.atOnce(func(w *wire, n int) error { return w.do("SET", "largest:"+strconv.Itoa(n), value, "EX", "600") }); err != nil {
			return fmt.Errorf("writing: %w", err)
		}
		if err := s.atOnce(func(w *wire, n int) error { return w.do("GET", "largest:"+strconv.Itoa(n)) }); err != nil {
			return fmt.Errorf("reading: %w", err)
		}
	}
	w, err := s.dial()
	if err != nil {
		return err
	}
	defer w.close()
	for n := range s.together {
		w.send("DEL", "largest:"+strconv.Itoa(n))
	}
	_, err = w.drain(nil)
	return err
}

// makeRoom deletes keys until that much is free, where the server does not make
// room by itself. Buffers of writers shrink when they are idle.
func (s *loadedServer) makeRoom(bytes int64) error {
	if s.evicts {
		return nil
	}
	if err := s.herd.each(func(w *herdWriter) error { return w.makeRoom(2 * bytes / busyWriters) }); err != nil {
		return err
	}
	eventually(s.t, "room for the largest values", func() bool {
		used, err := strconv.ParseInt(s.information()["used_memory"], 10, 64)
		return err == nil && used+bytes <= s.maxmemory
	})
	return nil
}

// atOnce has as many clients as may use the largest value do something at once.
func (s *loadedServer) atOnce(work func(*wire, int) error) error {
	var group errgroup.Group
	for n := range s.together {
		group.Go(func() error {
			w, err := s.dial()
			if err != nil {
				return err
			}
			defer w.close()
			return work(w, n)
		})
	}
	return group.Wait()
}

func (s *loadedServer) dial() (*wire, error) { return dialWire(s.address, s.password) }

const manyClients = 200

// readNothing has 200 clients ask for much and read nothing, while others
// write. The server disconnects them before they take its memory.
func (s *loadedServer) readNothing() error {
	w, err := s.dial()
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.do("SET", "asked", strings.Repeat("a", 16<<10), "EX", "600"); err != nil {
		return err
	}
	clients, err := s.idlers(func(w *wire, _ int) error {
		for range 4000 {
			w.send("GET", "asked")
		}
		return w.out.Flush()
	})
	defer closeAll(clients)
	if err != nil {
		return err
	}
	return s.herd.write(s.maxmemory/2, sizesLater)
}

// subscribeSlowly has 200 subscribers read nothing while much is published and
// keys are written.
func (s *loadedServer) subscribeSlowly() error {
	clients, err := s.idlers(func(w *wire, _ int) error { return w.do("SUBSCRIBE", "news") })
	defer closeAll(clients)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var group errgroup.Group
	group.Go(func() error {
		defer stop()
		return s.publish()
	})
	group.Go(func() error {
		for ctx.Err() == nil {
			if err := s.herd.write(s.maxmemory/8, sizesLater); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// publish sends the subscribers together four times what all clients may hold.
func (s *loadedServer) publish() error {
	w, err := s.dial()
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.do("CLIENT", "NO-EVICT", "ON"); err != nil {
		return err
	}
	message := strings.Repeat("m", 4<<10)
	for range 4 * s.clients / manyClients / int64(len(message)) {
		w.send("PUBLISH", "news", message)
		if w.waiting == writersBatch {
			if _, err := w.drain(nil); err != nil {
				return err
			}
		}
	}
	_, err = w.drain(nil)
	return err
}

// idlers connects many clients that each begin something and never read. That
// the server ends some of them is its right.
func (s *loadedServer) idlers(begin func(*wire, int) error) ([]*wire, error) {
	var clients []*wire
	for n := range manyClients {
		w, err := s.dial()
		if disconnected(err) {
			continue
		}
		if err != nil {
			return clients, err
		}
		clients = append(clients, w)
		// What is not read waits at the server, not on the way.
		w.connection.(*net.TCPConn).SetReadBuffer(4096)
		if err := begin(w, n); err != nil && !disconnected(err) {
			return clients, err
		}
	}
	return clients, nil
}

func closeAll(clients []*wire) {
	for _, w := range clients {
		w.close()
	}
}

// disconnected tells whether the other side ended a connection.
func disconnected(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}
