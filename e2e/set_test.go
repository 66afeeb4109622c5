package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGeneratedSet holds a set as gen writes it to what rcomp and its README say of it.
func TestGeneratedSet(t *testing.T) {
	sideBySide(t)
	oneRelease(t, 1, func(t *testing.T, release release) {
		s := newGeneratedSet(t, release)
		checkSetConfiguration(s)
		checkUsers(s)
		checkSetSecrecy(s)
		checkPersistenceAfterFailover(s)
	})
}

// TestRunbook types what the README of a set tells people to type.
func TestRunbook(t *testing.T) {
	sideBySide(t)
	oneRelease(t, 0, func(t *testing.T, release release) { checkRunbook(newGeneratedSet(t, release)) })
}

func checkSetConfiguration(s *set) {
	t := s.stack.t
	t.Helper()
	said := s.stack.inspectAll()
	for _, node := range s.nodes {
		// Who leads is decided when a server starts, and passwords are in no
		// file that is committed.
		compareConfiguration(t, said[node], s.admin(node).configuration(), "masterauth", "replicaof", "replica-priority")
	}
}

// admin is a server, asked as the user for applications, which may do everything.
func (s *set) admin(node string) *server { return s.stack.server(node).withPassword(s.writer.password) }

// checkUsers lets each user of a server try what it is for, and what it is not.
func checkUsers(s *set) {
	t := s.stack.t
	t.Helper()
	users := map[string]struct{ may, mayNot []string }{
		"health": {
			[]string{"ping", "info replication", "role"},
			[]string{"get x", "set x 1", "config get dir", "acl list", "keys *", "client list", "replicaof no one", "publish a b", "shutdown"},
		},
		"replica": {
			[]string{"ping", "replconf capa eof"},
			[]string{"get x", "set x 1", "config get dir", "info", "acl list", "replicaof no one", "publish a b", "shutdown"},
		},
		"monitor": {
			[]string{"ping", "info replication", "role", "client setname x", "publish __sentinel__:hello x"},
			[]string{"get x", "set x 1", "config get dir", "config set dir /", "acl list", "keys *", "client list", "publish other x", "shutdown", "flushall", "eval return 0"},
		},
		"operator": {[]string{"ping", "config get dir", "client list", "acl whoami", "dbsize"}, nil},
	}
	for user, tries := range users {
		server := s.stack.server(s.nodes[1]).withPassword(s.stack.secret(user))
		server.tries(user, tries.may, tries.mayNot)
		assert.NotContains(t, server.withPassword("wrong").ask("", "--user", user, "ping").stdout, "PONG")
	}
	assert.Contains(t, s.stack.server(s.nodes[0]).ask("", "ping").stdout, "NOAUTH", "without a password")
	assert.Contains(t, s.stack.server(s.sentinels[0]).ask("", "-p", sentinelPort, "ping").stdout, "NOAUTH", "a sentinel without a password")
}

// secret returns one of the project's passwords.
func (s *stack) secret(of string) string {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.directory, "secrets", of+"-password"))
	require.NoError(s.t, err)
	return strings.TrimSpace(string(content))
}

// checkSetSecrecy looks for every password wherever Docker shows something of a
// container.
func checkSetSecrecy(s *set) {
	t := s.stack.t
	t.Helper()
	shown := map[string]string{"docker compose config": s.stack.mustCompose("config"), "docker compose logs": s.stack.mustCompose("logs")}
	for _, service := range s.services() {
		server := s.stack.server(service)
		shown["docker inspect "+service] = server.inspect("{{json .}}")
		for range 5 { // start programs ask every second
			shown["docker top "+service] += server.processes()
		}
	}
	secrets, err := filepath.Glob(filepath.Join(s.stack.directory, "secrets", "*-password"))
	require.NoError(t, err)
	require.Len(t, secrets, 6)
	for _, path := range secrets {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		for where, text := range shown {
			assert.False(t, strings.Contains(text, strings.TrimSpace(string(content))), "%s stands in %s", filepath.Base(path), where)
		}
	}
}

// checkPersistenceAfterFailover lets the sentinels rewrite every server's
// configuration, which must not change what it keeps.
func checkPersistenceAfterFailover(s *set) {
	t := s.stack.t
	t.Helper()
	persistence := func(node string) []string {
		var values []string
		for _, directive := range []string{"save", "appendonly", "appendfsync", "min-replicas-to-write", "maxmemory-policy"} {
			values = append(values, s.admin(node).command("config", "get", directive))
		}
		return values
	}
	before := persistence(s.nodes[0])
	where := &addresses{set: s}
	s.awaitWhole(where)
	leader := s.master(where)
	s.onContainers("stop", leader)
	s.awaitAnother(leader, where)
	s.onContainers("start", leader)
	s.awaitWhole(where)
	assert.NotEqual(t, leader, s.master(where))
	for _, node := range s.nodes {
		assert.Equal(t, before, persistence(node), node)
	}
}

// awaitWhole waits until there is one master, every replica follows it and the
// sentinels agree.
func (s *set) awaitWhole(where *addresses) {
	s.stack.t.Helper()
	eventuallyWhole(s.stack.t, "the set is whole", func() error { return s.whole(where) })
}

// awaitAnother waits until every sentinel names another master than the former one.
func (s *set) awaitAnother(former string, where *addresses) {
	s.stack.t.Helper()
	var clients []*redis.SentinelClient
	for _, sentinel := range s.sentinels {
		client := s.sentinelClient(sentinel, where.plainly)
		defer client.Close()
		clients = append(clients, client)
	}
	eventually(s.stack.t, "all sentinels name another master than "+former, func() bool {
		return !slices.ContainsFunc(s.namedBy(clients, where), func(named string) bool { return named == "" || named == former })
	})
}

// commandBlock is what a README tells people to type.
var commandBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// checkRunbook types everything that the README tells people to type, in its order.
func checkRunbook(s *set) {
	t := s.stack.t
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.stack.directory, "README.md"))
	require.NoError(t, err)
	blocks := commandBlock.FindAllStringSubmatch(string(content), -1)
	require.GreaterOrEqual(t, len(blocks), 7)
	where := &addresses{set: s}
	s.admin(s.master(where)).command("set", "kept", "before the backup")
	for _, block := range blocks {
		typed(t, s.stack.directory, block[1], "COMPOSE_PROJECT_NAME="+s.stack.project)
		s.awaitWhole(where)
		if former := s.writer.password; strings.Contains(block[1], "acl setuser") {
			s.writer.password = s.stack.secret("redis")
			require.NotEqual(t, former, s.writer.password)
			for _, password := range []string{former, s.writer.password} {
				assert.Equal(t, "PONG", s.stack.server(s.master(where)).withPassword(password).command("ping"), "two passwords at once")
			}
		}
	}
	assert.Equal(t, "before the backup", s.admin(s.master(where)).command("get", "kept"), "restored")
}

// master is who leads.
func (s *set) master(where *addresses) string {
	s.stack.t.Helper()
	var leader string
	eventuallyWhole(s.stack.t, "the sentinels agree", func() (lacks error) {
		leader, lacks = s.agreed(where)
		return lacks
	})
	return leader
}

// TestStartOrders starts a set in random orders, fresh and with data: Compose
// promises none.
func TestStartOrders(t *testing.T) {
	sideBySide(t)
	count := numberFrom(t, "RCOMP_START_ORDERS", map[bool]uint64{true: 30, false: 1}[long])
	seed := numberFrom(t, "RCOMP_FAULT_SEED", 1)
	t.Logf("RCOMP_FAULT_SEED=%d RCOMP_START_ORDERS=%d", seed, count)
	var orders []string
	for n := range count {
		orders = append(orders, fmt.Sprintf("seed %d, order %d", seed, n))
	}
	left := unfinished(t, orders)
	s := newGeneratedSet(t, releases(t)[0])
	for n, order := range orders {
		if !left[order] {
			continue
		}
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		s.stack.down("--volumes", "--timeout", "0")
		s.stack.mustCompose("create")
		began := time.Now()
		leader := s.startInOrder(random)
		fresh := time.Since(began)
		assert.Equal(t, s.nodes[0], leader, "a fresh set is led by its first server")
		value := fmt.Sprint("of start ", n)
		s.admin(leader).command("set", "kept", value)
		eventually(t, "both replicas have it", func() bool { return s.admin(leader).command("wait", "2", "5000") == "2" })
		s.onContainers("kill", s.services()...)
		again := time.Now()
		leader = s.startInOrder(random)
		existing := time.Since(again)
		for _, node := range s.nodes {
			assert.Equal(t, value, s.admin(node).command("get", "kept"), node)
		}
		finishRow(t, order, began, "a fresh set in %.1f s, an existing set in %.1f s, led by %s", fresh.Seconds(), existing.Seconds(), leader)
	}
}

// startInOrder starts every container in a random order with random times
// between, and returns who leads.
func (s *set) startInOrder(random *rand.Rand) string {
	s.stack.t.Helper()
	services := slices.Clone(s.services())
	random.Shuffle(len(services), func(a, b int) { services[a], services[b] = services[b], services[a] })
	for _, service := range services {
		s.onContainers("start", service)
		time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
	}
	where := &addresses{set: s}
	s.awaitWhole(where)
	leader := s.master(where)
	masters := 0
	for _, node := range s.nodes {
		var fields map[string]string
		eventuallyWhole(s.stack.t, node+" answers", func() (lacks error) {
			fields, lacks = s.replication(node, where)
			return lacks
		})
		if fields["role"] == "master" {
			masters++
		}
	}
	assert.Equal(s.stack.t, 1, masters, "masters")
	return leader
}
