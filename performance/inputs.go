//go:build unix

package main

import (
	"fmt"
	"strings"
)

// input is a project that is written to keep a linter busy.
type input struct {
	name, what string
	files      func() map[string]string
}

const (
	server  = "services:\n  cache:\n    image: redis:7.4.6\n"
	mounted = server + "    command: redis-server /r.conf\n    volumes: [\"./redis.conf:/r.conf\"]\n"
)

// one is a project of one compose file.
func one(text func() string) func() map[string]string {
	return func() map[string]string { return map[string]string{"compose.yml": text()} }
}

var inputs = []input{
	{"env", "a `.env` whose 27 lines double", func() map[string]string {
		lines := repeated(27, func(i int) string { return fmt.Sprintf("A%d=${A%d}${A%d}\n", i+1, i, i) })
		return map[string]string{".env": "A0=aaaaaaaa\n" + lines, "compose.yml": server + "    command: redis-server --requirepass ${A27}\n"}
	}},
	{"lines", "`maxclients 100`, 10,000 times in a redis.conf", func() map[string]string {
		return map[string]string{"redis.conf": strings.Repeat("maxclients 100\n", 10_000), "compose.yml": mounted}
	}},
	{"conf", "a redis.conf of 100,000 lines", func() map[string]string {
		return map[string]string{"redis.conf": strings.Repeat("# c\nmaxmemory 100mb\n", 50_000), "compose.yml": mounted}
	}},
	{"anchor", "an anchor of 1 MB, used 3,000 times", one(func() string {
		return "x-c: &c \"" + strings.Repeat("a", 1_000_000) + "\"\n" + server + "    labels: [" + strings.Repeat("*c, ", 3000) + "]\n"
	})},
	{"anchors", "thirty anchors, each of four of the one before", one(func() string {
		return "x-0: &a0 [x, x]\n" + repeated(30, func(i int) string { return fmt.Sprintf("x-%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i, i) }) + server
	})},
	{"ports", "`1-65535:1-65535`, ten times", one(func() string {
		return server + "    ports: [" + strings.Repeat("\"1-65535:1-65535\", ", 10) + "]\n"
	})},
	{"services", "3,000 services", one(func() string { return services(3000) })},
	{"invalid", "10,000 services, the last one invalid", one(func() string {
		return services(10_000) + "  bad: {image: redis, zzz: 1}\n"
	})},
	{"keys", "190,000 keys in a mapping", one(func() string {
		return server + "    labels:\n" + repeated(190_000, func(i int) string { return fmt.Sprintf("      k%d: v\n", i) })
	})},
	{"variables", "400,000 variables in a `.env`", func() map[string]string {
		return map[string]string{".env": repeated(400_000, func(i int) string { return fmt.Sprintf("V%d=1\n", i) }), "compose.yml": server}
	}},
	{"merged", "100,000 keys merged into 3,000 services", one(func() string {
		return "x-a: &a\n" + repeated(100_000, func(i int) string { return fmt.Sprintf("  k%d: 1\n", i) }) + "services:\n" +
			repeated(3000, func(i int) string { return fmt.Sprintf("  s%d: {image: redis:7.4.6, labels: {<<: *a}}\n", i) })
	})},
	{"words", "16,000 words on one line", one(func() string {
		return server + "    command: redis-server " + strings.Repeat("--save 60 1 ", 5300) + "\n"
	})},
	{"shared", "a command of 28 KB that 500 services share", one(func() string {
		return "x-c: &c redis-server " + strings.Repeat("--save 60 1 ", 2400) + "\nservices:\n" +
			repeated(500, func(i int) string { return fmt.Sprintf("  s%d: {image: redis:7.4.6, command: *c}\n", i) })
	})},
	{"script", "a script of 250 KB in 1,000 services", func() map[string]string {
		return map[string]string{
			"start.sh": "#!/bin/sh\n" + strings.Repeat("echo \"hello world\" > /tmp/x\n", 9000) + "exec redis-server --maxmemory 1gb\n",
			"compose.yml": "services:\n" + repeated(1000, func(i int) string {
				return fmt.Sprintf("  s%d: {image: redis:7.4.6, entrypoint: /s.sh, volumes: [\"./start.sh:/s.sh\"]}\n", i)
			}),
		}
	}},
	{"extends", "a chain of 20,000 extends", one(func() string {
		return "services:\n  s0: {image: redis:7.4.6}\n" +
			repeated(20_000, func(i int) string { return fmt.Sprintf("  s%d: {extends: s%d, labels: {l%d: x}}\n", i+1, i, i) })
	})},
	{"depends", "23,000 services that each wait for the one before", one(func() string {
		return "services:\n  s0: {image: redis}\n" +
			repeated(23_000, func(i int) string { return fmt.Sprintf("  s%d: {image: redis, depends_on: [s%d]}\n", i+1, i) })
	})},
	{"top", "110,000 keys at the top level that Compose does not know", one(func() string {
		return server + repeated(110_000, func(i int) string { return fmt.Sprintf("k%d: 1\n", i) })
	})},
	{"repeated", "one key at the top level, 140,000 times", one(func() string { return server + strings.Repeat("x-a: b\n", 140_000) })},
	{"unknown", "190,000 directives that no server knows", func() map[string]string {
		lines := repeated(190_000, func(i int) string { return fmt.Sprintf("bogus%d 1\n", i) })
		return map[string]string{"redis.conf": lines, "compose.yml": mounted}
	}},
	{"references", "1,900,000 references in a variable of a `.env`", func() map[string]string {
		return map[string]string{".env": "A=" + strings.Repeat("$B", 1_900_000) + "\n", "compose.yml": server + "    command: redis-server --requirepass ${A}\n"}
	}},
	{"many", "40,000 services", one(func() string { return services(40_000) })},
	{"findings", "6,000 services with much to say of each", one(func() string {
		return "services:\n" + repeated(6000, func(i int) string {
			return fmt.Sprintf("  s%d:\n    image: redis\n    ports: [\"%d:6379\"]\n    command: redis-server --requirepass pw%d --maxmemory 1gb --bogus 1\n"+
				"    healthcheck: {test: [CMD, redis-cli, -a, pw%d, ping]}\n    mem_limit: 1g\n    environment: {REDIS_PASSWORD: pw%d}\n", i, 1+i, i, i, i)
		})
	})},
	{"confs", "6,000 services with a conf of 250 lines", func() map[string]string {
		return map[string]string{
			"redis.conf": strings.Repeat("maxmemory 100mb\nsave 60 1\n", 125),
			"compose.yml": "services:\n" + repeated(6000, func(i int) string {
				return fmt.Sprintf("  s%d: {image: redis:7.4.6, command: redis-server /r.conf, volumes: [\"./redis.conf:/r.conf\"]}\n", i)
			}),
		}
	}},
	{"line", "330,000 options on one line", one(func() string {
		return server + "    command: redis-server " + strings.Repeat("--save 60 1 ", 330_000) + "\n"
	})},
	{"dollars", "500,000 references with a default in one text", one(func() string {
		return server + "    command: \"" + strings.Repeat("${A:-x}", 500_000) + "\"\n"
	})},
}

func services(count int) string {
	return "services:\n" + repeated(count, func(i int) string {
		return fmt.Sprintf("  s%d:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 1gb\n", i)
	})
}
