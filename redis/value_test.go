package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// refused stands where a server prints nothing, because it does not start.
const refused = "\x00"

// valueCase is one line of redis.conf that a server was started with, and what
// its CONFIG GET said.
type valueCase struct {
	name string
	args []string
	want string
}

// oddValues70 were tried on Redis 7.0.15 (Debian), one server per line.
var oddValues70 = []valueCase{
	{"maxmemory", []string{"256m"}, "256000000"},
	{"maxmemory", []string{"256mb"}, "268435456"},
	{"maxmemory", []string{"256MB"}, "268435456"},
	{"maxmemory", []string{"256Mb"}, "268435456"},
	{"maxmemory", []string{"1k"}, "1000"},
	{"maxmemory", []string{"1KB"}, "1024"},
	{"maxmemory", []string{"2g"}, "2000000000"},
	{"maxmemory", []string{"2gb"}, "2147483648"},
	{"maxmemory", []string{"100b"}, "100"},
	{"maxmemory", []string{"0100"}, "100"},
	{"maxmemory", []string{"mb"}, "0"},
	{"maxmemory", []string{""}, "0"},
	{"maxmemory", []string{"0"}, "0"},
	{"maxmemory", []string{"18446744073709551615"}, "18446744073709551615"},
	{"maxmemory", []string{"18446744073709551616"}, "18446744073709551615"},
	{"maxmemory", []string{"17179869184gb"}, "0"},
	{"maxmemory", []string{"256MiB"}, refused},
	{"maxmemory", []string{"1.5gb"}, refused},
	{"maxmemory", []string{"256", "mb"}, refused},
	{"maxmemory", []string{"256 mb"}, refused},
	{"maxmemory", []string{"75%"}, refused},
	{"maxmemory", []string{"-1"}, refused},
	{"maxmemory", []string{"+1"}, refused},
	{"maxmemory", []string{"1tb"}, refused},
	{"maxmemory", []string{"100mb", "#", "note"}, refused},
	{"maxmemory", nil, refused},
	{"repl-backlog-size", []string{"0"}, refused},
	{"repl-backlog-size", []string{"1"}, "1"},
	{"client-query-buffer-limit", []string{"1kb"}, refused},
	{"proto-max-bulk-len", []string{"1mb"}, "1048576"},
	{"hash-max-listpack-value", []string{"1kb"}, "1024"},
	{"hash-max-ziplist-value", []string{"64"}, "64"},
	{"hash-max-ziplist-entries", []string{"128"}, "128"},
	{"maxmemory-clients", []string{"5%"}, "5%"},
	{"maxmemory-clients", []string{"100%"}, "100%"},
	{"maxmemory-clients", []string{"101%"}, refused},
	{"maxmemory-clients", []string{"0%"}, "0"},
	{"maxmemory-clients", []string{"-5%"}, refused},
	{"maxmemory-clients", []string{"05%"}, refused},
	{"maxmemory-clients", []string{"%"}, refused},
	{"maxmemory-clients", []string{"1g"}, "1000000000"},
	{"maxmemory-clients", []string{"0"}, "0"},
	{"appendonly", []string{"YES"}, "yes"},
	{"appendonly", []string{"true"}, refused},
	{"appendonly", []string{"1"}, refused},
	{"appendonly", []string{""}, refused},
	{"appendfsync", []string{"EverySec"}, "everysec"},
	{"appendfsync", []string{"everysecond"}, refused},
	{"maxmemory-policy", []string{"volatile_lru"}, refused},
	{"maxmemory-policy", []string{"ALLKEYS-LFU"}, "allkeys-lfu"},
	{"maxmemory-policy", []string{"allkeys-lrm"}, refused},
	{"maxmemory-policy", []string{""}, refused},
	{"oom-score-adj", []string{"relative"}, "yes"},
	{"oom-score-adj", []string{"yes"}, "yes"},
	{"oom-score-adj", []string{"absolute"}, "absolute"},
	{"oom-score-adj-values", []string{"0", "+100", "800"}, "0 100 800"},
	{"oom-score-adj-values", []string{"0 100 800"}, "0 100 800"},
	{"oom-score-adj-values", []string{"0", "100"}, refused},
	{"oom-score-adj-values", []string{"0", "100", "2001"}, refused},
	{"loglevel", []string{"Warning"}, "warning"},
	{"loglevel", []string{"nothing"}, refused},
	{"shutdown-on-sigterm", []string{"force", "NOW", "save"}, "save now force"},
	{"shutdown-on-sigterm", []string{"save now"}, "save now"},
	{"shutdown-on-sigterm", []string{"default", "nosave"}, "nosave"},
	{"shutdown-on-sigterm", []string{"default"}, "default"},
	{"shutdown-on-sigterm", []string{"save", "nosave"}, refused},
	{"shutdown-on-sigterm", []string{""}, refused},
	{"shutdown-on-sigterm", nil, refused},
	{"timeout", []string{"010"}, refused},
	{"timeout", []string{"+10"}, refused},
	{"timeout", []string{"10s"}, refused},
	{"timeout", []string{"-1"}, refused},
	{"timeout", []string{"-0"}, refused},
	{"timeout", []string{""}, refused},
	{"tcp-keepalive", []string{"60"}, "60"},
	{"list-max-ziplist-size", []string{"-2"}, "-2"},
	{"list-max-listpack-size", []string{"-2147483649"}, refused},
	{"databases", []string{"0"}, refused},
	{"databases", []string{"64"}, "64"},
	{"io-threads", []string{"4"}, "4"},
	{"io-threads", []string{"128"}, "128"},
	{"io-threads", []string{"129"}, refused},
	{"hz", []string{"0"}, "1"},
	{"hz", []string{"1000"}, "500"},
	{"hz", []string{"-1"}, refused},
	{"slowlog-log-slower-than", []string{"-1"}, "-1"},
	{"slowlog-log-slower-than", []string{"-2"}, refused},
	{"lua-time-limit", []string{"100"}, "100"},
	{"slave-priority", []string{"0"}, "0"},
	{"min-slaves-to-write", []string{"1"}, "1"},
	{"unixsocketperm", []string{"770"}, "770"},
	{"unixsocketperm", []string{"0770"}, "770"},
	{"unixsocketperm", []string{"999"}, refused},
	{"unixsocketperm", []string{"1777"}, refused},
	{"unixsocketperm", []string{""}, "0"},
	{"save", []string{"900", "1"}, "900 1"},
	{"save", []string{"900", "1", "300", "10"}, "900 1 300 10"},
	{"save", []string{"900 1 300 10"}, "900 1 300 10"},
	{"save", []string{""}, ""},
	{"save", []string{" "}, ""},
	{"save", nil, ""},
	{"save", []string{"0900", "+1"}, "900 1"},
	{"save", []string{"60"}, refused},
	{"save", []string{"0", "1"}, refused},
	{"save", []string{"60", "-1"}, refused},
	{"save", []string{"60s", "1"}, refused},
	{"save", []string{"60", ""}, "60 0"},
	{"save", []string{"900", "1", "#", "note"}, refused},
	{"bind", []string{"127.0.0.1", "-::1"}, "127.0.0.1 -::1"},
	{"bind", []string{"127.0.0.1 -::1"}, "127.0.0.1 -::1"},
	{"bind", []string{""}, ""},
	{"bind", nil, ""},
	{"bind", strings.Split(strings.Repeat("127.0.0.1 ", 16)+"::1", " "), refused},
	{"client-output-buffer-limit", []string{"normal", "1mb", "512kb", "60"},
		"normal 1048576 524288 60 slave 268435456 67108864 60 pubsub 33554432 8388608 60"},
	{"client-output-buffer-limit", []string{"replica", "512mb", "128mb", "60"},
		"normal 0 0 0 slave 536870912 134217728 60 pubsub 33554432 8388608 60"},
	{"client-output-buffer-limit", []string{"SLAVE", "0", "0", "0", "pubsub", "1k", "2K", "+3"},
		"normal 0 0 0 slave 0 0 0 pubsub 1000 2000 3"},
	{"client-output-buffer-limit", []string{"normal 1 2 3"},
		"normal 1 2 3 slave 268435456 67108864 60 pubsub 33554432 8388608 60"},
	{"client-output-buffer-limit", []string{"master", "0", "0", "0"}, refused},
	{"client-output-buffer-limit", []string{"normal", "0", "0"}, refused},
	{"client-output-buffer-limit", []string{"normal", "0", "0", "60s"}, refused},
	{"client-output-buffer-limit", []string{"normal", "1.5mb", "0", "0"}, refused},
	{"client-output-buffer-limit", nil, "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"},
	{"notify-keyspace-events", []string{"KEA"}, "AKE"},
	{"notify-keyspace-events", []string{"Ex"}, "xE"},
	{"notify-keyspace-events", []string{"mKnE$g"}, "g$nKEm"},
	{"notify-keyspace-events", []string{"g$lshzxetdKE"}, "AKE"},
	{"notify-keyspace-events", []string{"An"}, "A"},
	{"notify-keyspace-events", []string{"Q"}, refused},
	{"notify-keyspace-events", []string{"o"}, refused},
	{"notify-keyspace-events", []string{""}, ""},
	{"notify-keyspace-events", []string{"K", "E"}, refused},
	{"latency-tracking-info-percentiles", []string{"50", "99.90", "1e1"}, "50 99.9 10"},
	{"latency-tracking-info-percentiles", []string{"50.0 100"}, "50 100"},
	{"latency-tracking-info-percentiles", []string{""}, ""},
	{"latency-tracking-info-percentiles", []string{"101"}, refused},
	{"latency-tracking-info-percentiles", []string{"p99"}, refused},
	{"latency-tracking-info-percentiles", []string{"nan"}, refused},
	{"latency-tracking-info-percentiles", []string{"1_0"}, refused},
	{"replicaof", []string{"127.0.0.1", "6379"}, "127.0.0.1 6379"},
	{"replicaof", []string{"127.0.0.1 6379"}, "127.0.0.1 6379"},
	{"slaveof", []string{"db", "06379"}, "db 6379"},
	{"replicaof", []string{"NO", "One"}, ""},
	{"replicaof", []string{"db"}, refused},
	{"replicaof", []string{"db", "redis"}, refused},
	{"replicaof", []string{"db", "65536"}, refused},
	{"dir", []string{"/tmp/"}, "/tmp"},
	{"dir", []string{""}, refused},
	{"dbfilename", []string{"data/dump.rdb"}, refused},
	{"dbfilename", []string{""}, ""},
	{"appendfilename", []string{"a/b"}, refused},
	{"appendfilename", []string{""}, refused},
	{"appenddirname", []string{"a/b"}, refused},
	{"cluster-announce-hostname", []string{"node-1.example"}, "node-1.example"},
	{"cluster-announce-hostname", []string{"node_1"}, refused},
	{"cluster-announce-ip", []string{"node-1"}, "node-1"},
	{"proc-title-template", []string{"{title} {port}"}, "{title} {port}"},
	{"proc-title-template", []string{"{name}"}, refused},
	{"proc-title-template", []string{""}, refused},
	{"proc-title-template", []string{"a {{"}, "a {{"},
	{"proc-title-template", []string{"{title"}, refused},
	{"requirepass", []string{"abc#def"}, "abc#def"},
	{"requirepass", []string{""}, ""},
	{"requirepass", nil, refused},
	{"masterauth", []string{"two", "words"}, refused},
	{"enable-debug-command", []string{"Local"}, "local"},
	{"syslog-facility", []string{"LOCAL3"}, "local3"},
	{"acl-pubsub-default", []string{"allchannels"}, "allchannels"},
	{"repl-diskless-load", []string{"flushdb"}, refused},
	{"rename-command", []string{"FLUSHALL", ""}, ""},
	{"rename-command", []string{"FLUSHALL"}, refused},
	{"user", nil, refused},
	{"list-max-ziplist-entries", []string{"512"}, ""},
	{"list-max-ziplist-entries", nil, refused},
	{"lua-replicate-commands", []string{"yes"}, ""},
}

func TestCanonicalOfOddValues(t *testing.T) {
	for _, c := range oddValues70 {
		t.Run(c.name+" "+strings.Join(c.args, "|"), func(t *testing.T) {
			checkValue(t, redis70, c)
		})
	}
}

// The rows were tried on Valkey 8.0.1.
func TestCanonicalOfValkey80(t *testing.T) {
	for _, c := range []valueCase{
		{"io-threads", []string{"128"}, "16"},
		{"io-threads", []string{"129"}, refused},
		{"dbfilename", []string{""}, refused},
		{"cluster-config-file", []string{""}, refused},
		{"cluster-announce-human-nodename", []string{"node one"}, "node one"},
		{"cluster-announce-human-nodename", []string{"node#1"}, refused},
		{"cluster-announce-client-ipv4", []string{"10.0.0.1"}, "10.0.0.1"},
		{"cluster-announce-client-ipv4", []string{"node"}, refused},
		{"cluster-announce-client-ipv6", []string{"10.0.0.1"}, refused},
		{"cluster-announce-client-ipv6", []string{"::1"}, "::1"},
		{"masterauth", []string{"x"}, "x"},
		{"loglevel", []string{"NOTHING"}, "nothing"},
	} {
		t.Run(c.name+" "+strings.Join(c.args, "|"), func(t *testing.T) {
			checkValue(t, valkey80, c)
		})
	}
}

func checkValue(t *testing.T, r Release, c valueCase) {
	t.Helper()
	d, ok := r.Directive(c.name)
	require.True(t, ok)
	got, err := r.Canonical(d, c.args)
	if c.want == refused {
		assert.Error(t, err, "accepted as %q", got)
		return
	}
	require.NoError(t, err)
	if d.Type == FileOnly || d.Ignored {
		return // CONFIG GET does not know it
	}
	assert.Equal(t, c.want, got)
}
