package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"
)

// loaded counts what a server answered to a load.
type loaded struct{ accepted, refused int }

var pipeSummary = regexp.MustCompile(`errors: (\d+), replies: (\d+)`)

// load sends one SET of a value of the given bytes for each number in [from, to), named after the prefix, through one connection.
// A lifetime of 0 seconds is none. Refusals for anything but lack of memory fail the test.
func (s *server) load(prefix string, from, to, bytes, lifetime int) loaded {
	s.t.Helper()
	var commands strings.Builder
	value := strings.Repeat("v", bytes)
	for number := from; number < to; number++ {
		words := []string{"SET", fmt.Sprintf("%s:%d", prefix, number), value}
		if lifetime > 0 {
			words = append(words, "EX", strconv.Itoa(lifetime))
		}
		fmt.Fprintf(&commands, "*%d\r\n", len(words))
		for _, word := range words {
			fmt.Fprintf(&commands, "$%d\r\n%s\r\n", len(word), word)
		}
	}
	left := s.ask(commands.String(), "--pipe")
	summary := pipeSummary.FindStringSubmatch(left.stdout)
	require.NotNil(s.t, summary, "redis-cli --pipe\n%.2000s%.2000s", left.stdout, left.stderr)
	refused, _ := strconv.Atoi(summary[1])
	replies, _ := strconv.Atoi(summary[2])
	require.Equal(s.t, to-from, replies)
	require.Equal(s.t, refused, strings.Count(left.stdout+left.stderr, "OOM command not allowed"),
		"refused for another reason:\n%.2000s%.2000s", left.stdout, left.stderr)
	return loaded{accepted: replies - refused, refused: refused}
}
