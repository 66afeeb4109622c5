package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Tried with ACL SETUSER and as lines of redis.conf on Redis 7.0.15, 8.0.2,
// Valkey 8.1.1 and 9.1.2.
func TestCheckUser(t *testing.T) {
	hash := "#" + strings.Repeat("0a", 32)
	for _, c := range []struct {
		words   []string
		modules bool
		arg     int
		bad     bool
	}{
		{[]string{"alice"}, false, 0, false},
		{strings.Fields("alice ON nopass AllKeys ~* %R~x &c +get +GET -@Read +config|get >p <p " + hash + " resetkeys ~y"), false, 0, false},
		{strings.Fields("alice on (~x nonsense) nonsense"), false, 0, false},
		{strings.Fields("alice db=1,2 alldbs"), false, 0, false},
		{[]string{"alice", "on", ""}, false, 0, false},
		{strings.Fields("alice on +@search"), true, 0, false},
		{strings.Fields("alice on +@search"), false, 2, true},
		{strings.Fields("alice on secret"), false, 2, true},
		{strings.Fields("alice #abc"), false, 1, true},
		{strings.Fields("alice allkeys ~x"), false, 2, true},
		{strings.Fields("alice +"), false, 1, true},
		{[]string{"alice", "+set >secret"}, false, 1, true},
		{[]string{"alice on >secret"}, false, 0, true},
	} {
		arg, message := CheckUser(c.words, c.modules)
		assert.Equal(t, c.arg, arg, "%q", c.words)
		assert.Equal(t, c.bad, message != "", "%q: %s", c.words, message)
		assert.NotContains(t, message, "secret")
	}
}
