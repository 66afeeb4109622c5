package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Bounds of what any of the bombs may cost. Both count, and look at no clock.
const (
	mostAllocated = 1 << 30 // bytes, over the whole run
	mostPrinted   = 2 << 20 // bytes
)

// numbered repeats a text with a number in it.
func numbered(times int, format string) string {
	var b strings.Builder
	for i := range times {
		b.WriteString(strings.ReplaceAll(format, "%", fmt.Sprint(i)))
	}
	return b.String()
}

func confBomb(conf string) map[string]string {
	return map[string]string{composeFile: withConf, "redis.conf": conf}
}

func scriptBomb(script string) map[string]string {
	return map[string]string{composeFile: withScript, "start.sh": script}
}

func sentinelBomb(conf string) map[string]string {
	return map[string]string{composeFile: server + "    command: redis-sentinel /s.conf\n    volumes: ['./s.conf:/s.conf']\n", "s.conf": conf}
}

func composeBomb(text string) map[string]string { return map[string]string{composeFile: text} }

// bombs are small inputs that mean much, each in two forms.
var bombs = map[string][2]map[string]string{
	"variables that double": {
		{composeFile: server + "    command: redis-server --dir ${A27}\n", ".env": "A0=aaaaaaaa\n" + strings.Join(doublings(27), "")},
		{composeFile: server + "    env_file: x.env\n", "x.env": "A=aaaaaaaa\n" + strings.Repeat("A=$A$A\n", 60)},
	},
	"one directive again and again":   {confBomb(strings.Repeat("maxclients 100\n", 10_000)), confBomb(strings.Repeat("save 60 1\n", 10_000))},
	"a command that services share":   {composeBomb("x-c: &c redis-server " + strings.Repeat("--save 60 1 ", 2300) + "\nservices:\n" + numbered(500, "  s%: {image: redis, command: *c}\n")), composeBomb("x-s: &s {image: redis, healthcheck: {test: 'redis-cli " + strings.Repeat("ping ", 5000) + "'}}\nservices:\n" + numbered(500, "  s%: {<<: *s}\n"))},
	"an anchor of a megabyte":         {composeBomb("x-a: &a " + strings.Repeat("a", 1<<20) + "\n" + server + "    labels: [" + strings.Repeat("*a,", 3000) + "]\n"), composeBomb("x-a: &a {k: " + strings.Repeat("a", 1<<20) + "}\n" + server + "    environment: {A: {<<: [" + strings.Repeat("*a,", 3000) + "]}}\n")},
	"ranges of ports":                 {composeBomb(server + "    ports:\n" + strings.Repeat("      - '1-65535:1-65535'\n", 10)), composeBomb(server + "    expose:\n" + strings.Repeat("      - '1-65535'\n", 10))},
	"many services, one of them ill":  {composeBomb("services:\n" + numbered(1000, "  s%: {image: redis}\n") + "  last: {image: redis, memory: 1}\n"), composeBomb("services:\n" + numbered(1000, "  s%: {image: redis, extends: s0}\n") + "  last: {extends: none}\n")},
	"words on a line":                 {composeBomb(server + "    command: redis-server " + strings.Repeat("--save 60 1 ", 5000) + "\n"), confBomb("bind " + strings.Repeat("a ", 16_000) + "\n")},
	"keys of a mapping":               {composeBomb(server + "    environment:\n" + numbered(20_000, "      A%: b\n")), composeBomb(server + numbered(20_000, "x-%: 1\n"))},
	"variables of a file":             {{composeFile: server + "    env_file: x.env\n", "x.env": numbered(40_000, "A%=b\n")}, {composeFile: server, ".env": numbered(40_000, "A%='$A0'\n")}},
	"a script of many services":       {{composeFile: "services:\n" + numbered(300, "  s%: {image: redis, entrypoint: /start.sh, volumes: ['./start.sh:/start.sh']}\n"), "start.sh": strings.Repeat("true\n", 50_000)}, {composeFile: "services:\n" + numbered(300, "  s%: {image: redis, command: redis-server /r.conf, volumes: ['./r.conf:/r.conf']}\n"), "r.conf": strings.Repeat("hz 10\n", 40_000)}},
	"documents":                       {composeBomb(server + strings.Repeat("---\n", 250_000)), composeBomb(server + strings.Repeat("--- x\n", 250_000))},
	"faults":                          {composeBomb(server + numbered(20_000, "k%: 1\n")), composeBomb(server + strings.Repeat("x-a: b\n", 20_000))},
	"confs that include each other":   {confBomb(strings.Repeat("include /etc/redis.conf\n", 10_000)), confBomb(numbered(10_000, "dir /x%\ninclude ../etc/redis.conf\n"))},
	"directives that no server knows": {confBomb(numbered(100_000, "bogus% 1\n")), confBomb(strings.Repeat("maxmemory 1x\n", 100_000))},
	"references in a variable":        {{composeFile: withDotenv, ".env": "REDIS_PASSWORD=" + strings.Repeat("$B", 1_900_000) + "\n"}, {composeFile: withDotenv, ".env": "REDIS_PASSWORD=" + strings.Repeat("${B:-c}", 500_000) + "\n"}},
	"users that services share": {
		{composeFile: "services:\n" + numbered(1500, "  s%: {image: 'redis:7.4', command: redis-server --aclfile /u.acl, volumes: ['./u.acl:/u.acl']}\n"), "u.acl": numbered(6000, "user u% on >p% +@all ~*\n")},
		{composeFile: "services:\n" + numbered(1500, "  s%: {image: 'redis:7.4', command: redis-server --aclfile /u.acl, volumes: ['./u.acl:/u.acl']}\n"), "u.acl": numbered(6000, "user u% on >p% +@all ~*\n") + "bogus\n"},
	},
	"a check that services share": {
		{composeFile: "services:\n" + numbered(1500, "  s%: {image: 'redis:7.4', environment: {REDIS_ARGS: a}, healthcheck: {test: /h.sh}, volumes: ['./h.sh:/h.sh']}\n"), "h.sh": "#!/bin/sh\n" + strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", 900)},
		{composeFile: "services:\n" + numbered(1500, "  s%: {image: 'redis:7.4', entrypoint: /h.sh, volumes: ['./h.sh:/h.sh']}\n"), "h.sh": "#!/bin/sh\n" + strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", 900)},
	},
	"a long conf that a script reads in several ways": {
		{composeFile: server + "    entrypoint: /start.sh\n    volumes: [./start.sh:/start.sh, ./r.conf:/r.conf]\n", "start.sh": waysOf(2) + "exec redis-server /r.conf \"$@\"\n", "r.conf": numbered(30_000, "save % 1\n")},
		{composeFile: server + "    entrypoint: /start.sh\n    volumes: [./start.sh:/start.sh, ./r.conf:/r.conf]\n", "start.sh": waysOf(2) + "exec redis-server /r.conf \"$@\"\n", "r.conf": numbered(30_000, "user u% on >p%\n")},
	},
	"variables that services share": {
		{composeFile: "services:\n" + numbered(50, "  s%: {image: redis, env_file: x.env}\n"), "x.env": numbered(200_000, "V%=1\n")},
		{composeFile: "services:\n" + numbered(50, "  s%: {image: redis, env_file: [{path: x.env, format: raw}]}\n"), "x.env": numbered(200_000, "V%=1\n")},
	},
	"masters of a sentinel": {
		sentinelBomb(numbered(30_000, "sentinel monitor m% h% 6379 2\n")),
		sentinelBomb(numbered(15_000, "sentinel monitor m% h% 6379 2\nsentinel auth-pass m% p%\n")),
	},
	"scripts that double": {scriptBomb("A=aaaaaaaa\n" + strings.Repeat("A=$A$A\n", 60) + "exec redis-server --dir $A\n"), scriptBomb("a0() { :; }\n" + functions(60) + "a60\n")},
}

func doublings(times int) []string {
	var lines []string
	for i := range times {
		lines = append(lines, fmt.Sprintf("A%d=${A%d}${A%d}\n", i+1, i, i))
	}
	return lines
}

// waysOf is a script that starts its server in as many ways as two to a power.
func waysOf(power int) string {
	return numbered(power, "if [ -n \"$A%\" ]; then set -- \"$@\" --databases 1%; fi\n")
}

func functions(times int) string {
	var b strings.Builder
	for i := range times {
		fmt.Fprintf(&b, "a%d() { a%d; a%d; }\n", i+1, i, i)
	}
	return b.String()
}

// TestBombs: what they cost is bounded, in memory and in what is printed.
func TestBombs(t *testing.T) {
	for name, forms := range bombs {
		for i, files := range forms {
			t.Run(fmt.Sprint(name, ", ", i), func(t *testing.T) {
				t.Chdir(t.TempDir())
				for path, content := range files {
					write(t, filepath.FromSlash(path), content)
				}
				for _, arguments := range [][]string{{"lint"}, {"inspect", composeFile}} {
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					got := rcomp(arguments...)
					runtime.ReadMemStats(&after)
					assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(mostAllocated), "%q", arguments)
					assert.Less(t, len(got.stdout)+len(got.stderr), mostPrinted, "%q", arguments)
					assert.NotEmpty(t, got.stdout+got.stderr, "%q", arguments)
				}
			})
		}
	}
}
