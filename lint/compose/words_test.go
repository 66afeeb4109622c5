package compose_test

import (
	"strings"
	"testing"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// command loads a service whose command is written as given.
func command(t *testing.T, written string) (*compose.Project, *compose.Service, compose.Command) {
	project := sound(t, "services:\n  redis:\n    image: redis\n    command: "+written+"\n-- .env --\nPW=secret\nTWO=\"--dir /data\"\n")
	service := project.Service("redis")
	found, ok := service.Command("command")
	require.True(t, ok)
	return project, service, found
}

// What compose-go 2.16.2 makes of each, and where the words stand.
func TestCommandWords(t *testing.T) {
	for _, test := range []struct {
		name, written string
		words         []string // as Compose has them
		places        []string // line:column text
	}{
		{
			name: "plain", written: "redis-server --appendonly yes",
			words:  []string{"redis-server", "--appendonly", "yes"},
			places: []string{"4:14 redis-server", "4:27 --appendonly", "4:40 yes"},
		},
		{
			name: "double quoted", written: `"redis-server --save '' --dir /d"`,
			words:  []string{"redis-server", "--save", "", "--dir", "/d"},
			places: []string{"4:15 redis-server", "4:28 --save", "4:35 ''", "4:38 --dir", "4:44 /d"},
		},
		{
			name: "double quoted with escapes", written: `"redis-server --save \"\" --dir /d"`,
			words:  []string{"redis-server", "--save", "", "--dir", "/d"},
			places: []string{"4:15 redis-server", "4:28 --save", `4:35 \"\"`, "4:40 --dir", "4:46 /d"},
		},
		{
			name: "single quoted", written: `'redis-server --save "" --dir /d'`,
			words:  []string{"redis-server", "--save", "", "--dir", "/d"},
			places: []string{"4:15 redis-server", "4:28 --save", `4:35 ""`, "4:38 --dir", "4:44 /d"},
		},
		{
			name: "single quoted with a quote doubled", written: `'redis-server --save '''' --dir /d'`,
			words:  []string{"redis-server", "--save", "", "--dir", "/d"},
			places: []string{"4:15 redis-server", "4:28 --save", "4:35 ''''", "4:40 --dir", "4:46 /d"},
		},
		{
			name: "literal", written: "|\n      redis-server\n      --save 60 1\n      --appendonly yes",
			words:  []string{"redis-server", "--save", "60", "1", "--appendonly", "yes"},
			places: []string{"5:7 redis-server", "6:7 --save", "6:14 60", "6:17 1", "7:7 --appendonly", "7:20 yes"},
		},
		{
			name: "folded", written: ">\n      redis-server\n      --appendonly yes\n\n      --dir /d",
			words:  []string{"redis-server", "--appendonly", "yes", "--dir", "/d"},
			places: []string{"5:7 redis-server", "6:7 --appendonly", "6:20 yes", "8:7 --dir", "8:13 /d"},
		},
		{
			name: "folded and stripped", written: ">-  # why\n      redis-server --dir /d\n      --dir /d",
			words:  []string{"redis-server", "--dir", "/d", "--dir", "/d"},
			places: []string{"5:7 redis-server", "5:20 --dir", "5:26 /d", "6:7 --dir", "6:13 /d"},
		},
		{
			name: "folded with an indentation indicator", written: ">2-\n      redis-server --dir /d",
			words:  []string{"redis-server", "--dir", "/d"},
			places: []string{"5:7 redis-server", "5:20 --dir", "5:26 /d"},
		},
		{
			// The backslash keeps the blank that the fold puts in: Redis takes
			// the word for the name of a configuration file.
			name: "folded with trailing backslashes", written: ">\n      redis-server \\\n      --appendonly yes \\\n      --dir /d",
			words:  []string{"redis-server", " --appendonly", "yes", " --dir", "/d"},
			places: []string{"5:7 redis-server", "6:7 --appendonly", "6:20 yes", "7:7 --dir", "7:13 /d"},
		},
		{
			name: "literal with trailing backslashes", written: "|\n      redis-server \\\n      --appendonly yes",
			words:  []string{"redis-server", "\n--appendonly", "yes"},
			places: []string{"5:7 redis-server", "6:7 --appendonly", "6:20 yes"},
		},
		{
			name: "plain over several lines", written: "redis-server\n      --appendonly yes\n      --dir /d",
			words:  []string{"redis-server", "--appendonly", "yes", "--dir", "/d"},
			places: []string{"4:14 redis-server", "5:7 --appendonly", "5:20 yes", "6:7 --dir", "6:13 /d"},
		},
		{
			name: "list", written: `["redis-server", '--save', 60 1, --dir, /d]`,
			words:  []string{"redis-server", "--save", "60 1", "--dir", "/d"},
			places: []string{`4:15 "redis-server"`, "4:31 '--save'", "4:41 60 1", "4:47 --dir", "4:54 /d"},
		},
		{
			name: "list of two words in one", written: `["redis-server", "--save 60 1"]`,
			words:  []string{"redis-server", "--save 60 1"},
			places: []string{`4:15 "redis-server"`, `4:31 "--save 60 1"`},
		},
		{
			name: "block list with an anchor", written: "\n      - &server redis-server\n      - --dir\n      - *server",
			words:  []string{"redis-server", "--dir", "redis-server"},
			places: []string{"5:17 redis-server", "6:9 --dir", "7:9 *server"},
		},
		{
			name: "an anchor before it", written: "&c redis-server --dir /d",
			words:  []string{"redis-server", "--dir", "/d"},
			places: []string{"4:17 redis-server", "4:30 --dir", "4:36 /d"},
		},
		{
			name: "an anchor before a folded text", written: "&c >-\n      redis-server\n      --dir /d",
			words:  []string{"redis-server", "--dir", "/d"},
			places: []string{"5:7 redis-server", "6:7 --dir", "6:13 /d"},
		},
		{
			name: "tabs between words", written: "\"redis-server\t--dir\t/d\"",
			words:  []string{"redis-server", "--dir", "/d"},
			places: []string{"4:15 redis-server", "4:28 --dir", "4:34 /d"},
		},
		{
			name: "text of wide characters before a word", written: "redis-server --requirepass pässwörd世界 --dir /d",
			words:  []string{"redis-server", "--requirepass", "pässwörd世界", "--dir", "/d"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", "4:41 pässwörd世界", "4:52 --dir", "4:58 /d"},
		},
		{
			name: "cut at a semicolon", written: "redis-server --requirepass pa;ss --appendonly yes",
			words:  []string{"redis-server", "--requirepass", "pa"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", "4:41 pa"},
		},
		{
			name: "cut at an ampersand", written: "redis-server --requirepass pa&ss --appendonly yes",
			words: []string{"redis-server", "--requirepass", "pa"},
		},
		{
			name: "cut at a bar", written: "redis-server --requirepass pa|ss",
			words: []string{"redis-server", "--requirepass", "pa"},
		},
		{
			name: "cut at a less-than", written: "redis-server --requirepass pa<ss",
			words: []string{"redis-server", "--requirepass", "pa"},
		},
		{
			name: "cut at a greater-than", written: "redis-server --requirepass pa>ss",
			words: []string{"redis-server", "--requirepass", "pa"},
		},
		{
			name: "a digit before a greater-than goes too", written: "redis-server --port 6379 2>&1",
			words: []string{"redis-server", "--port", "6379"},
		},
		{
			name: "all from && on is dropped", written: "redis-server --dir /d && redis-cli ping",
			words: []string{"redis-server", "--dir", "/d"},
		},
		{
			name: "a quoted semicolon is no cut", written: `redis-server --requirepass "pa;ss" --dir /d`,
			words:  []string{"redis-server", "--requirepass", "pa;ss", "--dir", "/d"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", `4:41 "pa;ss"`, "4:49 --dir", "4:55 /d"},
		},
		{
			name: "an escaped semicolon is no cut", written: `redis-server --requirepass pa\;ss`,
			words:  []string{"redis-server", "--requirepass", "pa;ss"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", `4:41 pa\;ss`},
		},
		{
			name: "a hash is kept", written: "redis-server --requirepass pa#ss",
			words: []string{"redis-server", "--requirepass", "pa#ss"},
		},
		{
			name: "an empty word is kept where it is quoted", written: `redis-server --save "" --appendonly no`,
			words:  []string{"redis-server", "--save", "", "--appendonly", "no"},
			places: []string{"4:14 redis-server", "4:27 --save", `4:34 ""`, "4:37 --appendonly", "4:50 no"},
		},
		{
			name: "quotes in a word", written: `redis-server --requirepass a"b c"d'e f'`,
			words:  []string{"redis-server", "--requirepass", "ab cde f"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", `4:41 a"b c"d'e f'`},
		},
		{
			// Compose leaves a command substitution as it is, in one word.
			name: "command substitution", written: "redis-server --requirepass $$(cat /run/secrets/x) --dir /d",
			words:  []string{"redis-server", "--requirepass", "$(cat /run/secrets/x)", "--dir", "/d"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", "4:41 $$(cat /run/secrets/x)", "4:64 --dir", "4:70 /d"},
		},
		{
			name: "quoted command substitution", written: `redis-server --requirepass "$$(cat /run/secrets/x)"`,
			words:  []string{"redis-server", "--requirepass", "$(cat /run/secrets/x)"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", `4:41 "$$(cat /run/secrets/x)"`},
		},
		{
			name: "a cut inside a command substitution is none", written: "redis-server --requirepass $$(cat /x | tr -d z) --dir /d",
			words:  []string{"redis-server", "--requirepass", "$(cat /x | tr -d z)", "--dir", "/d"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", "4:41 $$(cat /x | tr -d z)", "4:62 --dir", "4:68 /d"},
		},
		{
			name: "backquotes", written: "redis-server --requirepass `cat /run/x` --dir /d",
			words:  []string{"redis-server", "--requirepass", "`cat /run/x`", "--dir", "/d"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", "4:41 `cat /run/x`", "4:54 --dir", "4:60 /d"},
		},
		{
			name: "a tilde", written: "redis-server --dir ~/x",
			words: []string{"redis-server", "--dir", "~/x"},
		},
		{
			name: "a variable", written: "redis-server --requirepass ${PW} --dir /d",
			words:  []string{"redis-server", "--requirepass", "secret", "--dir", "/d"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", "4:41 ${PW}", "4:47 --dir", "4:53 /d"},
		},
		{
			name: "a variable of two words", written: "redis-server ${TWO} --port 1",
			words:  []string{"redis-server", "--dir", "/data", "--port", "1"},
			places: []string{"4:14 redis-server", "4:27 ${TWO}", "4:27 ${TWO}", "4:34 --port", "4:41 1"},
		},
		{
			name: "a default with blanks in it", written: "redis-server ${NONE:---dir /data} --port 1",
			words:  []string{"redis-server", "--dir", "/data", "--port", "1"},
			places: []string{"4:14 redis-server", "4:27 ${NONE:---dir /data}", "4:27 ${NONE:---dir /data}", "4:48 --port", "4:55 1"},
		},
		{
			name: "a default that cuts", written: "redis-server --requirepass ${NONE:-a;b} --dir /d",
			words: []string{"redis-server", "--requirepass", "a"},
		},
		{
			name: "an escaped dollar", written: "redis-server --requirepass pa$$ecret",
			words:  []string{"redis-server", "--requirepass", "pa$ecret"},
			places: []string{"4:14 redis-server", "4:27 --requirepass", "4:41 pa$$ecret"},
		},
		{name: "an empty text", written: `""`, words: []string{}},
		{name: "an empty list", written: `[]`, words: []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			project, _, found := command(t, test.written)
			assert.Equal(t, test.words, found.Texts())
			var places []string
			for _, word := range found.Words {
				places = append(places, strings.TrimPrefix(seen(project, word.Span), "compose.yml:"))
			}
			if test.places != nil {
				assert.Equal(t, test.places, places)
			}
			assert.NotContains(t, strings.Join(places, " "), "?")
			assert.Equal(t, strings.HasPrefix(test.written, "[") || strings.HasPrefix(test.written, "\n"), found.IsList)
		})
	}
}

// Words that a variable without a value stands in are there, with its mark:
// with nothing in its place Compose would drop them.
func TestCommandWordsWithoutAValue(t *testing.T) {
	for _, test := range []struct {
		written string
		words   []string
	}{
		{"redis-server --requirepass ${UNSET} --appendonly yes", []string{"redis-server", "--requirepass", "${UNSET}", "--appendonly", "yes"}},
		{"redis-server --masterauth ${UNSET} --requirepass ${UNSET}", []string{"redis-server", "--masterauth", "${UNSET}", "--requirepass", "${UNSET}"}},
		{`redis-server --requirepass "${UNSET}"`, []string{"redis-server", "--requirepass", "${UNSET}"}},
		{`["--requirepass", "${UNSET}"]`, []string{"--requirepass", "${UNSET}"}},
		{"redis-server ${UNSET:+--requirepass ${UNSET}} --dir /d", []string{"redis-server", "--requirepass", "${UNSET}", "--dir", "/d"}},
		{"redis-server ${DEBUG:+--loglevel debug} --dir /d", []string{"redis-server", "${DEBUG}", "--dir", "/d"}},
		{"redis-server --masterauth ${UNSET:-} --requirepass ${UNSET-}", []string{"redis-server", "--masterauth", "${UNSET}", "--requirepass", "${UNSET}"}},
		{`redis-server --requirepass "${UNSET:-}"`, []string{"redis-server", "--requirepass", "${UNSET}"}},
		{`["redis-server", "--requirepass", "${UNSET:-}"]`, []string{"redis-server", "--requirepass", "${UNSET}"}},
		{"redis-server --requirepass pa$ecret", []string{"redis-server", "--requirepass", "pa${ecret}"}},
		{"redis-server --requirepass ${UNSET:?set it}", []string{"redis-server", "--requirepass", "${UNSET}"}},
		{">\n      redis-server\n      --requirepass ${UNSET}", []string{"redis-server", "--requirepass", "${UNSET}"}},
	} {
		t.Run(test.written, func(t *testing.T) {
			project, _, found := command(t, test.written)
			var words []string
			for _, word := range found.Words {
				words = append(words, unset.Plain(word.Text))
				assert.NotEqual(t, "?", under(project, word.Span))
			}
			assert.Equal(t, test.words, words)
		})
	}
}

func TestCommandOfHealthcheckAndEntrypoint(t *testing.T) {
	project := sound(t, `services:
  redis:
    image: redis
    entrypoint: ["sh", "-c"]
    command:
    healthcheck:
      test: redis-cli -a $$PASSWORD ping | grep PONG
  other:
    image: redis
    healthcheck:
      test: ["CMD", "redis-cli", "ping", "|", "grep", "PONG"]
`)
	redis := project.Service("redis")
	entrypoint, ok := redis.Command("entrypoint")
	assert.True(t, ok)
	assert.Equal(t, []string{"sh", "-c"}, entrypoint.Texts())
	_, ok = redis.Command("command")
	assert.False(t, ok, "null is not written")
	test, ok := project.Service("other").Command("healthcheck", "test")
	assert.True(t, ok)
	assert.Equal(t, []string(project.Service("other").Config.HealthCheck.Test), test.Texts())
	assert.Equal(t, `compose.yml:11:42 "|"`, seen(project, test.Words[3].Span))
	_, ok = project.Service("other").Command("command")
	assert.False(t, ok, "nothing is written")
}

func TestCommandOfAnOverrideReplacesTheBase(t *testing.T) {
	project := sound(t, "services:\n  redis:\n    image: redis\n    command: redis-server --dir /a\n-- o.yml --\nservices:\n  redis:\n    command: [redis-server, --port, '1']\n", "compose.yml", "o.yml")
	found, _ := project.Service("redis").Command("command")
	assert.Equal(t, []string{"redis-server", "--port", "1"}, found.Texts())
	assert.Equal(t, "o.yml:3:29 --port", seen(project, found.Words[1].Span))
}

func TestCommandWordsInWindowsFiles(t *testing.T) {
	text := strings.ReplaceAll("services:\n  redis:\n    image: redis\n    command: >\n      redis-server\n      --dir /d\n", "\n", "\r\n")
	project := sound(t, "\ufeff"+text)
	found, _ := project.Service("redis").Command("command")
	assert.Equal(t, []string{"redis-server", "--dir", "/d"}, found.Texts())
	assert.Equal(t, "compose.yml:6:7 --dir", seen(project, found.Words[1].Span))
	assert.Equal(t, "compose.yml:2:3 redis", seen(project, project.Service("redis").Span()))
	assert.Equal(t, "compose.yml:3:12 redis", seen(project, project.Service("redis").At("image")))
}
