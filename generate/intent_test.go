package generate

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/generate/intent"
)

// good is an intent to which each bad line is added as line 4.
const good = "name = \"shop\"\nrole = \"database\"\nmemory = \"512M\"\n"

// badIntents each have one fault: its place, a part of the message and a part
// of the hint.
var badIntents = []struct{ intent, place, message, hint string }{
	{"role = \"cache\"\nmemory = \"1G\"\n", "1:1", "name is missing", `name = "sessions"`},
	{"name = \"a\"\nmemory = \"1G\"\n", "1:1", "role is missing", `role = "cache"`},
	{"name = \"a\"\nrole = \"cache\"\n", "1:1", "memory is missing", `memory = "512M"`},
	{"name = \"My Shop\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "must be 1 to 63 characters", "host name"},
	{"name = \"\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "must be 1 to 63 characters", ""},
	{"name = \"-a\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "the first a letter or digit", ""},
	{"name = \"" + strings.Repeat("a", 64) + "\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "63 characters", ""},
	{"name = \"a\\nb: c\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "U+000A", "one line"},
	{"name = \"a\\\"b\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "63 characters", ""},
	{"name = \"a${HOME}\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "63 characters", ""},
	{"name = \"{{.}}\"\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "63 characters", ""},
	{"name = 7\nrole = \"cache\"\nmemory = \"1G\"\n", "1:8", "must be a string, not an integer", "quotes"},
	{"name = \"a\"\nrole = \"cahce\"\nmemory = \"1G\"\n", "2:8", `must be "cache", "session-store"`, `did you mean "cache"?`},
	{"name = \"a\"\nrole = \"cache\"\nmemory = \"512\"\n", "3:10", "must be a number with a unit", `"512M"`},
	{"name = \"a\"\nrole = \"cache\"\nmemory = 512\n", "3:10", "must be a number with a unit", `"512M"`}, // quotes alone would not do
	{good + "publish = 6379\n", "4:11", `"6379" is not ADDRESS:PORT`, `"127.0.0.1:6379"`},
	{good + "exporter = yes\n", "4:12", "exporter must be true or false", "exporter = true"},
	{good + "cpus = 1.5.2\n", "4:8", "cpus must be a number", "cpus = 1.5"},
	{good + "[tls]\nauthority = \"development\"\nplain-text = on\n", "6:14", "must be true or false", "plain-text = true"},
	{"name = \"a\"\nrole = \"cache\"\nmemory = \"75%\"\n", "3:10", "must be a number with a unit", ""},
	{"name = \"a\"\nrole = \"cache\"\nmemory = \"99999T\"\n", "3:10", "more than any machine", ""},
	{"name = \"a\"\nrole = \"database\"\nmemory = \"16M\"\n", "3:10", "16 MiB is too small", `at least memory = "4`},
	{good + "memroy = \"1G\"\n", "4:1", `no key "memroy"`, `did you mean "memory"?`},
	{good + "maxmemory_policy = \"noeviction\"\n", "4:1", "no key", `did you mean "maxmemory-policy"?`},
	{good + "password = \"secret\"\n", "4:1", `no key "password"`, "secrets/redis-password"},
	{good + "tcp-keepalive = 10\n", "4:1", "no key", "[redis]"},
	{good + "colour = \"red\"\n", "4:1", `no key "colour"`, "the keys are name, role"},
	{good + "[reddis]\nhz = 10\n", "4:2", `no key "reddis"`, ""},
	{good + "redis = \"hz 10\"\n", "4:1", `no key "redis"`, "table of directives"},
	{good + "engine = \"keydb\"\n", "4:10", `must be "redis" or "valkey"`, ""},
	{good + "version = \"8\"\n", "4:11", "major.minor", ""},
	{good + "version = 8.6.1\n", "4:11", "8.6.1 is text, and text stands in quotes", `write version = "8.6.1"`},
	{"name = \"a\"\nrole = \"cache\"\nmemory = 1G # enough\n", "3:10", "1G is text, and text stands in quotes", `write memory = "1G"`},
	{good + "version = 8.6\n", "4:11", "must be a string, not a fraction", "quotes"},
	{good + "version = \"5.0\"\n", "4:11", "not in the catalogue", ""},
	{good + "engine = \"valkey\"\nversion = \"7.4\"\n", "5:11", "not in the catalogue", ""},
	{good + "variant = \"alpin\"\n", "4:11", `must be "debian" or "alpine"`, `did you mean "alpine"?`},
	{good + "image = \"redis:7\"\n", "4:9", "will be another one some day", "patch release"},
	{good + "image = \"bitnami/redis:7.2.4\"\n", "4:9", "not known to be like the official ones", "library/redis"},
	{good + "image = \"a//b\"\n", "4:9", "no image reference", ""},
	{good + "image = \"redis:${TAG}\"\n", "4:9", "no image reference", ""},
	{good + "engine = \"valkey\"\nimage = \"redis:8.6.3\"\n", "5:9", "is redis, but engine is", ""},
	{good + "version = \"8.4\"\nimage = \"redis:8.6.3\"\n", "4:11", "but version is", "leave version out"},
	{good + "image = \"redis:8.6.3\"\nvariant = \"alpine\"\n", "5:11", "no effect beside image", ""},
	{good + "image = \"redis@sha256:" + strings.Repeat("a", 64) + "\"\n", "4:9", "does not say which release", "version"},
	{good + "publish = \"6379\"\n", "4:11", "is not ADDRESS:PORT", `"127.0.0.1:6379"`},
	{good + "publish = \"localhost:6379\"\n", "4:11", "is not an IP address", ""},
	{good + "publish = \"127.0.0.1:0\"\n", "4:11", "is not a port", ""},
	{good + "publish = \"127.0.0.1:6379:6379\"\n", "4:11", "is not ADDRESS:PORT", ""},
	{good + "publish = \"0.0.0.0:6379\"\n", "4:11", "every network of the host", "one interface"},
	{good + "publish = \"[::]:6379\"\n", "4:11", "every network of the host", "one interface"},
	{good + "networks = \"web\"\n", "4:12", "must be a list of strings", "brackets"},
	{good + "networks = []\n", "4:12", "must not be an empty list", ""},
	{good + "networks = [\"host\"]\n", "4:12", `cannot join the network "host"`, ""},
	{good + "networks = [\"a: b\"]\n", "4:12", "is not the name of a network", ""},
	{good + "networks = [\"a\", \"a\"]\n", "4:12", "named twice", ""},
	{good + "persistence = \"snapshot\"\n", "4:15", `must be "none", "rdb", "aof" or "both"`, ""},
	{good + "persistence = \"aof\"\nsave = [\"60 1\"]\n", "5:8", "save needs snapshots", `"rdb" or "both"`},
	{good + "persistence = \"rdb\"\nfsync = \"always\"\n", "5:9", "fsync needs an append-only file", `"aof" or "both"`},
	{good + "save = [\"60\"]\n", "4:8", "number of seconds", ""},
	{good + "save = [60, 1]\n", "4:8", "must be a list of strings, not of an integer", ""},
	{good + "fsync = \"sometimes\"\n", "4:9", `must be "everysec", "always" or "no"`, ""},
	{good + "maxmemory = \"510M\"\n", "4:13", "do not fit", "at most maxmemory"},
	{good + "maxmemory = \"1M\"\n", "4:13", "no room for data", ""},
	{good + "maxmemory-policy = \"allkeys_lru\"\n", "4:20", "must be", `did you mean "allkeys-lru"?`},
	{good + "version = \"8.0\"\nmaxmemory-policy = \"allkeys-lrm\"\n", "5:20", "redis 8.0", ""},
	{good + "restart = \"sometimes\"\n", "4:11", "unless-stopped", ""},
	{good + "restart = false\n", "4:11", `must be "unless-stopped"`, ""},
	{good + "stop-grace = \"30\"\n", "4:14", "whole seconds", `"90s"`},
	{good + "stop-grace = \"5s\"\n", "4:14", "would be killed", "at least stop-grace"},
	{good + "cpus = 0\n", "4:8", "between 0.01 and 1024", ""},
	{good + "cpus = \"2\"\n", "4:8", "must be a number, not a string", "without quotes"},
	{good + "cpus = nan\n", "4:8", "between 0.01 and 1024", ""},
	{good + "log-size = \"1K\"\n", "4:12", "too small", ""},
	{good + "log-files = 0\n", "4:13", "between 1 and 1000", ""},
	{good + "[redis]\nrequirepass = \"x\"\n", "5:1", "requirepass is not for [redis]", "secrets/redis-password"},
	{good + "[redis]\nslaveof = \"a 1\"\n", "5:1", "slaveof is not for [redis]", "for replicas"},
	{good + "[redis]\nport = 7000\n", "5:1", "port is not for [redis]", "publish"},
	{good + "[redis]\ninclude = \"/x\"\n", "5:1", "include is not for [redis]", ""},
	{good + "[redis]\nmaxmemory = \"1gb\"\n", "5:1", "maxmemory is not for [redis]", "above [redis]"},
	{good + "[redis]\nmaxcleints = 10\n", "5:1", `does not know the directive "maxcleints"`, `did you mean "maxclients"?`},
	{good + "version = \"7.2\"\n[redis]\nlookahead = 10\n", "6:1", "redis 7.2 does not know", "came with redis 8.4"},
	{good + "version = \"7.2\"\n[redis]\nsearch-timeout = 10\n", "6:1", "redis 7.2 does not know", ""},
	{good + "version = \"8.10\"\n[redis]\nsome-new-thing = 10\n", "6:1", "redis 8.10 does not know", "put together from its release notes"},
	{good + "[redis]\n\"evil\\nrequirepass\" = \"\"\n", "5:", "does not know the directive", ""},
	{good + "[redis]\nhz = \"fast\"\n", "5:6", "hz: ", ""},
	{good + "[redis]\ntcp-keepalive = \"1\\nrequirepass x\"\n", "5:17", "U+000A", ""},
	{good + "[redis]\nactivedefrag = 1\n", "5:16", "must be yes or no", ""},
	{good + "[redis]\nhz = [10, 20]\n", "5:6", "takes one value", ""},
	{good + "[redis]\nhz = 1.5\n", "5:6", "not a fraction", ""},
	{good + "[redis]\nhz = 10\nHZ = 20\n", "6:1", "is the same directive as", ""},
	{good + "[redis]\nproto-max-bulk-len = \"512mb\"\n", "5:22", "as much as the whole container", ""},
	{good + "[redis]\nclient-output-buffer-limit = \"nobody 1mb 1mb 1\"\n", "5:30", "client-output-buffer-limit: ", ""},
	{good + "[redis.sub]\nhz = 10\n", "4:", "must be a string", ""},
	{good + "engine = \"valkey\"\n[redis]\nlookahead = 10\n", "6:1", "valkey 9.1 does not know", ""},
	{good + "engine = redis\n", "4:10", "redis is text, and text stands in quotes", `write engine = "redis"`},
	{good + "save = \n", "4:8", "not TOML", ""},
	{good + "memory = \"1G\"\n", "4:1", "already been defined", ""},
	{"name = \"a\xff\"\n", "1:1", "not UTF-8", ""},
}

func TestBadIntentsHaveOneClearProblem(t *testing.T) {
	for n, c := range badIntents {
		t.Run(fmt.Sprintf("%02d %s", n, c.message), func(t *testing.T) {
			_, problems := Compile("deploy/redis.toml", []byte(c.intent))
			require.Len(t, problems, 1, "%s\n%v", c.intent, problems)
			p := problems[0]
			assert.Equal(t, "deploy/redis.toml", p.File)
			assert.True(t, strings.HasPrefix(fmt.Sprintf("%d:%d", p.Line, p.Column), c.place), "%s at %d:%d", c.place, p.Line, p.Column)
			assert.Contains(t, p.Message, c.message)
			assert.Contains(t, p.Hint, c.hint)
			assert.NotContains(t, p.Error(), "\n")
			assert.GreaterOrEqual(t, p.EndColumn, p.Column)
		})
	}
}

func TestProblemsComeTogetherInOrder(t *testing.T) {
	_, problems := Compile("redis.toml", []byte("cpus = 0\nrole = \"cahce\"\nnmae = \"a\"\nmemory = \"1\"\nfsync = \"x\"\n[redis]\nport = 1\nbogus = 2\n"))
	var places []string
	for _, p := range problems {
		places = append(places, fmt.Sprintf("%d:%d-%d %s", p.Line, p.Column, p.EndColumn, p.Key))
	}
	assert.Equal(t, []string{
		"1:1-1 name", "1:8-9 cpus", "2:8-15 role", "3:1-5 nmae", "4:10-13 memory", "5:9-12 fsync", "7:1-5 redis.port", "8:1-6 redis.bogus",
	}, places)
}

// TestProblemsOfUsersAreInTheirTables: the decoder takes the keys of all tables
// of a list for those of the last one.
func TestProblemsOfUsersAreInTheirTables(t *testing.T) {
	_, problems := Compile("redis.toml", []byte(good+"[[users]]\nname = \"default\"\npreset = \"application\"\npassword = \"x\"\n[[users]]\n  \"name\" = \"Web\" # no\npreset = \"reader\"\n[[users]]\nname = \"last\"\npreset = \"application\"\n"))
	var places []string
	for _, p := range problems {
		places = append(places, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Key))
	}
	assert.Equal(t, []string{"5:8 name", "7:12 password", "9:12 name", "10:10 preset"}, places)
}

func TestNothingInAnIntentPanics(t *testing.T) {
	for _, c := range badIntents {
		for cut := range len(c.intent) {
			Compile("redis.toml", []byte(c.intent[:cut]))
		}
	}
}

var tomlBlock = regexp.MustCompile("(?s)```toml\n(.*?)```")

func TestExamplesOfTheDocumentationAreIntents(t *testing.T) {
	page, err := os.ReadFile("../docs/intent.md")
	require.NoError(t, err)
	blocks := tomlBlock.FindAllSubmatch(page, -1)
	require.NotEmpty(t, blocks)
	found := intent.Surroundings{Files: documentedFiles(t)}
	for _, block := range blocks {
		_, problems := Compile("redis.toml", block[1], found)
		assert.Empty(t, problems, string(block[1]))
	}
}

// besideDefault are the lines that a key needs to have a meaning.
var besideDefault = map[string]string{
	"masters": "topology = \"cluster\"\n", "sentinels": "topology = \"sentinel\"\n", "down-after": "topology = \"sentinel\"\n", "proxy": "topology = \"sentinel\"\n",
	"encrypted": "target = \"swarm\"\n", "secrets-version": "target = \"swarm\"\n",
	"default-user": "[[users]]\nname = \"web\"\npreset = \"application\"\n",
}

// TestDefaultsAreWhatGenDoes holds the documented defaults to what gen writes
// without the key.
func TestDefaultsAreWhatGenDoes(t *testing.T) {
	defaults := 0
	for _, key := range intent.Keys {
		if key.Default == nil {
			continue
		}
		defaults++
		written, err := json.Marshal(key.Default)
		require.NoError(t, err)
		_, without := compile(t, good+besideDefault[key.Name])
		_, with := compile(t, fmt.Sprintf("%s%s = %s\n%s", good, key.Name, written, besideDefault[key.Name]))
		assert.Equal(t, without, with, key.Name)
	}
	assert.Greater(t, defaults, 12)
}
