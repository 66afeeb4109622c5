package inspect_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/inspect"
)

// serverWith is a server of Redis 7.2 with a command.
func serverWith(command string) string {
	return "services:\n  cache:\n    image: redis:7.2\n    command: " + command + "\n"
}

// withACL is a server that reads an ACL file, and is given a password too.
func withACL(file string) string {
	return serverWith("redis-server --aclfile /users.acl --requirepass x") +
		"    volumes: [./users.acl:/users.acl]\n-- users.acl --\n" + file
}

// Who is let in, as Redis 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2 did it.
func TestAccess(t *testing.T) {
	for _, c := range []struct {
		name, project string
		want          inspect.Access
	}{
		{"nothing is set", serverWith("redis-server"), inspect.Open},
		{"password", serverWith("redis-server --requirepass x"), inspect.Closed},
		{"empty password", serverWith("redis-server --requirepass ''"), inspect.Open},
		{"password of a variable", serverWith("redis-server --requirepass ${P}"), inspect.Closed},
		{"two empty variables", serverWith("redis-server --masterauth ${P} --requirepass ${P}") + "-- .env --\nP=\n", inspect.Open},
		{"unknown conf", serverWith("redis-server /c.conf") + "    volumes: [conf:/c.conf]\nvolumes: {conf: }\n", inspect.AccessUnknown},
		{"unknown conf and a password", serverWith("redis-server /c.conf --requirepass x") + "    volumes: [conf:/c.conf]\nvolumes: {conf: }\n", inspect.Closed},
		{"ACL file without the default user", withACL("user alice on >a ~* +@all\n"), inspect.Open},
		{"ACL file that opens", withACL("user default on nopass ~* +@all\n"), inspect.Open},
		{"ACL file that closes", withACL("user default on >a ~* +@all\n"), inspect.Closed},
		{"ACL file that turns it off", withACL("user alice on >a ~* +@all\nuser default off\n"), inspect.Closed},
		{"ACL file below dir", serverWith("redis-server --dir /etc --aclfile users.acl") + "    volumes: [./users.acl:/etc/users.acl]\n-- users.acl --\nuser default on >a ~* +@all\n", inspect.Closed},
		{"ACL file below an unknown dir", serverWith("redis-server --dir ${D} --aclfile users.acl") + "    volumes: [./users.acl:/data/users.acl]\n-- users.acl --\nuser default on >a ~* +@all\n", inspect.AccessUnknown},
		{"ACL file that is not known", serverWith("redis-server --aclfile /users.acl") + "    volumes: [users:/users.acl]\nvolumes: {users: }\n", inspect.AccessUnknown},
		{"default user off", serverWith(`["redis-server", "--user default off"]`), inspect.Closed},
		{"default user with a password", serverWith(`["redis-server", "--user default on >a ~* +@all", "--requirepass b"]`), inspect.Closed},
		{"default user without one", serverWith(`["redis-server", "--user default on nopass ~* +@all"]`), inspect.Open},
		{"other users alone", serverWith(`["redis-server", "--user alice on >a ~* +@all"]`), inspect.Open},
		{"other users and a password", serverWith(`["redis-server", "--user alice on >a ~* +@all", "--requirepass b"]`), inspect.Closed},
		{"password taken back", serverWith(`["redis-server", "--user default on >a nopass ~* +@all"]`), inspect.Open},
		{"password after nopass", serverWith(`["redis-server", "--user default on nopass >a ~* +@all"]`), inspect.Closed},
		{"default user that may do next to nothing", serverWith(`["redis-server", "--user default on nopass +ping"]`), inspect.AccessUnknown},
		{"default user of a variable", serverWith(`["redis-server", "--user default off", "--user", "alice", "on", ">${P}"]`), inspect.Closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, service(t, c.project).Access())
		})
	}
}

// Protected mode and bind, as servers of 6.2 and 7.0 took them.
func TestReachable(t *testing.T) {
	stack := "services:\n  cache:\n    image: redis/redis-stack-server:7.2.0-v10\n    command: "
	for _, c := range []struct {
		name, project string
		want          bool
	}{
		{"nothing is set", serverWith("redis-server"), true},
		{"loopback", serverWith("redis-server --bind 127.0.0.1"), false},
		{"loopback twice", serverWith("redis-server --bind 127.0.0.1 -::1"), false},
		{"loopback by name", serverWith("redis-server --bind localhost"), false},
		{"everything", serverWith("redis-server --bind 0.0.0.0"), true},
		{"loopback and another", serverWith("redis-server --bind 127.0.0.1 10.0.0.3"), true},
		{"an address that is not known", serverWith("redis-server --bind ${ADDRESS}"), false},
		{"protected", serverWith("redis-server --protected-mode yes"), false},
		{"protected with a password", serverWith("redis-server --protected-mode yes --requirepass x"), true},
		{"protected and bound before 7.0", "services: {cache: {image: 'redis:6.2', command: redis-server --protected-mode yes --bind 0.0.0.0}}\n", true},
		{"no network", serverWith("redis-server") + "    network_mode: none\n", false},
		{"no port", serverWith("redis-server --port 0 --unixsocket /s"), false},
		{"TLS only", serverWith("redis-server --port 0 --tls-port 6379"), true},
		{"not protected", serverWith("redis-server --protected-mode no"), true},
		{"bare redis-stack", stack + "redis-stack-server\n", false},
		{"redis-stack", stack + "/entrypoint.sh\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, service(t, c.project).Reachable())
		})
	}
}

func TestPorts(t *testing.T) {
	type port struct {
		Text, Container, Address string
		Known, Everywhere        bool
		Variable                 string
		Line, Column             int
	}
	for _, c := range []struct {
		written string
		want    port
	}{
		{`"6379:6379"`, port{"6379:6379", "6379", "", true, true, "", 5, 9}},
		{`6379`, port{"6379", "6379", "", true, true, "", 5, 9}},
		{`"127.0.0.1:6379:6379"`, port{"127.0.0.1:6379:6379", "6379", "127.0.0.1", true, false, "", 5, 9}},
		{`"127.0.0.1::6379"`, port{"127.0.0.1::6379", "6379", "127.0.0.1", true, false, "", 5, 9}},
		{`"0.0.0.0:16379:6379/tcp"`, port{"0.0.0.0:16379:6379/tcp", "6379", "0.0.0.0", true, true, "", 5, 9}},
		{`"[::1]:6379:6379"`, port{"[::1]:6379:6379", "6379", "::1", true, false, "", 5, 9}},
		{`"[::]:6379:6379"`, port{"[::]:6379:6379", "6379", "::", true, true, "", 5, 9}},
		{`"${PORT}:6379"`, port{"${PORT}:6379", "6379", "", false, false, "${PORT}", 5, 9}},
		{`"${PORT:-}:6379"`, port{"${PORT}:6379", "6379", "", false, false, "${PORT}", 5, 9}},
		{`"${ADDRESS}:6379:6379"`, port{"${ADDRESS}:6379:6379", "6379", "${ADDRESS}", false, false, "", 5, 9}},
		{`"${PORTS}"`, port{"${PORTS}", "${PORTS}", "${PORTS}", false, false, "", 5, 9}},
		{`"${PORT:-6380}:6379"`, port{"6380:6379", "6379", "", true, true, "", 5, 9}},
		{`"127.0.0.1:${PORT}:6379"`, port{"127.0.0.1:${PORT}:6379", "6379", "127.0.0.1", true, false, "", 5, 9}},
		{`"7000-7005:7000-7005"`, port{"7000-7005:7000-7005", "7000-7005", "", true, true, "", 5, 9}},
		{`{target: 6379, published: "6380", host_ip: 127.0.0.1}`, port{"6380:6379", "6379", "127.0.0.1", true, false, "", 5, 18}},
		{`{target: 6379, published: "${PORT}"}`, port{"${PORT}:6379", "6379", "", true, true, "", 5, 18}},
		{`{target: 6379}`, port{"a random port:6379", "6379", "", true, true, "", 5, 18}},
	} {
		t.Run(c.written, func(t *testing.T) {
			found := service(t, "services:\n  cache:\n    image: redis:7.2\n    ports:\n      - "+c.written+"\n").Ports()
			require.Len(t, found, 1)
			p := found[0]
			seen := port{plain(p.Text), plain(p.Container), plain(p.Address), p.Known, p.Everywhere(), p.Variable, p.At.Start.Line, p.At.Start.Column}
			assert.Equal(t, c.want, seen)
		})
	}
}
