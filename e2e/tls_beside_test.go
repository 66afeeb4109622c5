package e2e

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestClientsMoveToTLS brings one server to TLS under a client that knows
// nothing of it and one that has moved, as docs/changes.md says: each is served
// until it need not be.
func TestClientsMoveToTLS(t *testing.T) {
	sideBySide(t)
	oneRelease(t, 3, func(t *testing.T, release release) {
		const beside, alone = "[tls]\nauthority = \"development\"\nport = 6380\nplain-text = true\n", "[tls]\nauthority = \"development\"\nport = 6380\n"
		s := newStack(t)
		s.intendQueue(release, "")
		mustRun(t, s.directory, rcompPath(t), "gen")
		s.up()
		queue := s.server("shop").withPassword(s.secret("redis"))
		queue.command("set", readKey, "kept")
		stays := startReading(t, "kept", queue)

		s.rollOut(release, beside)
		assert.Equal(t, "PONG", queue.command("ping"), "without TLS")
		moved := (&reader{t: t, servers: []*server{queue}, want: "kept", port: "6380", encryption: &tls.Config{RootCAs: s.trust(), ServerName: "shop"}}).start()
		counts := func(what string) {
			t.Helper()
			eventually(t, "the README's command says "+what, func() bool { return strings.Contains(s.typed("client list"), what) })
		}
		counts("1 of 3 clients come without TLS")
		stays.stop()
		counts("0 of 2 clients come without TLS")

		s.rollOut(release, alone)
		assert.Contains(t, queue.ask("", "ping").stderr, "Connection refused", "the port without TLS is closed")
		moved.stop()
	})
}

// intendQueue writes the intent of a queue with lines more.
func (s *stack) intendQueue(release release, lines string) {
	s.t.Helper()
	s.write("redis.toml", fmt.Sprintf("name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\nengine = %q\nversion = %q\n%s", release.engine, release.version, lines))
}

// rollOut changes the intent of a queue that runs, and types what gen says comes next.
func (s *stack) rollOut(release release, lines string) {
	s.t.Helper()
	s.intendQueue(release, lines)
	next := nextOf(s.t, mustRun(s.t, s.directory, rcompPath(s.t), "gen"))
	typed(s.t, s.directory, strings.Join(next, "\n"), "COMPOSE_PROJECT_NAME="+s.project)
}
