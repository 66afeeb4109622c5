package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// claim is what a rule says of a server, to be seen on one: what a probe leaves
// in a container with the fault, and in one without.
type claim struct {
	rule      string
	bad, good trial
}

// trial is a server and a call in its container. Without a probe the call is
// the health check of the service.
type trial struct {
	server []string // the words of the command; nil: the image's
	check  []string // as a compose file writes it
	probe  string   // for a shell
	says   string   // part of what is printed
	fails  bool
	more   map[string]any // of the service
}

var claims = map[string]claim{
	"another port": {
		rule: "healthcheck-never-succeeds",
		bad:  trial{server: []string{"redis-server", "--port", "6380"}, check: []string{"CMD", "redis-cli", "ping"}, fails: true},
		good: trial{server: []string{"redis-server", "--port", "6380"}, check: []string{"CMD", "redis-cli", "-p", "6380", "ping"}, says: "PONG"},
	},
	"one word": {
		rule: "healthcheck-never-succeeds",
		bad:  trial{check: []string{"CMD", "redis-cli ping"}, fails: true},
		good: trial{check: []string{"CMD-SHELL", "redis-cli ping"}, says: "PONG"},
	},
	"another reply": {
		rule: "healthcheck-never-succeeds",
		bad:  trial{check: []string{"CMD-SHELL", "redis-cli ping | grep pong"}, fails: true},
		good: trial{check: []string{"CMD-SHELL", "redis-cli ping | grep -i pong"}, says: "PONG"},
	},
	"no client": {
		rule: "healthcheck-never-succeeds",
		bad:  trial{check: []string{"CMD", "valkey-cli", "ping"}, fails: true},
		good: trial{check: []string{"CMD", "redis-cli", "ping"}, says: "PONG"},
	},
	"swallowed": {
		rule: "healthcheck-never-fails",
		bad:  trial{check: []string{"CMD-SHELL", "redis-cli -p 1 ping || true"}},
		good: trial{check: []string{"CMD-SHELL", "redis-cli -p 1 ping || exit 1"}, fails: true},
	},
	"in the background": {
		rule: "healthcheck-never-fails",
		bad:  trial{check: []string{"CMD-SHELL", "redis-cli -p 1 ping &> /dev/null || exit 1"}},
		good: trial{check: []string{"CMD-SHELL", "redis-cli -p 1 ping > /dev/null 2>&1 || exit 1"}, fails: true},
	},
	"no shell": {
		rule: "healthcheck-without-shell",
		bad:  trial{server: []string{"redis-server", "--requirepass", "0f3c9a5d1e7b4826"}, check: []string{"CMD", "redis-cli", "ping", "|", "grep", "PONG"}, says: "NOAUTH"},
		good: trial{server: []string{"redis-server", "--requirepass", "0f3c9a5d1e7b4826"}, check: []string{"CMD-SHELL", "redis-cli ping | grep PONG"}, fails: true},
	},
	"a key is left": {
		rule: "healthcheck-writes",
		bad:  trial{check: []string{"CMD", "redis-cli", "incr", "ping"}, probe: "redis-cli incr ping && redis-cli dbsize", says: "1\n1"},
		good: trial{check: []string{"CMD", "redis-cli", "ping"}, probe: "redis-cli ping && redis-cli dbsize", says: "PONG\n0"},
	},
	"unread": {
		rule: "variable-not-read",
		bad:  trial{more: map[string]any{"environment": map[string]string{"REDIS_PASSWORD": "0f3c9a5d1e7b4826"}}, probe: "redis-cli set a 1", says: "OK"},
		good: trial{server: []string{"sh", "-c", `exec redis-server --requirepass "$$REDIS_PASSWORD"`}, probe: "redis-cli set a 1", says: "NOAUTH",
			more: map[string]any{"environment": map[string]string{"REDIS_PASSWORD": "0f3c9a5d1e7b4826"}}},
	},
	"a path": {
		rule: "password-is-path",
		bad:  trial{server: []string{"redis-server", "--requirepass", "/run/secrets/x"}, probe: "REDISCLI_AUTH=/run/secrets/x redis-cli ping", says: "PONG"},
		good: trial{server: []string{"redis-server", "--requirepass", "0f3c9a5d1e7b4826"}, probe: "REDISCLI_AUTH=/run/secrets/x redis-cli ping", says: "NOAUTH"},
	},
	"kept from signals": {
		rule: "signals-lost",
		bad:  trial{server: []string{"sh", "-c", "redis-server --appendonly yes"}, probe: "cat /proc/1/comm", says: "sh\n"},
		good: trial{server: []string{"sh", "-c", "exec redis-server --appendonly yes"}, probe: "cat /proc/1/comm", says: "redis-server\n"},
	},
	"cut": {
		rule: "command-cut",
		bad:  trial{more: map[string]any{"command": "redis-server --maxclients 90 ; --maxclients 80"}, probe: "redis-cli config get maxclients", says: "90"},
		good: trial{server: []string{"redis-server", "--proc-title-template", "a;b", "--maxclients", "80"}, probe: "redis-cli config get maxclients", says: "80"},
	},
	"a dollar": {
		rule: "password-cut",
		bad:  trial{server: []string{"redis-server", "--requirepass", "tr0ub4dor$and3horses"}, probe: "REDISCLI_AUTH=tr0ub4dor redis-cli ping", says: "PONG"},
		good: trial{server: []string{"redis-server", "--requirepass", "tr0ub4dor$$and3horses"}, probe: "REDISCLI_AUTH=tr0ub4dor redis-cli ping", says: "NOAUTH"},
	},
	"void": {
		rule: "password-superseded",
		bad: trial{server: []string{"redis-server", "--requirepass", "0f3c9a5d1e7b4826", "--user default on >b71e02c4d95f8a36 ~* &* +@all"},
			probe: "REDISCLI_AUTH=0f3c9a5d1e7b4826 redis-cli ping", says: "NOAUTH"},
		good: trial{server: []string{"redis-server", "--requirepass", "0f3c9a5d1e7b4826", "--user app on >b71e02c4d95f8a36 ~* &* +@all"},
			probe: "REDISCLI_AUTH=0f3c9a5d1e7b4826 redis-cli ping", says: "PONG"},
	},
	"fewer clients": {
		rule: "clients-over-file-limit",
		bad: trial{server: []string{"redis-server", "--maxclients", "20000"}, more: map[string]any{"ulimits": map[string]int{"nofile": 4096}},
			probe: "redis-cli config get maxclients", says: "4064"},
		good: trial{server: []string{"redis-server", "--maxclients", "4000"}, more: map[string]any{"ulimits": map[string]int{"nofile": 4096}},
			probe: "redis-cli config get maxclients", says: "4000"},
	},
	"never rewritten": {
		rule: "append-only-file-grows",
		bad: trial{server: []string{"redis-server", "--appendonly", "yes", "--auto-aof-rewrite-percentage", "0", "--auto-aof-rewrite-min-size", "1"}, says: "aof_rewrites:0",
			probe: "redis-cli set k 1; sleep 1; redis-cli info persistence | grep aof_rewrites:"},
		good: trial{server: []string{"redis-server", "--appendonly", "yes", "--auto-aof-rewrite-percentage", "1", "--auto-aof-rewrite-min-size", "1"}, says: "aof_rewrites:1",
			probe: "redis-cli set k 1; sleep 1; redis-cli info persistence | grep aof_rewrites:"},
	},
	"loopback": {
		rule: "server-locked-out",
		bad:  trial{server: []string{"redis-server", "--bind", "127.0.0.1"}, probe: "redis-cli -h $(hostname -i) ping", fails: true, more: published},
		good: trial{server: []string{"redis-server"}, probe: "redis-cli -h $(hostname -i) ping", says: "PONG", more: published},
	},
	"protected": {
		rule: "server-locked-out",
		bad:  trial{server: []string{"redis-server", "--protected-mode", "yes"}, probe: "redis-cli -h $(hostname -i) ping", says: "DENIED", more: published},
		good: trial{server: []string{"redis-server", "--protected-mode", "no"}, probe: "redis-cli -h $(hostname -i) ping", says: "PONG", more: published},
	},
	"debug": {
		rule: "dangerous-commands-enabled",
		bad:  trial{server: []string{"redis-server", "--enable-debug-command", "yes"}, probe: "redis-cli -h $(hostname -i) debug sleep 0", says: "OK"},
		good: trial{server: []string{"redis-server", "--enable-debug-command", "local"}, probe: "redis-cli -h $(hostname -i) debug sleep 0", says: "not allowed"},
	},
}

var published = map[string]any{"ports": []string{"127.0.0.1::6379"}}

// TestRulesSayWhatServersDo shows on a server what rules say: with the fault
// that they find, and without.
func TestRulesSayWhatServersDo(t *testing.T) {
	all := releases(t)
	at := slices.IndexFunc(all, func(r release) bool { return r.engine == "redis" && !strings.HasPrefix(r.version, "6.") })
	require.GreaterOrEqual(t, at, 0)
	sideBySide(t)
	for name, one := range claims {
		t.Run(name, func(t *testing.T) {
			one.bad.show(t, all[at], one.rule, true)
			one.good.show(t, all[at], one.rule, false)
		})
	}
}

// show lints a project of one service, starts it, and asks.
func (c trial) show(t *testing.T, r release, rule string, found bool) {
	t.Helper()
	directory := t.TempDir()
	service := map[string]any{"image": r.image}
	for key, value := range c.more {
		service[key] = value
	}
	if c.server != nil {
		service["command"] = c.server
	}
	if c.check != nil {
		service["healthcheck"] = map[string]any{"test": c.check}
	}
	text, err := json.Marshal(map[string]any{"name": namePrefix + strings.ToLower(filepath.Base(directory)) + "-" + rule, "services": map[string]any{"db": service}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(directory, "compose.yaml"), text, 0o644))
	left := run(t, directory, "", rcompPath(t), "lint", "--only", rule, "--quiet")
	assert.Equal(t, found, strings.Contains(left.stdout, "["+rule+"]"), "%s", left.stdout)
	t.Cleanup(func() { run(t, directory, "", "docker", "compose", "down", "--volumes", "--timeout", "1") })
	mustRun(t, directory, "docker", "compose", "up", "--detach")
	ready := append([]string{"compose", "exec", "-T", "db", "redis-cli"}, c.port()...)
	eventually(t, "the server answers", func() bool {
		return run(t, directory, "", "docker", append(ready, "ping")...).status == 0
	})
	asked := run(t, directory, "", "docker", append([]string{"compose", "exec", "-T", "db"}, c.words()...)...)
	assert.Equal(t, c.fails, asked.status != 0, "%s: %q\n%s%s", rule, c.words(), asked.stdout, asked.stderr)
	assert.Contains(t, asked.stdout, c.says, "%s: %q", rule, c.words())
}

// port are the options by which the client finds the server for certain.
func (c trial) port() []string {
	if at := slices.Index(c.server, "--port"); at >= 0 {
		return []string{"-p", c.server[at+1]}
	}
	return nil
}

// words are those that run in the container.
func (c trial) words() []string {
	switch {
	case c.probe != "":
		return []string{"sh", "-c", c.probe}
	case c.check[0] == "CMD-SHELL":
		return []string{"sh", "-c", c.check[1]}
	}
	return c.check[1:]
}
