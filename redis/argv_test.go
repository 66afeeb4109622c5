package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// written shows options as lines of redis.conf.
func written(options []Option) string {
	var lines []string
	for _, option := range options {
		line := Quote(option.Name)
		for _, arg := range option.Args {
			line += " " + Quote(arg)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// argvCases were tried on real servers: those with a want for every release on
// Redis 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2, the others on 7.0.15. What the
// catalogue refuses (arity, values, names) starts no server either, but is not
// the grammar's business.
var argvCases = []struct {
	name  string
	words []string
	want  string // from 7.0 on
	old   string // 6.2 and KeyDB; "" the same
}{
	{name: "nothing"},
	{name: "pairs", words: []string{"--port", "7000", "--appendonly", "yes"}, want: `port 7000; appendonly yes`},
	{name: "several values", words: []string{"--save", "900", "1", "300", "10"}, want: `save 900 1 300 10`},
	{name: "one option twice", words: []string{"--save", "900", "1", "--save", "300", "10"}, want: `save 900 1; save 300 10`},
	{name: "one word with several values", words: []string{"--save", "900 1 300 10"}, want: `save "900 1 300 10"`},
	{name: "an option in one word", words: []string{"--save 60 1", "--appendonly no"}, want: `save 60 1; appendonly no`},
	{name: "a user rule in one word", words: []string{"--user alice on >pw +@all ~*"}, want: `user alice on >pw +@all ~*`},
	{name: "save off", words: []string{"--save", "", "--appendonly", "no"}, want: `save ""; appendonly no`},
	{name: "save off by two quotes", words: []string{"--save", `""`}, want: `save "\"\""`},
	{name: "save last", words: []string{"--appendonly", "no", "--save"}, want: `appendonly no; save ""`, old: `appendonly no; save`},
	{name: "save before an option", words: []string{"--save", "--appendonly", "yes"}, want: `save ""; appendonly yes`, old: `save; appendonly yes`},
	{name: "SAVE before an option", words: []string{"--SAVE", "--appendonly", "yes"}, want: `save ""; appendonly yes`, old: `save; appendonly yes`},
	{name: "save with a blank before an option", words: []string{"--save ", "--appendonly", "no"}, want: `save --appendonly no`, old: `save; appendonly no`},
	{name: "an empty value", words: []string{"--requirepass", ""}, want: `requirepass ""`},
	{name: "an option without its value last", words: []string{"--port", "1", "--requirepass"}, want: `port 1; requirepass`},
	{name: "an option without its value in the middle", words: []string{"--requirepass", "--appendonly", "yes"},
		want: `requirepass --appendonly yes`, old: `requirepass; appendonly yes`},
	{name: "two options without values", words: []string{"--masterauth", "--requirepass"},
		want: `masterauth --requirepass`, old: `masterauth; requirepass`},
	{name: "two options without values, then one with", words: []string{"--masterauth", "--requirepass", "--maxmemory", "10mb"},
		want: `masterauth --requirepass; maxmemory 10mb`, old: `masterauth; requirepass; maxmemory 10mb`},
	{name: "password is an option's name", words: []string{"--requirepass", "--masterauth"}, want: `requirepass --masterauth`, old: `requirepass; masterauth`},
	{name: "three options without values", words: []string{"--requirepass", "--masterauth", "--hz", "10"},
		want: `requirepass --masterauth; hz 10`, old: `requirepass; masterauth; hz 10`},
	{name: "quotes in a value", words: []string{"--proc-title-template", `it's "x" \ y`}, want: `proc-title-template "it's \"x\" \\ y"`},
	{name: "quotes in a name", words: []string{`--"maxmemory"`, "23mb"}, want: `maxmemory 23mb`},
	{name: "line end in a value", words: []string{"--proc-title-template", "a\nb"}, want: `proc-title-template "a\nb"`},
	{name: "line end in an option's word", words: []string{"--maxmemory 13mb\nappendfsync no"}, want: `maxmemory 13mb; appendfsync no`},
	{name: "dashes alone", words: []string{"--", "maxmemory", "11mb"}, want: `maxmemory 11mb`},
	{name: "dashes alone at the end", words: []string{"--hz", "10", "--"}, want: `hz 10`},
	{name: "dashes as a value", words: []string{"--proc-title-template", "--"}, want: `proc-title-template --`, old: `proc-title-template`},
	{name: "a comment", words: []string{"--#maxmemory", "12mb", "--hz", "10"}, want: `hz 10`},
	{name: "a value that begins with a dash", words: []string{"--repl-ping-replica-period", "-1"}, want: `repl-ping-replica-period -1`},
	{name: "equals sign", words: []string{"--maxmemory=10mb"}, want: `maxmemory=10mb`},
	{name: "upper case", words: []string{"--MaxMemory", "22mb"}, want: `maxmemory 22mb`},
	{name: "conf after an option", words: []string{"--appendonly", "yes", "redis.conf"}, want: `appendonly yes redis.conf`},
	{name: "include", words: []string{"--include", "/etc/a.conf"}, want: `include /etc/a.conf`},
	{name: "replicaof as one word", words: []string{"--replicaof", "host 6379"}, want: `replicaof "host 6379"`},
	{name: "version later", words: []string{"--hz", "10", "--version"}, want: `hz 10; version`},
	{name: "a bare policy", words: []string{"--volatile-random"}, want: `volatile-random`},
	{name: "shell text", words: []string{"--requirepass", "$(cat /run/secrets/x)"}, want: `requirepass "$(cat /run/secrets/x)"`},
	{name: "sentinel", words: []string{"--hz", "10", "--sentinel"}, want: `hz 10`},
	{name: "sentinel before an option", words: []string{"--sentinel", "--port", "26379"}, want: `port 26379`},
	{name: "sentinel line", words: []string{"--sentinel", "monitor", "m", "host", "6379", "2"}, want: `sentinel monitor m host 6379 2`},
}

func TestParseArgv(t *testing.T) {
	for _, c := range argvCases {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []Release{release70, release86, release91, {}} {
				argv, err := ParseArgv(c.words, r)
				require.NoError(t, err)
				assert.Equal(t, c.want, written(argv.Options), r.String())
				assert.Equal(t, -1, argv.ConfWord)
			}
			want := c.want
			if c.old != "" {
				want = c.old
			}
			for _, r := range []Release{release62, release63} {
				argv, err := ParseArgv(c.words, r)
				require.NoError(t, err)
				assert.Equal(t, want, written(argv.Options), r.String())
			}
		})
	}
}

// Tried on Redis 7.0.15.
func TestParseArgvConf(t *testing.T) {
	for _, c := range []struct {
		name  string
		words []string
		want  Argv
	}{
		{"first word", []string{"/etc/redis.conf", "--hz", "10"}, Argv{Conf: "/etc/redis.conf", Options: []Option{{"hz", []string{"10"}, 1, []int{2}}}}},
		{"first word without options", []string{"c.conf"}, Argv{Conf: "c.conf"}},
		{"a blank in front makes a conf file of an option", []string{" --appendonly"}, Argv{Conf: "--appendonly"}},
		{"blanks around it are dropped", []string{" c.conf\n"}, Argv{Conf: "c.conf"}},
		{"an empty word is the working directory, read as an empty file", []string{""}, Argv{}},
		{"bare words after it are an option", []string{"c.conf", "maxmemory", "10mb"}, Argv{Conf: "c.conf", Options: []Option{{"maxmemory", []string{"10mb"}, 1, []int{2}}}}},
		{"then the standard input", []string{"c.conf", "-"}, Argv{Conf: "c.conf", Stdin: true}},
		{"a shell as the first word", []string{"sh", "-c"}, Argv{Conf: "sh"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []Release{release62, release70, release91} {
				argv, err := ParseArgv(c.words, r)
				if c.words[0] == "sh" {
					require.Error(t, err)
				} else {
					require.NoError(t, err)
				}
				assert.Equal(t, c.want, argv)
			}
		})
	}
}

func TestParseArgvModes(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  Argv
		old   string // Inert before 7.0, where it differs
	}{
		{words: []string{"-"}, want: Argv{ConfWord: -1, Stdin: true}},
		{words: []string{"--hz", "10", "-"}, want: Argv{ConfWord: -1, Stdin: true, Options: []Option{{"hz", []string{"10"}, 0, []int{1}}}}},
		{words: []string{"--version"}, want: Argv{ConfWord: -1, Inert: "--version"}},
		{words: []string{"-v", "x"}, want: Argv{ConfWord: -1, Inert: "-v"}},
		{words: []string{"-h"}, want: Argv{ConfWord: -1, Inert: "-h"}},
		{words: []string{"--help"}, want: Argv{ConfWord: -1, Inert: "--help"}},
		{words: []string{"--test-memory", "10"}, want: Argv{ConfWord: -1, Inert: "--test-memory"}},
		{words: []string{"s.conf", "--sentinel"}, want: Argv{Conf: "s.conf", Sentinel: true}},
	} {
		for _, r := range []Release{release62, release70, release91} {
			argv, err := ParseArgv(c.words, r)
			require.NoError(t, err)
			assert.Equal(t, c.want, argv)
		}
	}
	argv, err := ParseArgv([]string{"--check-system"}, release70)
	require.NoError(t, err)
	assert.Equal(t, "--check-system", argv.Inert)
	argv, err = ParseArgv([]string{"--check-system"}, release62)
	require.NoError(t, err)
	assert.Equal(t, "check-system", written(argv.Options))

	// Any word says it, even as another option's value: tried on Redis 7.0.15.
	argv, err = ParseArgv([]string{"s.conf", "--requirepass", "--sentinel"}, release70)
	require.NoError(t, err)
	assert.True(t, argv.Sentinel)
	assert.Equal(t, "requirepass --sentinel", written(argv.Options))
}

// Tried on Redis 7.0.15: none of these starts.
func TestParseArgvErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		words []string
		want  ArgvError
		rest  string
	}{
		{"-c file", []string{"-c", "redis.conf"}, ArgvError{0, `"-c" is no option: options begin with "--", and the conf file is the first word, without any option before it`}, ""},
		{"three dashes", []string{"--hz", "10", "---maxmemory", "9mb"}, ArgvError{2, `"-maxmemory" is no option: options begin with "--", and the conf file is the first word, without any option before it`}, "hz 10"},
		{"standard input between", []string{"c.conf", "-", "--hz", "10"}, ArgvError{1, `"-" is no option: options begin with "--", and the conf file is the first word, without any option before it`}, "hz 10"},
		{"an empty word as an option", []string{"c.conf", "", "x"}, ArgvError{1, "an empty word stands where an option is expected; the server refuses it"}, ""},
		{"open quote in an option's word", []string{"--hz", "10", "--maxmemory 'it", "--port", "1"}, ArgvError{2, "unbalanced quotes: the opening quote has no closing one"}, "hz 10; port 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			argv, err := ParseArgv(c.words, release70)
			var argvError *ArgvError
			require.ErrorAs(t, err, &argvError)
			assert.Equal(t, c.want, *argvError)
			assert.Equal(t, c.rest, written(argv.Options))
		})
	}
}

func TestParseArgvWords(t *testing.T) {
	argv, err := ParseArgv([]string{"c.conf", "--save 60 1", "--user", "alice on", ">pw", "--masterauth", "--requirepass"}, release70)
	require.NoError(t, err)
	assert.Equal(t, []Option{
		{"save", []string{"60", "1"}, 1, []int{1, 1}},
		{"user", []string{"alice on", ">pw"}, 2, []int{3, 4}},
		{"masterauth", []string{"--requirepass"}, 5, []int{6}},
	}, argv.Options)
}

func FuzzParseArgv(f *testing.F) {
	for _, c := range argvCases {
		f.Add(strings.Join(c.words, "\x00"))
	}
	f.Fuzz(func(t *testing.T, joined string) {
		words := strings.Split(joined, "\x00")
		for _, r := range []Release{release62, release70, release91} {
			argv, err := ParseArgv(words, r)
			if err != nil {
				var argvError *ArgvError
				require.ErrorAs(t, err, &argvError)
				require.Contains(t, indices(words), argvError.Word)
			}
			for _, option := range argv.Options {
				require.Len(t, option.ArgWords, len(option.Args))
				last := option.Word
				for _, word := range option.ArgWords {
					require.GreaterOrEqual(t, word, last)
					last = word
				}
				require.Contains(t, indices(words), last)
			}
		}
	})
}

func indices(words []string) map[int]bool {
	known := map[int]bool{}
	for i := range words {
		known[i] = true
	}
	return known
}
