package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

func plain(text string) string { return unset.Plain(text) }

// What a health check calls. "-" stands for one that cannot be followed.
func TestHealth(t *testing.T) {
	for _, c := range []struct{ name, test, want string }{
		{"exec", `["CMD", "redis-cli", "ping"]`, "redis-cli ping @7:21"},
		{"exec with a password", `["CMD", "redis-cli", "-a", "x", "ping"]`, "redis-cli -a x ping @7:21 password"},
		{"a pipe that is none", `["CMD", "redis-cli", "ping", "|", "grep", "PONG"]`, "redis-cli ping | grep PONG @7:21"},
		{"shell", `["CMD-SHELL", "redis-cli ping | grep PONG"]`, "redis-cli ping @7:28 checked"},
		{"string", `redis-cli ping || exit 1`, "redis-cli ping @7:13"},
		{"password of the container", `["CMD-SHELL", "redis-cli -a \"$$PASSWORD\" ping"]`, "redis-cli -a abc ping @7:28 password expanded"},
		{"environment in front", `["CMD-SHELL", "REDISCLI_AUTH=$$PASSWORD redis-cli ping"]`, "redis-cli ping @7:53 REDISCLI_AUTH=abc"},
		{"test of the reply", `["CMD-SHELL", "[ \"$$(redis-cli ping)\" = PONG ]"]`, "redis-cli ping @7:35 checked"},
		{"bash's test", `["CMD-SHELL", "[[ $$(redis-cli ping) == PONG ]]"]`, "redis-cli ping @7:34 checked"},
		{"timeout", `["CMD", "timeout", "3", "redis-cli", "ping"]`, "redis-cli ping @7:37"},
		{"timeout in a shell", `["CMD-SHELL", "timeout -s KILL 3 redis-cli ping"]`, "redis-cli ping @7:46"},
		{"sh -c", `["CMD", "sh", "-c", "redis-cli ping"]`, "redis-cli ping @7:34"},
		{"a script of the project", `["CMD", "/check.sh"]`, "redis-cli -a x ping @check.sh:2:1 password"},
		{"a script by its shell", `["CMD", "sh", "/check.sh"]`, "redis-cli -a x ping @check.sh:2:1 password"},
		{"a script by a shell", `["CMD-SHELL", "/check.sh"]`, "redis-cli -a x ping @check.sh:2:1 password"},
		{"a script in a shell", `["CMD-SHELL", "sh /check.sh || exit 1"]`, "redis-cli -a x ping @check.sh:2:1 password"},
		{"a script that is not there", `["CMD", "/other.sh"]`, "-"},
		{"another program", `["CMD", "nc", "-z", "localhost", "6379"]`, "-"},
		{"another program in a shell", `["CMD-SHELL", "nc -z localhost 6379"]`, ""},
		{"none", `["NONE"]`, "-"},
		{"two calls", `["CMD-SHELL", "redis-cli ping && redis-cli info"]`, "redis-cli ping @7:28, redis-cli info @7:46"},
		{"not a shell's text", `["CMD-SHELL", "if then ("]`, "-"},
		{"valkey", `["CMD", "valkey-cli", "--no-auth-warning", "ping"]`, "valkey-cli --no-auth-warning ping @7:21"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := service(t, `services:
  cache:
    image: redis:7.2
    environment: {PASSWORD: abc}
    volumes: [./check.sh:/check.sh]
    healthcheck:
      test: `+c.test+"\n-- check.sh --\n#!/bin/sh\nredis-cli -a x ping\n")
			probes, seen := s.Health()
			assert.Equal(t, c.want, probed(s, probes, seen))
		})
	}
}

// Scripts that call each other, or branch at each call, end.
func TestHealthOfScriptsThatCallThemselves(t *testing.T) {
	_, seen := service(t, `services:
  cache:
    image: redis:7.2
    volumes: [./check.sh:/check.sh]
    healthcheck: {test: [CMD, /check.sh]}
-- check.sh --
sh /check.sh
/check.sh
`).Health()
	assert.False(t, seen)
}

func TestHealthIsOff(t *testing.T) {
	for _, check := range []string{"", "    healthcheck: {disable: true}\n", "    healthcheck: {interval: 5s}\n"} {
		_, seen := service(t, "services:\n  cache:\n    image: redis:7.2\n"+check).Health()
		assert.False(t, seen, check)
	}
}

// probed prints the calls of a check.
func probed(s *inspect.Service, probes []inspect.Probe, seen bool) string {
	if !seen {
		return "-"
	}
	var all []string
	for _, p := range probes {
		at := fmt.Sprintf("%d:%d", p.At.Start.Line, p.At.Start.Column)
		if p.At.File != "compose.yml" {
			at = p.At.File + ":" + at
		}
		text := fmt.Sprintf("%s %s @%s", p.Program, strings.Join(p.Words, " "), at)
		for name, value := range p.Environment {
			text += " " + name + "=" + value
		}
		if p.Checked {
			text += " checked"
		}
		if p.PasswordGiven {
			text += " password"
		}
		if p.Expanded {
			text += " expanded"
		}
		all = append(all, plain(text))
	}
	return strings.Join(all, ", ")
}
