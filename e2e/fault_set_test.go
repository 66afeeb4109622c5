package e2e

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// set is a master with its replicas and their sentinels in one Compose project,
// and what the fault harness must know of them. Sentinels may announce a server
// by its service's name or by its address.
type set struct {
	stack      *stack
	image      string   // of the servers, for helper containers
	nodes      []string // services of the servers, each of which can become the master
	sentinels  []string // services of the sentinels
	masterName string   // as the sentinels call the master

	writer   login // may SET, GET, MGET and WAIT on a server
	observer login // may INFO on a server
	sentinel login // may ask a sentinel

	// encryption is how clients speak TLS, nil for plain text.
	encryption *tls.Config
	// confirmations is how many replicas WAIT must report before a write counts
	// as acknowledged.
	confirmations int
	// data is the directory in a server's container where its volume is mounted.
	data string
	// startElsewhere creates and starts the removed container of a service
	// again, with other addresses than it had.
	startElsewhere func(service string, former []attachment)
	// movesWhole tells that startElsewhere stops all others first.
	movesWhole bool
	// renew makes the set again from nothing. It is nil where a fault that does
	// not heal by itself fails the test.
	renew func()
}

// login is who a client says it is; an empty user is the default user.
type login struct{ user, password string }

const (
	serverPort   = "6379"
	sentinelPort = "26379"
)

// confirmTimeout is how long WAIT waits; dialTimeout and answerTimeout, of
// every client, are those of the form.
const confirmTimeout = 500 * time.Millisecond

// once says to go-redis that it shall not try a command again: a second try
// could be what was acknowledged.
const once = -1

// withoutLookups keeps a client from asking the machine's resolver for the
// address behind a server's name, which it does when it connects, to find out
// whether the server is a cloud's. Where the resolver takes its time, a returned
// server would not be asked in its first seconds, and a set that is whole would
// seem to lack somebody. Failover clients do not ask.
func withoutLookups() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// dialer connects to host:port as a sentinel or the harness names it.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func (s *set) services() []string { return slices.Concat(s.nodes, s.sentinels) }

// isNode says whether a service is a server, not a sentinel or a stranger.
func (s *set) isNode(service string) bool { return slices.Contains(s.nodes, service) }

func (s *set) container(service string) string { return s.stack.server(service).container }

// containers returns the containers of services, in their order.
func (s *set) containers(services ...string) []string {
	var names []string
	for _, service := range services {
		names = append(names, s.container(service))
	}
	return names
}

// failoverClient returns a client with one connection to the master that the
// sentinels name.
func (s *set) failoverClient(dial dialer) *redis.Client {
	var sentinels []string
	for _, service := range s.sentinels {
		sentinels = append(sentinels, net.JoinHostPort(service, sentinelPort))
	}
	return redis.NewFailoverClient(&redis.FailoverOptions{
		MasterName:       s.masterName,
		SentinelAddrs:    sentinels,
		SentinelUsername: s.sentinel.user,
		SentinelPassword: s.sentinel.password,
		Username:         s.writer.user,
		Password:         s.writer.password,
		Dialer:           dial,
		DialTimeout:      dialTimeout,
		DialerRetries:    1,
		ReadTimeout:      answerTimeout,
		WriteTimeout:     answerTimeout,
		PoolTimeout:      answerTimeout,
		MaxRetries:       once,
		PoolSize:         1,
		PipelinePoolSize: -1, // pipelines share that connection
		DisableIdentity:  true,
	})
}

// directOptions are the options of a client that asks one service, whatever the
// sentinels say.
func (s *set) directOptions(service, port string, as login, dial dialer) *redis.Options {
	return &redis.Options{
		Addr:             net.JoinHostPort(service, port),
		Username:         as.user,
		Password:         as.password,
		Dialer:           dial,
		DialTimeout:      dialTimeout,
		DialerRetries:    1,
		ReadTimeout:      answerTimeout,
		WriteTimeout:     answerTimeout,
		PoolTimeout:      answerTimeout,
		MaxRetries:       once,
		PoolSize:         1,
		PipelinePoolSize: -1,
		DisableIdentity:  true,

		MaintNotificationsConfig: withoutLookups(),
	}
}

// node returns a client of one server.
func (s *set) node(service string, as login, dial dialer) *redis.Client {
	return redis.NewClient(s.directOptions(service, serverPort, as, dial))
}

// sentinelClient returns a client of one sentinel.
func (s *set) sentinelClient(service string, dial dialer) *redis.SentinelClient {
	return redis.NewSentinelClient(s.directOptions(service, sentinelPort, s.sentinel, dial))
}
