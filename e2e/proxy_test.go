package e2e

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const proxyService = generatedName + "-proxy"

// proxyNotices is how long the proxy may still pass a master that the majority
// of the sentinels names no more: until its next checks.
const proxyNotices = 2 * time.Second

// TestProxy lets a client that knows nothing but the proxy write while masters
// stop, die and hang: it is served by the new master, and by the former one no
// more. In the long form it is never served by a server that the majority of
// the sentinels does not name.
func TestProxy(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	prepareProxyImage(t)
	port := freePort(t)
	s := newGeneratedSet(t, releases(t)[0], fmt.Sprintf("proxy = true\npublish = \"127.0.0.1:%d\"\n", port))
	s.stack.requireSilentLint()
	checkProxySecrecy(s)
	checkPorts(s, port)

	where := &addresses{set: s}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	var said namings
	var background sync.WaitGroup
	background.Go(func() { said.watch(ctx, s, where) })
	client := &plainClient{address: fmt.Sprintf("127.0.0.1:%d", port), password: s.writer.password}
	background.Go(func() { client.write(ctx) })

	for _, fault := range []proxyFault{
		{"stopped", 6 * time.Second, func(leader string) { s.onContainers("stop", leader) }, "start"},
		{"killed", 12 * time.Second, func(leader string) { s.onContainers("kill", leader) }, "start"},
		{"hanging", 14 * time.Second, func(leader string) { s.onContainers("pause", leader) }, "unpause"},
	} {
		s.suffer(fault, client, where)
	}
	s.checkMinority(client, where)
	end()
	background.Wait()

	known := said.known()
	assert.Empty(t, overlaps(client.answers(), known, time.Time{}), "a former master answered after the next one had")
	if long {
		for _, one := range client.passed {
			assert.False(t, certainlyNot(one.node, known, one.sent.Add(-proxyNotices), one.replied), "%s answered at %s and was not the named master", one.node, one.replied.Format(clock))
		}
	}
	t.Logf("%d writes through the proxy, %d errors", len(client.served), client.failed)
}

// TestProxyPassesTLS lets a client that checks the proxy's name write while the
// master dies. The proxy asks servers and sentinels by TLS, with a certificate
// of its own, and knows no server under another name.
func TestProxyPassesTLS(t *testing.T) {
	sideBySide(t)
	asOneRow(t)
	prepareProxyImage(t)
	port := freePort(t)
	s := newGeneratedSet(t, releases(t)[0], fmt.Sprintf("proxy = true\npublish = \"127.0.0.1:%d\"\n[tls]\nauthority = \"development\"\nclients = \"certificate\"\n", port))
	s.stack.requireSilentLint()
	s.encryption = &tls.Config{RootCAs: s.trust(), Certificates: []tls.Certificate{s.certificate()}}
	where := &addresses{set: s}
	client := &plainClient{address: fmt.Sprintf("127.0.0.1:%d", port), password: s.writer.password, encryption: s.encryption.Clone()}
	client.encryption.ServerName = proxyService
	ctx, end := context.WithCancel(context.Background())
	defer end()
	var background sync.WaitGroup
	background.Go(func() { client.write(ctx) })
	s.suffer(proxyFault{"killed", 12 * time.Second, func(leader string) { s.onContainers("kill", leader) }, "start"}, client, where)
	end()
	background.Wait()
	proxy := s.stack.server(proxyService)
	assert.Equal(t, "0 600", strings.TrimSpace(mustRun(t, "", "docker", "exec", proxy.container, "stat", "-c", "%u %a", "/run/haproxy/client.pem")))
	plain := run(t, "", "PING\r\n", "docker", "exec", "--interactive", proxy.container, "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/6379; cat >&3; timeout 2 head -c 100 <&3")
	assert.Contains(t, []int{0, 124}, plain.status, "it was asked: %s", plain.stderr)
	assert.NotRegexp(t, "PONG|NOAUTH", plain.stdout)
}

// proxyFault is what happens to the master, for how long clients of the proxy
// may be without one (which the long form measures), and what brings it back.
type proxyFault struct {
	name    string
	longest time.Duration
	begin   func(leader string)
	end     string
}

// suffer lets the master have a fault and waits until another one serves the
// client. The former one is asked to write as it comes back.
func (s *set) suffer(fault proxyFault, client *plainClient, where *addresses) {
	t := s.stack.t
	t.Helper()
	s.awaitWhole(where)
	leader := s.master(where)
	eventually(t, "the proxy passes "+leader, func() bool { return client.latest().node == leader })
	began := time.Now()
	fault.begin(leader)
	eventually(t, "another master serves", func() bool { return client.latest().node != leader })
	s.onContainers(fault.end, leader)
	s.awaitWhole(where)
	returned := time.Now()
	eventually(t, "a whole set serves", func() bool { return client.latest().sent.After(returned) })
	gap := client.longestGap(began)
	t.Logf("master %s: %.1f s without a write", fault.name, gap.Seconds())
	if long {
		assert.Less(t, gap, fault.longest)
		assert.NotEqual(t, leader, client.latest().node, "the former master serves again")
	}
}

// checkMinority takes the majority of the sentinels away: nobody can say who
// leads, and nobody is served.
func (s *set) checkMinority(client *plainClient, where *addresses) {
	t := s.stack.t
	t.Helper()
	s.awaitWhole(where)
	failed := client.failures()
	s.onContainers("pause", s.sentinels[1:]...)
	eventually(t, "the proxy cuts its clients off", func() bool {
		return client.failures() > failed && time.Since(client.latest().replied) > time.Second
	})
	s.onContainers("unpause", s.sentinels[1:]...)
	back := time.Now()
	eventually(t, "the proxy passes a master again", func() bool { return client.latest().sent.After(back) })
}

// plainClient knows one address and writes there all the time.
type plainClient struct {
	address, password string
	encryption        *tls.Config // nil for plain text

	mu     sync.Mutex
	served []service // writes that a server said OK to
	passed []service // all that a server answered, errors included
	failed int
}

// service is what a server answered.
type service struct {
	sent, replied time.Time
	node          string
}

func (c *plainClient) write(ctx context.Context) {
	client := redis.NewClient(&redis.Options{
		Addr: c.address, Password: c.password, TLSConfig: c.encryption, PoolSize: 1, PipelinePoolSize: -1, MaxRetries: once, DialerRetries: 1, DisableIdentity: true,
		DialTimeout: dialTimeout, ReadTimeout: answerTimeout, WriteTimeout: answerTimeout, PoolTimeout: answerTimeout,
	})
	defer client.Close()
	for ; ctx.Err() == nil; pause(ctx, writePace) {
		one := service{sent: time.Now()}
		pipeline := client.Pipeline()
		written := pipeline.Set(context.Background(), "plain", "x", 0)
		name := pipeline.ConfigGet(context.Background(), "replica-announce-ip") // every server announces its service's name
		_, _ = pipeline.Exec(context.Background())                              // the commands say which of them failed
		one.replied = time.Now()
		one.node = name.Val()["replica-announce-ip"]
		c.mu.Lock()
		if one.node != "" {
			c.passed = append(c.passed, one)
		}
		if written.Err() == nil && one.node != "" {
			c.served = append(c.served, one)
		} else {
			c.failed++
		}
		c.mu.Unlock()
	}
}

// answers are what passed, as the acknowledgements of sets are judged.
func (c *plainClient) answers() []acknowledgement {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []acknowledgement
	for _, one := range c.passed {
		all = append(all, acknowledgement{node: one.node, sent: one.sent, replied: one.replied})
	}
	return all
}

func (c *plainClient) failures() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

func (c *plainClient) latest() service {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.served) == 0 {
		return service{}
	}
	return c.served[len(c.served)-1]
}

// longestGap is the longest time without a write since a moment.
func (c *plainClient) longestGap(since time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	longest, last := time.Duration(0), since
	for _, one := range c.served {
		if one.replied.After(since) {
			longest = max(longest, one.replied.Sub(last))
			last = one.replied
		}
	}
	return max(longest, time.Since(last))
}

// checkProxySecrecy looks for the passwords wherever Docker shows something of
// the proxy, and for root.
func checkProxySecrecy(s *set) {
	t := s.stack.t
	t.Helper()
	proxy := s.stack.server(proxyService)
	shown := proxy.inspect("{{json .}}") + proxy.processes() + proxy.logs() + mustRun(t, "", "docker", "exec", proxy.container, "env")
	for _, of := range []string{"health", "sentinel"} {
		password := s.stack.secret(of)
		assert.False(t, strings.Contains(shown, password) || strings.Contains(shown, fmt.Sprintf("%x", password)), "the password of %s is shown", of)
	}
	// A health check or the start program's watch may run beside it at this
	// very moment, as root.
	var users []string
	for _, process := range strings.Split(mustRun(t, "", "docker", "top", proxy.container, "-eo", "pid,uid,comm"), "\n") {
		if fields := strings.Fields(process); len(fields) == 3 && fields[2] == "haproxy" {
			users = append(users, fields[1])
		}
	}
	assert.Equal(t, []string{"99"}, users, "the user that HAProxy runs as")
	assert.Equal(t, "0 600", strings.TrimSpace(mustRun(t, "", "docker", "exec", proxy.container, "stat", "-c", "%u %a", "/run/haproxy/haproxy.cfg")))
}

// checkPorts finds the proxy's port where the intent says, and no other port of anybody.
func checkPorts(s *set, port int) {
	t := s.stack.t
	t.Helper()
	for _, service := range append(slices.Clone(s.services()), proxyService) {
		want := "map[]"
		if service == proxyService {
			want = fmt.Sprintf("map[6379/tcp:[{127.0.0.1 %d}]]", port)
		}
		assert.Equal(t, want, s.stack.server(service).inspect("{{.HostConfig.PortBindings}}"), service)
	}
}

var proxyReference = regexp.MustCompile(`image: (haproxy:\S+)`)

// prepareProxyImage gives the engine the image that generated files name.
func prepareProxyImage(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile("../fixtures/gen/sentinel-proxy/docker-compose.yml")
	require.NoError(t, err)
	reference := proxyReference.FindStringSubmatch(string(content))
	require.NotNil(t, reference)
	left := run(t, "", "", "engine/proxy", reference[1])
	require.Zero(t, left.status, "%s%s", left.stdout, left.stderr)
}

// latestPort is the port that freePort returned last: below those that the
// kernel gives to connections, and another one in each run.
var latestPort atomic.Int32

func init() { latestPort.Store(20000 + rand.Int32N(8000)) }

// freePort is one that nobody on this host listens on, and that no other test is given.
func freePort(t *testing.T) int {
	t.Helper()
	for range 1000 {
		port := int(latestPort.Add(1))
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			listener.Close()
			return port
		}
	}
	require.FailNow(t, "no free port")
	return 0
}
