package e2e

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// writers write at once, one key after another each.
	writers = 4
	// writePace is how long a writer takes for a write at least: two hundred a
	// second in all leave the machine to the servers.
	writePace = 20 * time.Millisecond
	// retryPause is how long a writer rests after a write that failed.
	retryPause = 100 * time.Millisecond
)

// acknowledgement is a write that the server answered with OK and that WAIT
// then said to be on enough replicas.
type acknowledgement struct {
	writer, sequence int
	sent, replied    time.Time
	node             string // the service that answered
}

func (a acknowledgement) key() string   { return fmt.Sprintf("written:%d:%d", a.writer, a.sequence) }
func (a acknowledgement) value() string { return strconv.Itoa(a.sequence) }

func (a acknowledgement) String() string {
	return fmt.Sprintf("%s, acknowledged by %s at %s", a.key(), a.node, a.replied.Format(clock))
}

// clock is how times are printed: to the millisecond, to be found in the servers' logs.
const clock = "15:04:05.000"

// startWriting lets the writers write until the context ends, and returns what
// waits for their end.
func (s *set) startWriting(ctx context.Context, where *addresses, into *ledger) (wait func()) {
	var running sync.WaitGroup
	for number := range writers {
		running.Go(func() {
			w := &writer{set: s, number: number}
			client := s.failoverClient(w.dialer(where))
			defer client.Close()
			w.work(ctx, client, into)
		})
	}
	return running.Wait
}

// writer writes increasing keys on one connection.
type writer struct {
	set      *set
	number   int
	answered atomic.Pointer[string] // the service whose connection was read last
}

func (w *writer) work(ctx context.Context, client *redis.Client, into *ledger) {
	pace := time.NewTicker(writePace)
	defer pace.Stop()
	for sequence := 0; ctx.Err() == nil; sequence++ {
		written, err := w.write(client, acknowledgement{writer: w.number, sequence: sequence})
		if err == nil {
			into.add(written)
		} else {
			pause(ctx, retryPause)
		}
		select {
		case <-pace.C:
		case <-ctx.Done():
		}
	}
}

// write sends SET and WAIT in one pipeline, which go-redis writes to one
// connection: WAIT speaks of the connection's own writes.
func (w *writer) write(client *redis.Client, next acknowledgement) (acknowledgement, error) {
	ctx := context.Background()
	pipeline := client.Pipeline()
	pipeline.Set(ctx, next.key(), next.value(), 0)
	reached := pipeline.Do(ctx, "wait", w.set.confirmations, confirmTimeout.Milliseconds())
	next.sent = time.Now()
	_, err := pipeline.Exec(ctx)
	next.replied = time.Now()
	if err != nil {
		return next, err
	}
	replicas, err := reached.Int()
	if err == nil && replicas < w.set.confirmations {
		err = fmt.Errorf("on %d replicas only", replicas)
	}
	next.node = *w.answered.Load()
	return next, err
}

// dialer marks the connections to servers with the service that they lead to.
func (w *writer) dialer(where *addresses) dialer {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		connection, service, err := where.dial(ctx, network, address)
		if err != nil || !w.set.isNode(service) {
			return connection, err
		}
		return &marked{Conn: connection, service: service, answered: &w.answered}, nil
	}
}

// marked is a connection that tells when its service answers.
type marked struct {
	net.Conn
	service  string
	answered *atomic.Pointer[string]
}

func (m *marked) Read(into []byte) (int, error) {
	n, err := m.Conn.Read(into)
	if n > 0 {
		m.answered.Store(&m.service)
	}
	return n, err
}

// pause waits, but not beyond the end of the context.
func pause(ctx context.Context, length time.Duration) {
	select {
	case <-time.After(length):
	case <-ctx.Done():
	}
}
