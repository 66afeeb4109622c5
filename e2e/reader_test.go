package e2e

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
)

// reader reads one key again and again from whichever of some servers answers,
// as an application does while somebody moves its data.
type reader struct {
	t       *testing.T
	servers []*server
	want    string

	port       string
	encryption *tls.Config // nil for plain text

	answers int
	wrong   []string // answers that were no error and not the value

	stopping context.CancelFunc
	stopped  sync.WaitGroup
}

// readKey is the key that a reader reads.
const readKey = "key:1"

// readPause lies between two questions. To look for a server that is gone takes
// a program, and a second.
const (
	readPause = 50 * time.Millisecond
	lookPause = time.Second
)

// startReading reads without TLS until the reader is stopped.
func startReading(t *testing.T, want string, servers ...*server) *reader {
	return (&reader{t: t, servers: servers, want: want, port: serverPort}).start()
}

func (r *reader) start() *reader {
	ctx, stop := context.WithCancel(context.Background())
	r.stopping = stop
	r.stopped.Go(func() {
		for ctx.Err() == nil {
			for _, one := range r.servers {
				r.readFrom(ctx, one)
			}
			time.Sleep(lookPause)
		}
	})
	r.t.Cleanup(stop)
	return r
}

// readFrom reads from a server as long as it answers.
func (r *reader) readFrom(ctx context.Context, from *server) {
	found, _ := dockerOutput("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", from.container)
	address, _, _ := strings.Cut(strings.TrimSpace(found), " ")
	if address == "" {
		return
	}
	client := redis.NewClient(&redis.Options{Addr: net.JoinHostPort(address, r.port), TLSConfig: r.encryption, Password: from.password, PoolSize: 1, MaxRetries: once, DisableIdentity: true,
		DialTimeout: dialTimeout, ReadTimeout: answerTimeout})
	defer client.Close()
	for ctx.Err() == nil {
		value, err := client.Get(ctx, readKey).Result()
		switch {
		case errors.Is(err, redis.Nil):
			r.wrong = append(r.wrong, "no such key in "+from.container)
		case err != nil:
			return // it starts, stops or is gone
		case value != r.want:
			r.wrong = append(r.wrong, value)
		}
		r.answers++
		time.Sleep(readPause)
	}
}

// stop ends the reading, and holds what was read to the value.
func (r *reader) stop() {
	r.t.Helper()
	r.stopping()
	r.stopped.Wait()
	assert.Empty(r.t, r.wrong, "who reads is refused for a while, and is never told that nothing is there")
	assert.Positive(r.t, r.answers)
}
