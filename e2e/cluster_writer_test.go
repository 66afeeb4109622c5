package e2e

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// clusterWriting is the work of clients that write to all masters of a cluster.
type clusterWriting struct {
	cluster *cluster
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu           sync.Mutex
	acknowledged []clusterWrite
}

// clusterWrite is a write that was answered, and then confirmed by the replica
// of its master.
type clusterWrite struct {
	key     string
	replied time.Time
}

const clusterWriters = 6

func (c *cluster) startWriting() *clusterWriting {
	ctx, cancel := context.WithCancel(context.Background())
	w := &clusterWriting{cluster: c, cancel: cancel}
	for number := range clusterWriters {
		w.running.Go(func() { w.work(ctx, number) })
	}
	c.stack.t.Cleanup(func() { w.stop() })
	return w
}

// client returns a client that goes where the cluster sends it.
func (c *cluster) client() *redis.ClusterClient {
	var nodes []string
	for _, node := range c.nodes() {
		nodes = append(nodes, net.JoinHostPort(node, serverPort))
	}
	return redis.NewClusterClient(&redis.ClusterOptions{
		Addrs:           nodes,
		Password:        c.password("redis"),
		Dialer:          c.dial,
		DialTimeout:     dialTimeout,
		DialerRetries:   1,
		ReadTimeout:     answerTimeout,
		WriteTimeout:    answerTimeout,
		PoolTimeout:     answerTimeout,
		MaxRetries:      once,
		MaxRedirects:    once,
		PoolSize:        1,
		DisableIdentity: true,

		MaintNotificationsConfig: withoutLookups(),
	})
}

// dial connects to a node by its name, which means nothing on the host, at its
// present address.
func (c *cluster) dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if net.ParseIP(name) == nil {
		output, err := dockerOutput("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", c.container(name))
		places := strings.Fields(output)
		if err != nil || len(places) == 0 {
			return nil, fmt.Errorf("%s does not run", name)
		}
		name = places[0]
	}
	// The time that the engine took to answer is not the node's.
	return (&net.Dialer{Timeout: dialTimeout}).DialContext(context.WithoutCancel(ctx), network, net.JoinHostPort(name, port))
}

// work writes keys to all slots, one every 20 ms at most.
func (w *clusterWriting) work(ctx context.Context, number int) {
	client := w.cluster.client()
	defer client.Close()
	for sequence := 0; ctx.Err() == nil; sequence++ {
		key := fmt.Sprintf("written:%d:%d", number, sequence)
		if err := writeConfirmed(client, key, strconv.Itoa(sequence)); err != nil {
			client.ReloadState(ctx)
			pause(ctx, 100*time.Millisecond)
			continue
		}
		w.mu.Lock()
		w.acknowledged = append(w.acknowledged, clusterWrite{key: key, replied: time.Now()})
		w.mu.Unlock()
		pause(ctx, 20*time.Millisecond)
	}
}

// writeConfirmed sends SET and WAIT 1 over one connection to the key's master:
// WAIT speaks of the connection's own writes.
func writeConfirmed(client *redis.ClusterClient, key, value string) error {
	ctx := context.Background()
	master, err := client.MasterForKey(ctx, key)
	if err != nil {
		return err
	}
	pipeline := master.Pipeline()
	pipeline.Set(ctx, key, value, 0)
	reached := pipeline.Do(ctx, "wait", 1, confirmTimeout.Milliseconds())
	if _, err := pipeline.Exec(ctx); err != nil {
		return err
	}
	if replicas, err := reached.Int(); err != nil || replicas < 1 {
		return fmt.Errorf("on %d replicas: %w", replicas, err)
	}
	return nil
}

func (w *clusterWriting) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acknowledged)
}

// goesOn waits until some more writes are acknowledged, and returns how many there are.
func (w *clusterWriting) goesOn(t *testing.T, when string) (count int) {
	t.Helper()
	before := w.count()
	eventually(t, "writes are acknowledged, "+when, func() bool {
		count = w.count()
		return count >= before+20
	})
	return count
}

// soFar returns what is acknowledged until now.
func (w *clusterWriting) soFar() []clusterWrite {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.acknowledged)
}

// longestGap is the longest time since a moment in which nothing was acknowledged.
func (w *clusterWriting) longestGap(since time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var longest time.Duration
	last := since
	for _, one := range w.acknowledged {
		if one.replied.After(since) {
			longest = max(longest, one.replied.Sub(last))
			last = one.replied
		}
	}
	return max(longest, time.Since(last))
}

// stop ends the writers and returns what was acknowledged.
func (w *clusterWriting) stop() []clusterWrite {
	w.cancel()
	w.running.Wait()
	return w.acknowledged
}

// readPatiently asks again while a busy machine does not answer in time:
// reading a key twice changes nothing.
func readPatiently(client *redis.ClusterClient, key string) (string, error) {
	for deadline := time.Now().Add(patience); ; {
		value, err := client.Get(context.Background(), key).Result()
		if err == nil || err == redis.Nil || time.Now().After(deadline) {
			return value, err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// missing returns the acknowledged keys that the cluster does not have with their values.
func (c *cluster) missing(t *testing.T, acknowledged []clusterWrite) []string {
	t.Helper()
	client := c.client()
	defer client.Close()
	var lost []string
	for _, one := range acknowledged {
		value, err := readPatiently(client, one.key)
		if err != nil && err != redis.Nil {
			require.NoError(t, err, one.key)
		}
		if err == redis.Nil || !strings.HasSuffix(one.key, ":"+value) {
			lost = append(lost, one.key)
		}
	}
	return lost
}
