package redis

import (
	"strings"
	"testing"
)

// oddValues62 were tried on Redis 6.2.16, one server per line.
var oddValues62 = []valueCase{
	{"save", []string{"900", "1"}, "900 1"},
	{"save", []string{"900", "1", "300", "10"}, ""},
	{"save", []string{"900 1 300 10"}, ""},
	{"save", []string{"60"}, ""},
	{"save", nil, ""},
	{"save", []string{""}, ""},
	{"save", []string{"900", "1", "#", "note"}, ""},
	{"save", []string{"60s", "1x"}, "60 1"},
	{"save", []string{"0", "1"}, refused},
	{"maxmemory", []string{"256m"}, "256000000"},
	{"maxmemory", []string{"256mb"}, "268435456"},
	{"maxmemory", []string{"256MiB"}, refused},
	{"maxmemory", []string{"1.5gb"}, refused},
	{"maxmemory", []string{"75%"}, refused},
	{"maxmemory", []string{"-1"}, refused},
	{"maxmemory", []string{""}, "0"},
	{"maxmemory", []string{"mb"}, "0"},
	{"appendonly", []string{"YES"}, "yes"},
	{"appendonly", []string{"true"}, refused},
	{"appendfsync", []string{"EverySec"}, "everysec"},
	{"unixsocketperm", []string{"770"}, "770"},
	{"unixsocketperm", []string{"79"}, "7"},
	{"unixsocketperm", []string{"999"}, "0"},
	{"unixsocketperm", []string{"1777"}, refused},
	{"client-output-buffer-limit", []string{"replica", "1mb", "1kb", "60"},
		"normal 0 0 0 slave 1048576 1024 60 pubsub 33554432 8388608 60"},
	{"client-output-buffer-limit", []string{"normal", "1.5mb", "0", "60s"},
		"normal 0 0 60 slave 268435456 67108864 60 pubsub 33554432 8388608 60"},
	{"client-output-buffer-limit", []string{"normal", "0", "0", "0", "pubsub", "0", "0", "0"}, refused},
	{"client-output-buffer-limit", []string{"master", "0", "0", "0"}, refused},
	{"client-output-buffer-limit", nil, refused},
	{"notify-keyspace-events", []string{"KEA"}, "AKE"},
	{"notify-keyspace-events", []string{"n"}, refused},
	{"notify-keyspace-events", []string{"d"}, "d"},
	{"bind", nil, refused},
	{"bind", []string{"127.0.0.1", "-::1"}, "127.0.0.1 -::1"},
	{"bind", []string{"127.0.0.1 -::1"}, "127.0.0.1 -::1"},
	{"replicaof", []string{"db 6379"}, refused},
	{"replicaof", []string{"db", "6379"}, "db 6379"},
	{"oom-score-adj", []string{"relative"}, "yes"},
	{"oom-score-adj-values", []string{"0", "100", "800"}, "0 100 800"},
	{"oom-score-adj-values", []string{"0 100 800"}, refused},
	{"io-threads", []string{"128"}, "128"},
	{"io-threads", []string{"200"}, refused},
	{"hz", []string{"1000"}, "500"},
	{"gopher-enabled", []string{"yes"}, "yes"},
	{"hash-max-ziplist-entries", []string{"128"}, "128"},
	{"lua-replicate-commands", []string{"yes"}, "yes"},
	{"dynamic-hz", []string{"no"}, "no"},
	{"list-max-ziplist-entries", []string{"512"}, ""},
	{"loglevel", []string{"nothing"}, refused},
	{"sanitize-dump-payload", []string{"Clients"}, "clients"},
}

func TestCanonicalOf62(t *testing.T) {
	for _, c := range oddValues62 {
		t.Run(c.name+" "+strings.Join(c.args, "|"), func(t *testing.T) {
			checkValue(t, redis62, c)
		})
	}
}
