package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestInspectOfStartsThatEnd holds inspect against containers that end as soon
// as they are started, and against near misses: inspect says that a container
// ends just where it does.
func TestInspectOfStartsThatEnd(t *testing.T) {
	everyRelease(t, func(t *testing.T, release release) {
		s := newStack(t)
		starts := startsOn(t, release, lastingAndEndingStarts)
		s.writeStarts(release, starts)
		said := s.inspectAll()
		s.mustCompose("up", "--detach")
		for _, case_ := range starts {
			t.Run(case_.name, func(t *testing.T) {
				server := s.server(case_.name)
				server.t = t
				ended := false
				eventually(t, "a container that ends, or a server that answers", func() bool {
					ended = server.inspect("{{.State.Status}}") == "exited"
					return ended || server.ask("", append(askedAt[case_.name], "ping")...).status == 0
				})
				assert.Equal(t, ended, len(said[case_.name].Ends) > 0, "inspect says %v, and the container %s\n%s", said[case_.name].Ends, server.inspect("{{.State.Status}}"), server.logs())
				if !ended && askedAt[case_.name] == nil {
					compareConfiguration(t, said[case_.name], server.configuration(), case_.unknown...)
				}
			})
		}
	})
}

// askedAt is where a server listens that does so elsewhere than at the usual port.
var askedAt = map[string][]string{
	"port-socket":        {"-s", "/tmp/redis.sock"},
	"sentinel-by-name":   {"-p", "26379"},
	"sentinel-by-option": {"-p", "26379"},
	"sentinel-unknown":   {"-p", "26379"},
}

// watched is a sentinel.conf.
func watched(more string) map[string]string {
	return map[string]string{"sentinel.conf": "sentinel monitor main 127.0.0.1 6379 1\n" + more}
}

// users is a file of users.
func users(content string) map[string]string { return map[string]string{"users.acl": content} }

const withUsers = "command: SERVER --aclfile /conf/users.acl"

// lastingAndEndingStarts are the ways to start a server that some release or
// another ends at.
var lastingAndEndingStarts = []start{
	{name: "background", service: "command: SERVER --daemonize yes"},
	{name: "background-init", service: "init: true\ncommand: SERVER --daemonize yes"},
	{name: "background-script", service: `command: sh -c "SERVER --daemonize yes && exec tail -f /dev/null"`},
	{name: "background-not", service: withConf + " --daemonize no", files: conf("daemonize yes\n")},
	{name: "no-command", service: "entrypoint: [docker-entrypoint.sh]"},
	{name: "command", service: "entrypoint: [docker-entrypoint.sh]\ncommand: SERVER"},

	{name: "dir-missing", service: "command: SERVER --dir /var/lib/redis"},
	{name: "dir-passed", service: withConf + " --dir /data", files: conf("dir /var/lib/redis\n")},
	{name: "dir-start", service: "working_dir: /srv/redis/x\ncommand: SERVER --dir /srv/redis --save ''"},
	{name: "data-root", service: "command: SERVER --dir /var/lib --appendonly yes"},
	{name: "data-read-only", service: "read_only: true\ncommand: SERVER --dir /etc --appendonly yes"},
	{name: "data-of-node", service: "command: SERVER --dir /var/lib --cluster-enabled yes"},
	{name: "data-snapshots", service: "command: SERVER --dir /var/lib"},
	{name: "data-volume", service: "read_only: true\ntmpfs: [/data]\ncommand: SERVER --appendonly yes"},
	{name: "data-handed-over", service: "working_dir: /srv\ncommand: SERVER --appendonly yes"},
	{name: "log-missing", service: "command: SERVER --logfile /var/log/redis/redis.log"},
	{name: "log-tmpfs", service: "tmpfs: [/var/log]\ncommand: SERVER --logfile /var/log/redis/redis.log"},
	{name: "log-made", service: `command: sh -c "mkdir -p /var/log/redis && exec SERVER --logfile /var/log/redis/redis.log"`},
	{name: "log-root", service: "command: SERVER --logfile /var/log/redis.log"},
	{name: "log-as-root", service: "entrypoint: SERVER --logfile /var/log/redis.log"},
	{name: "socket-missing", service: "command: SERVER --unixsocket /run/redis/redis.sock"},
	{name: "socket-root", service: "command: SERVER --unixsocket /run/redis.sock"},
	{name: "pidfile-missing", service: "command: SERVER --pidfile /nowhere/redis.pid"},

	{name: "port-nowhere", service: "command: SERVER --port 0"},
	{name: "port-socket", service: "command: SERVER --port 0 --unixsocket /tmp/redis.sock"},
	{name: "port-of-node", service: "command: SERVER --port 60000 --cluster-enabled yes"},
	{name: "tls-bare", service: "command: SERVER --tls-port 6380"},
	{name: "tls-files", service: "command: SERVER --tls-port 6380 --tls-cert-file /certs/a.crt --tls-key-file /certs/a.key --tls-auth-clients no"},
	{name: "tls-unused", service: "command: SERVER --tls-cert-file /certs/a.crt"},

	{name: "users-missing", service: "command: SERVER --aclfile /etc/redis/users.acl"},
	{name: "users", service: withUsers, files: users("user default on nopass ~* &* +@all\n\n  user app on >secret ~* +@read\n")},
	{name: "users-comment", service: withUsers, files: users("user default on nopass ~* &* +@all\n# app\n")},
	{name: "users-twice", service: withUsers, files: users("user app on\nuser app off\n")},
	{name: "users-beside", service: withUsers + " --user app on", files: users("user default on nopass ~* &* +@all\n")},
	{name: "user-word", service: "command: SERVER --user app on nothing"},
	{name: "user-pattern", service: "command: SERVER --user app on allkeys ~app:*"},
	{name: "user-quoted", service: "command: " + quoted("SERVER", "--user", "app on")},
	{name: "user-right", service: "command: SERVER --user app ON >secret %R~a ~b resetchannels &c +get -@dangerous +config|get (+set ~e)"},
	{name: "module-missing", service: "command: SERVER --loadmodule /opt/modules/rejson.so"},
	{name: "command-unknown", service: `command: SERVER --rename-command FLUSHAL ""`},
	{name: "command-known", service: `command: SERVER --rename-command FLUSHALL hidden --rename-command hidden ""`},
	{name: "locale-missing", service: "environment: [LC_ALL=de_DE.UTF-8]"},
	{name: "locale-covered", service: "environment: [LC_ALL=C, LANG=de_DE.UTF-8]"},
	{name: "locale-of-types", service: "environment: [LC_CTYPE=de_DE.UTF-8]"},

	{name: "capabilities-none", service: "cap_drop: [ALL]"},
	{name: "capabilities-two", service: "cap_drop: [ALL]\ncap_add: [SETUID, SETGID]"},
	{name: "capabilities-three", service: "cap_drop: [ALL]\ncap_add: [SETUID, SETGID, SETPCAP]"},
	{name: "capabilities-user", service: "cap_drop: [ALL]\nuser: '999:999'"},
	{name: "one-item", service: `command: ["SERVER --appendonly yes"]`},

	{name: "files-none", service: "ulimits: {nofile: 32}"},
	{name: "files-few", service: "ulimits: {nofile: 512}"},
	{name: "files-raised", service: "ulimits: {nofile: {soft: 512, hard: 4096}}"},
	{name: "files-in-steps", service: "ulimits: {nofile: {soft: 512, hard: 4100}}\ncommand: SERVER --maxclients 9001", unknown: []string{"maxclients"}},
	{name: "cluster-databases", service: "command: SERVER --cluster-enabled yes --databases 64"},
	{name: "conf-pattern", service: "command: SERVER /conf/*.conf", files: map[string]string{"a.conf": "timeout 9\n", "b.conf": "timeout 10\nhz 20\n"}},
	{name: "argument-escaped", service: "command: " + quoted("SERVER", "--proc-title-template", `a\x41`)},
	{name: "argument-quote", service: "command: " + quoted("SERVER", "--proc-title-template", `a"b`)},

	{name: "sentinel-bare", service: "command: SERVER --sentinel"},
	{name: "sentinel-by-name", service: "command: redis-sentinel /conf/sentinel.conf", files: watched("")},
	{name: "sentinel-by-option", service: "command: SERVER /conf/sentinel.conf --sentinel", files: watched("")},
	{name: "sentinel-unknown", service: "command: redis-sentinel /conf/sentinel.conf", files: watched("maxmemry 1mb\n")},
}
