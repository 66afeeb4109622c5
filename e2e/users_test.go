package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// presetTries are what a user of each preset must be able to do, and must not.
// The user web works on cart:* and news:*.
var presetTries = map[string]struct{ may, mayNot []string }{
	"web": {
		[]string{"ping", "set cart:1 x", "get cart:1", "hset cart:2 a b", "publish news:1 x", "eval return(1) 0", "client setname web", "info server", "wait 0 1", "scan 0", "expire cart:1 60"},
		[]string{"set other 1", "get other", "publish private x", "flushall", "keys *", "config get dir", "acl list", "shutdown", "client kill id 1",
			"replicaof no one", "save", "bgrewriteaof", "monitor", "module list"},
	},
	"reports":  {[]string{"get cart:1", "hgetall cart:2", "strlen other", "scan 0", "ping", "info"}, []string{"set cart:1 x", "del cart:1", "publish news:1 x", "keys *", "config get dir", "flushdb", "eval return(1) 0"}},
	"listener": {[]string{"ping", "pubsub numsub a"}, []string{"get cart:1", "set cart:1 x", "publish news:1 x", "info", "config get dir"}},
	"speaker":  {[]string{"ping", "publish news:1 x"}, []string{"publish private x", "get cart:1", "set cart:1 x", "pubsub channels", "info"}},
	"metrics":  {[]string{"ping", "info", "dbsize", "slowlog len", "slowlog get", "latency latest"}, []string{"get cart:1", "set cart:1 x", "config get requirepass", "keys *", "scan 0", "slowlog reset", "acl list", "client list"}},
	"copier":   {[]string{"ping", "info", "replconf capa eof"}, []string{"get cart:1", "set cart:1 x", "config get dir", "save", "replicaof no one", "keys *"}},
	"operator": {[]string{"ping", "config get dir", "acl list", "keys *", "client list"}, nil},
	"health":   {[]string{"ping", "info", "role"}, []string{"get cart:1", "config get dir", "keys *"}},
}

// TestUsers lets each user of a generated server try what its preset is for,
// and what it is not.
func TestUsers(t *testing.T) {
	content, err := os.ReadFile("../fixtures/gen/users/intent.toml")
	require.NoError(t, err)
	everyRelease(t, func(t *testing.T, release release) {
		s := newStack(t)
		intent := strings.Replace(string(content), `version = "7.0.15"`, `engine = "`+release.engine+`"`+"\nversion = \""+release.version+`"`, 1)
		require.NotEqual(t, string(content), intent)
		s.write("redis.toml", intent)
		mustRun(t, s.directory, rcompPath(t), "gen")
		s.up()
		server := s.server("shop")
		for user, tries := range presetTries {
			as := server.withPassword(s.secretOf(user))
			as.tries(user, tries.may, tries.mayNot)
			refused := as.withPassword("wrong").ask("", "--user", user, "ping")
			assert.Contains(t, refused.stdout+refused.stderr, "WRONGPASS", user)
		}
		assert.Contains(t, server.ask("", "ping").stdout, "NOAUTH", "nobody is the default user")
		copied := server.withPassword(s.secretOf("copier")).ask("", "--user", "copier", "--rdb", "/run/redis/copy.rdb")
		assert.Zero(t, copied.status, "a copy for a backup\n%s%s", copied.stdout, copied.stderr)
	})
}

// secretOf returns the password of a user.
func (s *stack) secretOf(user string) string {
	s.t.Helper()
	if _, err := os.Stat(filepath.Join(s.directory, "secrets", "user-"+user+"-password")); err == nil {
		user = "user-" + user
	}
	return s.secret(user)
}
