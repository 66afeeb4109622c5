package inspect

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// TestScriptsLeaveTheMachineAlone holds what a script asks for to what its
// project shows: no user, variable or file of the machine that rcomp runs on.
func TestScriptsLeaveTheMachineAlone(t *testing.T) {
	t.Setenv("RCOMP_PLANTED", "planted")
	for script, want := range map[string][]string{
		"exec redis-server --x ~nobody ~daemon/x":                             {"--x ~nobody ~daemon/x"},
		"A=x; exec redis-server --x ${A#~nobody} ${A:+~daemon}":               {"--x ${A#~nobody} ~daemon"},
		"exec redis-server --x $RCOMP_PLANTED $((RCOMP_PLANTED + 1))":         {"--x ${RCOMP_PLANTED} $((RCOMP_PLANTED + 1))"},
		"A=RCOMP_PLANTED; exec redis-server --x ${!A}":                        {"--x ${!A}"},
		"exec redis-server --x /etc/pass* /proc/self/env*":                    {"--x /etc/pass* /proc/self/env*"},
		"exec redis-server --x \"$(cat /etc/hostname)\" \"$(hostname)\" $UID": {"--x $(cat /etc/hostname) $(hostname) $UID"},
		"[ -f /etc/passwd ] && A=b; exec redis-server --x ${A:-c}":            {"--x b", "--x c"},
		"grep -q root /etc/passwd && A=b; exec redis-server --x ${A:-c}":      {"--x b", "--x c"},
	} {
		directory, err := filepath.EvalSymlinks(t.TempDir())
		require.NoError(t, err)
		starts, surely := shellCase{script: script}.followed(t, directory, bash, false)
		require.True(t, surely, script)
		for i, start := range starts {
			words, _, _ := strings.Cut(start, "\x00\x01")
			starts[i] = strings.ReplaceAll(unset.Plain(words), "\x00", " ")
		}
		assert.Equal(t, want, starts, script)
	}
}
