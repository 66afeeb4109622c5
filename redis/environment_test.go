package redis

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// hidden is the value of a variable that is set to something unknown.
const hidden = "\x00hidden"

// environment is what a test sets.
type environment map[string]string

func (e environment) lookup(name string) (value string, set, known bool) {
	value, set = e[name]
	if value == hidden {
		return "", true, false
	}
	return value, set, true
}

// show writes assignments as "directive args <- VARIABLE", with ? for unknown
// and -- for argv.
func show(made []FromEnvironment) []string {
	var lines []string
	for _, m := range made {
		line := m.Name
		if m.FromArgv {
			line = "--" + line
		}
		for _, arg := range m.Args {
			line += " " + Quote(arg)
		}
		if m.Unknown {
			line += " ?"
		}
		if m.Err != nil {
			line += " !"
		}
		if m.Variable != "" {
			line += " <- " + m.Variable
		}
		lines = append(lines, line)
	}
	return lines
}

func TestBitnamiDefaults(t *testing.T) {
	before, after := mustParse(t, "bitnami/redis:7.2").EnvironmentAssignments(environment{}.lookup)
	assert.Empty(t, after)
	assert.Equal(t, []string{
		"dir /bitnami/redis/data",
		"pidfile /opt/bitnami/redis/tmp/redis.pid",
		`logfile ""`,
		`save ""`,
		"bind 0.0.0.0 ::",
		"appendonly yes",
		"port 6379",
		"--daemonize no",
	}, show(before))
}

func TestEnvironmentAssignments(t *testing.T) {
	for _, c := range []struct {
		name, image string
		env         environment
		want        []string // among what is made
	}{
		{"password", "bitnami/redis", environment{"REDIS_PASSWORD": "s3cret"}, []string{"requirepass s3cret <- REDIS_PASSWORD"}},
		{"password with a blank breaks the line", "bitnami/redis", environment{"REDIS_PASSWORD": "a b"}, []string{"requirepass a b <- REDIS_PASSWORD"}},
		{"password with a quote is no line", "bitnami/redis", environment{"REDIS_PASSWORD": "it's"}, []string{"requirepass ! <- REDIS_PASSWORD"}},
		{"password from a file", "bitnami/redis", environment{"REDIS_PASSWORD_FILE": "/run/secrets/p", "REDIS_PASSWORD": "x"}, []string{"requirepass ? <- REDIS_PASSWORD_FILE"}},
		{"password unknown", "bitnami/redis", environment{"REDIS_PASSWORD": hidden}, []string{"requirepass ? <- REDIS_PASSWORD"}},
		{"no password", "bitnami/redis", environment{"ALLOW_EMPTY_PASSWORD": "yes"}, []string{"protected-mode no <- ALLOW_EMPTY_PASSWORD"}},
		{"save points come on top", "bitnami/redis", environment{"REDIS_RDB_POLICY": "900#1 60#1000"}, []string{`save ""`, "save 900 1 <- REDIS_RDB_POLICY", "save 60 1000 <- REDIS_RDB_POLICY"}},
		{"append-only file off", "bitnami/redis", environment{"REDIS_AOF_ENABLED": "no"}, []string{"appendonly no <- REDIS_AOF_ENABLED"}},
		{"no remote connections", "bitnami/redis", environment{"REDIS_ALLOW_REMOTE_CONNECTIONS": "no"}, []string{"bind 127.0.0.1 -::1 <- REDIS_ALLOW_REMOTE_CONNECTIONS"}},
		{"disabled commands", "bitnami/redis", environment{"REDIS_DISABLE_COMMANDS": "FLUSHDB,FLUSHALL"},
			[]string{`rename-command FLUSHDB "" <- REDIS_DISABLE_COMMANDS`, `rename-command FLUSHALL "" <- REDIS_DISABLE_COMMANDS`}},
		{"TLS takes the only port", "bitnami/redis", environment{"REDIS_TLS_ENABLED": "yes", "REDIS_TLS_CERT_FILE": "/c", "REDIS_TLS_KEY_FILE": "/k", "REDIS_TLS_CA_FILE": "/a"},
			[]string{"port 0 <- REDIS_TLS_ENABLED", "tls-port 6379", "tls-cert-file /c <- REDIS_TLS_CERT_FILE", "tls-ca-cert-file /a <- REDIS_TLS_CA_FILE", "tls-auth-clients yes"}},
		{"TLS beside", "bitnami/redis", environment{"REDIS_TLS_ENABLED": "yes", "REDIS_TLS_PORT_NUMBER": "6380"}, []string{"port 6379", "tls-port 6380 <- REDIS_TLS_PORT_NUMBER"}},
		{"TLS unknown", "bitnami/redis", environment{"REDIS_TLS_ENABLED": hidden}, []string{"port ? <- REDIS_TLS_ENABLED", "tls-port ? <- REDIS_TLS_ENABLED"}},
		{"master", "bitnami/redis:8.2", environment{"REDIS_REPLICATION_MODE": "master", "REDIS_PASSWORD": "p"}, []string{"replica-announce-ip ? <- REDIS_REPLICA_IP", "masterauth p <- REDIS_PASSWORD"}},
		{"master of 7.4", "bitnami/redis:7.4", environment{"REDIS_REPLICATION_MODE": "master", "REDIS_PASSWORD": "p"}, []string{"masterauth ? <- REDIS_PASSWORD"}},
		{"replica", "bitnami/redis", environment{"REDIS_REPLICATION_MODE": "slave", "REDIS_MASTER_HOST": "m", "REDIS_MASTER_PASSWORD": "p"},
			[]string{"masterauth p <- REDIS_MASTER_PASSWORD", "replicaof m 6379 <- REDIS_MASTER_HOST"}},
		{"replica by Sentinel", "bitnami/redis", environment{"REDIS_REPLICATION_MODE": "replica", "REDIS_SENTINEL_HOST": "s"}, []string{"replicaof ? <- REDIS_SENTINEL_HOST"}},
		{"Valkey's words", "bitnami/valkey", environment{"VALKEY_REPLICATION_MODE": "replica", "VALKEY_PRIMARY_HOST": "m", "VALKEY_PRIMARY_PASSWORD": "p"},
			[]string{"dir /bitnami/valkey/data", "primaryauth p <- VALKEY_PRIMARY_PASSWORD", "replicaof m 6379 <- VALKEY_PRIMARY_HOST"}},
		{"cluster", "bitnami/redis-cluster", environment{"REDIS_PASSWORD": "p"},
			[]string{"cluster-enabled yes", "cluster-config-file /bitnami/redis/data/nodes.conf", "requirepass p <- REDIS_PASSWORD", "cluster-announce-ip ?", "masterauth ? <- REDIS_PASSWORD"}},
		{"cluster with an address", "bitnami/redis-cluster", environment{"REDIS_CLUSTER_DYNAMIC_IPS": "no", "REDIS_CLUSTER_ANNOUNCE_IP": "10.0.0.5"},
			[]string{"cluster-announce-ip 10.0.0.5 <- REDIS_CLUSTER_ANNOUNCE_IP"}},
		{"Sentinel", "bitnami/redis-sentinel", environment{}, []string{"sentinel monitor mymaster redis 6379 2", "sentinel down-after-milliseconds mymaster 60000", "sentinel resolve-hostnames yes", "sentinel announce-hostnames no", "port 26379"}},
		{"Sentinel with settings", "bitnami/redis-sentinel", environment{"REDIS_MASTER_HOST": "m", "REDIS_MASTER_PASSWORD": "p", "REDIS_SENTINEL_PASSWORD": "a b"},
			[]string{"sentinel monitor mymaster m 6379 2 <- REDIS_MASTER_HOST", "sentinel auth-pass mymaster p <- REDIS_MASTER_PASSWORD", `requirepass "a b" <- REDIS_SENTINEL_PASSWORD`}},
		{"Sentinel, unknown host", "bitnami/redis-sentinel", environment{"REDIS_MASTER_HOST": hidden}, []string{"sentinel monitor ? <- REDIS_MASTER_HOST"}},
		{"Valkey Sentinel", "bitnami/valkey-sentinel", environment{}, []string{"sentinel monitor myprimary valkey 6379 2"}},
		{"redis-stack", "redis/redis-stack", environment{}, []string{"--dir /data", "--protected-mode no", "--daemonize no"}},
		{"redis-stack's directory", "redis/redis-stack-server", environment{"REDIS_DATA_DIR": "/d"}, []string{"--dir /d <- REDIS_DATA_DIR"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := mustParse(t, c.image).EnvironmentAssignments(c.env.lookup)
			assert.Empty(t, after)
			assert.Subset(t, show(before), c.want)
		})
	}
}

func TestFlags(t *testing.T) {
	for image, want := range map[string]Flags{
		"valkey/valkey:8":                {Variable: "VALKEY_EXTRA_FLAGS", Behind: true},
		"ghcr.io/valkey-io/valkey:9.0":   {Variable: "VALKEY_EXTRA_FLAGS", Behind: true},
		"valkey/valkey-bundle":           {Variable: "VALKEY_EXTRA_FLAGS", Behind: true, Modules: true},
		"redis/redis-stack-server":       {Variable: "REDIS_ARGS", Behind: true, Modules: true},
		"bitnami/redis-cluster":          {Variable: "REDIS_EXTRA_FLAGS"},
		"bitnamilegacy/valkey:8.0":       {Variable: "VALKEY_EXTRA_FLAGS"},
		"bitnami/redis-sentinel":         {},
		"redis":                          {},
		"acme/valkey":                    {},
		"oliver006/redis_exporter:v1.80": {},
	} {
		assert.Equal(t, want, mustParse(t, image).Flags(), image)
	}
}

func TestEnvironmentAfterTheCommand(t *testing.T) {
	before, after := mustParse(t, "eqalpha/keydb").EnvironmentAssignments(environment{"KEYDB_PASSWORD": "a b"}.lookup)
	assert.Empty(t, before)
	assert.Equal(t, []string{`--requirepass "a b" <- KEYDB_PASSWORD`}, show(after))

	for _, image := range []string{"redis", "acme/redis", "oliver006/redis_exporter", "docker.dragonflydb.io/dragonflydb/dragonfly"} {
		before, after = mustParse(t, image).EnvironmentAssignments(environment{"REDIS_PASSWORD": "p", "REDIS_ARGS": "--hz 20"}.lookup)
		assert.Empty(t, before, image)
		assert.Empty(t, after, image)
	}
}

func TestIgnoredVariables(t *testing.T) {
	set := []string{"REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "ALLOW_EMPTY_PASSWORD", "REDIS_ARGS", "KEYDB_PASSWORD", "VALKEY_EXTRA_FLAGS",
		"REDIS_MAXMEMORY", "REDIS_DATA_DIR", "REDIS_NODES", "REDIS_SENTINEL_QUORUM", "REDISCLI_AUTH", "TZ", "REDIS_HOST", "REDIS_OVERRIDES_FILE"}
	for image, read := range map[string][]string{
		"redis":                  {},
		"valkey/valkey":          {"VALKEY_EXTRA_FLAGS"},
		"eqalpha/keydb":          {"KEYDB_PASSWORD"},
		"redis/redis-stack":      {"REDIS_ARGS", "REDIS_DATA_DIR"},
		"bitnami/redis":          {"REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "ALLOW_EMPTY_PASSWORD", "REDIS_DATA_DIR", "REDIS_OVERRIDES_FILE"},
		"bitnami/redis-cluster":  {"REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "ALLOW_EMPTY_PASSWORD", "REDIS_DATA_DIR", "REDIS_OVERRIDES_FILE", "REDIS_NODES"},
		"bitnami/redis-sentinel": {"ALLOW_EMPTY_PASSWORD", "REDIS_SENTINEL_QUORUM"},
		"bitnami/valkey":         {"ALLOW_EMPTY_PASSWORD", "VALKEY_EXTRA_FLAGS"},
	} {
		var want []string
		for _, name := range set {
			if name != "REDISCLI_AUTH" && name != "TZ" && name != "REDIS_HOST" && !contains(read, name) {
				want = append(want, name)
			}
		}
		assert.Equal(t, want, mustParse(t, image).IgnoredVariables(set), image)
	}
	for _, image := range []string{"acme/redis", "oliver006/redis_exporter", "redislabs/redismod"} {
		assert.Empty(t, mustParse(t, image).IgnoredVariables(set), image)
	}
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
