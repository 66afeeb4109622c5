package inspect

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSedIsWhatSedDoes compares with what GNU sed 4.9 printed.
// RCOMP_SED names a sed to compare with anew.
func TestSedIsWhatSedDoes(t *testing.T) {
	for _, c := range []struct {
		script   string
		extended bool
		text     string
		want     string
	}{
		{`s/a/b/`, false, "aaa\nca\n", "baa\ncb\n"},
		{`s/a/b/g`, false, "aaa\nca", "bbb\ncb"},
		{`s/A/b/Ig`, false, "aAa\n", "bbb\n"},
		{`s|/etc/x|/y|`, false, "dir /etc/x\n", "dir /y\n"},
		{`s/\$PORT/6380/g`, false, "port $PORT\n", "port 6380\n"},
		{`s/$PORT/6380/g`, false, "port $PORT\n", "port 6380\n"},
		{`s/\${PORT}/6380/`, false, "port ${PORT}\n", "port 6380\n"},
		{`s/^bind .*/bind 0.0.0.0/`, false, "bind 127.0.0.1 -::1\n# bind\n", "bind 0.0.0.0\n# bind\n"},
		{`s/^# *\(requirepass\) .*$/\1 secret/`, false, "# requirepass foobared\n", "requirepass secret\n"},
		{`s/^# *(requirepass) .*$/\1 secret/`, true, "# requirepass foobared\n", "requirepass secret\n"},
		{`s/port/[&]/`, false, "port 1\n", "[port] 1\n"},
		{`s/port/\&/`, false, "port 1\n", "& 1\n"},
		{`s/a\|b/x/g`, false, "ab|\n", "xx|\n"},
		{`s/a|b/x/g`, false, "ab a|b\n", "ab x\n"},
		{`s/a+/x/`, false, "aa a+\n", "aa x\n"},
		{`s/a\+/x/`, false, "aa a+\n", "x a+\n"},
		{`s/*x/y/`, false, "*x\n", "y\n"},
		{`s/[.]conf/X/`, false, "a.conf aconf\n", "aX aconf\n"},
		{`s/[]]/x/`, false, "a]b\n", "axb\n"},
		{`s/[[:digit:]]\{2\}/N/g`, false, "1 22 333\n", "1 N N3\n"},
		{`s/x*/-/g`, false, "abc\n", "-a-b-c-\n"},
		{`/^#/d`, false, "# a\nb\n#c", "b\n"},
		{`/^$/d;s/b/c/`, false, "b\n\nb\n", "c\nc\n"},
		{`/save/s/1/2/g`, false, "save 1 1\nhz 11\n", "save 2 2\nhz 11\n"},
		{`s/a/1\n2/`, false, "a\n", "1\n2\n"},
		{`s,a\,b,x,`, false, "a,b\n", "x\n"},
		{`s/one\|one two/x/`, false, "one two\n", "x\n"},
		{"s/a/b/\ns/b/c/g", false, "ab\n", "cc\n"},
		{"p", false, "a\nb", "a\na\nb\nb"},
		{"1d", false, "a\nb\n", "b\n"},
		{"$d", false, "a\nb\n", "a\n"},
		{"/a/!d", false, "a\nb\nca\n", "a\nca\n"},
		{"2!s/^/# /", false, "a\nb\nc\n", "# a\nb\n# c\n"},
		{"/port/a hz 20", false, "port 1\nport 2\n", "port 1\nhz 20\nport 2\nhz 20\n"},
		{"1i hz 20", false, "port 1\nport 2", "hz 20\nport 1\nport 2"},
		{"/port/c hz 20", false, "port 1\nb\n", "hz 20\nb\n"},
		{"$a hz 20", false, "a\nb", "a\nb\nhz 20\n"},
		{"$a hz 20", false, "a\nb\n", "a\nb\nhz 20\n"},
	} {
		if sed := os.Getenv("RCOMP_SED"); sed != "" {
			arguments := []string{c.script}
			if c.extended {
				arguments = []string{"-E", c.script}
			}
			command := exec.Command(sed, arguments...)
			input, err := command.StdinPipe()
			require.NoError(t, err)
			_, err = input.Write([]byte(c.text))
			require.NoError(t, err)
			require.NoError(t, input.Close())
			out, err := command.Output()
			require.NoError(t, err, c.script)
			assert.Equal(t, c.want, string(out), "what sed prints for %s", c.script)
		}
		program, ok := parseSed(c.script, c.extended)
		require.True(t, ok, c.script)
		assert.Equal(t, c.want, (&shell{following: &following{most: maxWork}}).edit(program, c.text, false), c.script)
	}
	for _, script := range []string{
		"", "s/a/b", "s/a/b/p", "s/a/b/2", "s/a/b/e", "s/a/b/w x", "2,3s/a/b/", "/a/,/b/d", "/a/{d}", "a\\\ntext", "y/a/b/", "n", "q", "1~2d", "s//b/", "s/\\(a/b/", "s/a/b/;;q", unknown("$X"), "s/" + unknown("$X") + "/b/",
	} {
		_, ok := parseSed(script, false)
		assert.False(t, ok, script)
	}
}
