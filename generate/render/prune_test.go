package render

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// lacking is a deployment without some directives.
type lacking []string

func (l lacking) Keeps(name string, arguments []string) bool { return !slices.Contains(l, name) }

const whole = `# Made by a test.
#
# It says everything.

# --- One

# Of a and b.
a 1
b 2

c 3

# Of d.
d 4

e 5
# A note.

# --- Two

# Of f.
f

# --- Three

# Without a directive.

# --- From [redis] in redis.toml

a 9
`

func TestPrune(t *testing.T) {
	for _, c := range []struct {
		name  string
		lacks lacking
		want  string
	}{
		{"all but what has no value, and its heading", nil, `# Made by a test.
#
# It says everything.

# --- One

# Of a and b.
a 1
b 2
c 3

# Of d.
d 4
e 5
# A note.

# --- Three

# Without a directive.

# --- From [redis] in redis.toml

a 9
`},
		{"a comment stays with one of its directives, and goes with all", lacking{"a", "d"}, `# Made by a test.
#
# It says everything.

# --- One

# Of a and b.
b 2
c 3
e 5
# A note.

# --- Three

# Without a directive.

# --- From [redis] in redis.toml

a 9
`},
		{"the first of a section", lacking{"a", "b"}, `# Made by a test.
#
# It says everything.

# --- One

c 3

# Of d.
d 4
e 5
# A note.

# --- Three

# Without a directive.

# --- From [redis] in redis.toml

a 9
`},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, prune(whole, c.lacks)) })
	}
	assert.Equal(t, "# Head.\n\n# --- One\n\na 1\n", prune("# Head.\n\n# --- One\n\na 1\n\n# --- From [redis] in x\n\n", lacking(nil)), "no heading of nothing")
}
