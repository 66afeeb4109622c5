package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHostNetwork starts a server on the host's own network: it listens where
// its intent says and nowhere else, with what other servers have.
func TestHostNetwork(t *testing.T) {
	sideBySide(t)
	oneRelease(t, 0, func(t *testing.T, release release) {
		s := newStack(t)
		port := freePort(t)
		s.write("redis.toml", fmt.Sprintf("name = %q\nrole = \"queue\"\nmemory = \"128M\"\nengine = %q\nversion = %q\nnetwork-mode = \"host\"\npublish = \"127.0.0.1:%d\"\n",
			generatedName, release.engine, release.version, port))
		mustRun(t, s.directory, rcompPath(t), "gen")
		s.requireSilentLint()
		s.up()
		ask := func(words ...string) result {
			return s.only().ask("", append([]string{"-e", "-p", strconv.Itoa(port)}, words...)...)
		}
		assert.Equal(t, "PONG\n", ask("ping").stdout)
		assert.Contains(t, s.server(generatedName).ask("", "-p", strconv.Itoa(port), "ping").stdout, "NOAUTH")
		assert.Equal(t, "host", s.only().inspect("{{.HostConfig.NetworkMode}}"))
		assert.Equal(t, []string{"tcp 0100007F"}, listeners(t, port))

		var reported map[string]string
		require.NoError(t, json.Unmarshal([]byte(ask("--json", "config", "get", "*").stdout), &reported))
		compareConfiguration(t, s.inspectAll()[generatedName], reported, "requirepass") // which is in no file that is committed
		require.Equal(t, "OK\n", ask("set", "kept", "x").stdout)
		s.mustCompose("up", "--detach", "--wait", "--force-recreate")
		assert.Equal(t, "x\n", ask("get", "kept").stdout)
	})
}

// listeners are the addresses on which anybody on this host listens on a port,
// as the kernel writes them: 127.0.0.1 is 0100007F.
func listeners(t *testing.T, port int) []string {
	t.Helper()
	const listening = "0A" // of the states in include/net/tcp_states.h
	var found []string
	for _, table := range []string{"tcp", "tcp6"} {
		content, err := os.ReadFile("/proc/net/" + table)
		require.NoError(t, err)
		for line := range strings.Lines(string(content)) {
			fields := strings.Fields(line)
			if address, has := strings.CutSuffix(fields[1], fmt.Sprintf(":%04X", port)); has && fields[3] == listening {
				found = append(found, table+" "+address)
			}
		}
	}
	return found
}
