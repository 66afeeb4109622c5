package e2e

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"
)

// loaded counts what a server answered to a load.
type loaded struct{ accepted, refused int }

var pipeSummary = regexp.MustCompile(`errors: (\d+), replies: (\d+)`)

// loadScript writes SET commands in the server's protocol to redis-cli. It
// makes them inside the container, because to send this much through docker
// exec takes several times as long as the server does. Its arguments are the
// prefix of the keys, the first number, the number after the last, the size of
// a value in bytes and the words that follow the value.
const loadScript = `
prefix=$1 number=$2 end=$3 bytes=$4
shift 4
options=
for word; do options="$options\$${#word}\r\n$word\r\n"; done
value=$(printf '%*s' "$bytes" v)
while [ "$number" -lt "$end" ]; do
	key=$prefix:$number
	printf "*$((3 + $#))\r\n\$3\r\nSET\r\n\$%d\r\n%s\r\n\$%d\r\n%s\r\n$options" ${#key} "$key" "$bytes" "$value"
	number=$((number + 1))
done | redis-cli --pipe`

// load sends one SET of a value of the given bytes for each number in [from,
// to), named after the prefix, through one connection. A lifetime of 0 seconds
// is none. Refusals for anything but lack of memory fail the test.
func (s *server) load(prefix string, from, to, bytes, lifetime int) loaded {
	s.t.Helper()
	arguments := []string{prefix, strconv.Itoa(from), strconv.Itoa(to), strconv.Itoa(bytes)}
	if lifetime > 0 {
		arguments = append(arguments, "EX", strconv.Itoa(lifetime))
	}
	left := s.shell(loadScript, "", arguments...)
	summary := pipeSummary.FindStringSubmatch(left.stdout)
	require.NotNil(s.t, summary, "redis-cli --pipe\n%.2000s%.2000s", left.stdout, left.stderr)
	refused, _ := strconv.Atoi(summary[1])
	replies, _ := strconv.Atoi(summary[2])
	require.Equal(s.t, to-from, replies, "replies")
	require.Equal(s.t, refused, strings.Count(left.stdout+left.stderr, "OOM command not allowed"),
		"refused for another reason:\n%.2000s%.2000s", left.stdout, left.stderr)
	return loaded{accepted: replies - refused, refused: refused}
}
