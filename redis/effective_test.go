package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runCase is a redis.conf and arguments, and what a server made of them.
type runCase struct {
	name string
	conf string
	argv []string
	want map[string]string // nil: the server does not start
}

const defaultSave = "3600 1 300 100 60 10000"

// runs were tried on Redis 7.0.15, and those of runs62 on 6.2.16.
var runs = []runCase{
	{"last line wins", "maxmemory 1mb\nMAXMEMORY 2mb", nil, map[string]string{"maxmemory": "2097152"}},
	{"arguments win over the file", "maxmemory 1mb\nrequirepass a", []string{"--maxmemory", "2mb", "--requirepass", "b"},
		map[string]string{"maxmemory": "2097152", "requirepass": "b"}},
	{"an alias and the name are one", "slave-read-only no\nreplica-read-only yes", nil, map[string]string{"replica-read-only": "yes"}},
	{"save of the arguments adds up", "", []string{"--save", "900", "1", "--save", "300", "10"}, map[string]string{"save": "900 1 300 10"}},
	{"save of the arguments adds to the file", "save 900 1", []string{"--save", "60", "1"}, map[string]string{"save": "900 1 60 1"}},
	{"save of the file may be emptied first", `save ""`, []string{"--save", "60", "1"}, map[string]string{"save": "60 1"}},
	{"save is emptied in between", "save 900 1\nsave \"\"\nsave 30 5", nil, map[string]string{"save": "30 5"}},
	{"save is emptied by the arguments", "save 900 1", []string{"--save", ""}, map[string]string{"save": ""}},
	{"save last among the arguments", "", []string{"--save"}, map[string]string{"save": ""}},
	{"save before another option", "", []string{"--save", "--appendonly", "yes"}, map[string]string{"save": "", "appendonly": "yes"}},
	{"a file without save keeps the default", "appendonly yes", nil, map[string]string{"appendonly": "yes", "save": defaultSave}},
	{"an empty password is no password", "requirepass a", []string{"--requirepass", ""}, map[string]string{"requirepass": ""}},
	{"limits merge per class", "client-output-buffer-limit normal 1mb 1mb 1\nclient-output-buffer-limit replica 2mb 2mb 2\nclient-output-buffer-limit normal 3mb 3mb 3", nil,
		map[string]string{"client-output-buffer-limit": "normal 3145728 3145728 3 slave 2097152 2097152 2 pubsub 33554432 8388608 60"}},
	{"replicaof is reset", "replicaof db 6379", []string{"--replicaof", "no", "one"}, map[string]string{"replicaof": ""}},
	{"bind is replaced as a whole", "bind 127.0.0.1\nbind ::1 -127.0.0.2", nil, map[string]string{"bind": "::1 -127.0.0.2"}},
	{"relative directories follow each other", "dir /usr\ndir lib", nil, map[string]string{"dir": "/usr/lib"}},
	{"dead names pass", "list-max-ziplist-entries 512\ndynamic-hz yes\nmaxmemory 1mb", nil, map[string]string{"maxmemory": "1048576", "dynamic-hz": "yes"}},
	{"users stand side by side", "user alice on >a ~* +@all\nuser bob on >b ~* +@all\nmaxmemory 1mb", nil, map[string]string{"maxmemory": "1048576"}},
	{"commands are renamed", "rename-command FLUSHALL \"\"\nrename-command CONFIG CONFIG2\nrename-command CONFIG2 CONFIG", nil, map[string]string{"maxmemory": "0"}},
	{"a password without a value", "", []string{"--requirepass"}, nil},
	{"a password before an option", "", []string{"--requirepass", "--appendonly", "yes"}, nil},
	{"a command is renamed twice", "rename-command FLUSHALL \"\"\nrename-command flushall X", nil, nil},
	{"a cluster node with a master", "cluster-enabled yes\nreplicaof db 6379", nil, nil},
	{"an unknown name", "maxmem 1mb", nil, nil},
	{"a name of a module that is not loaded", "my.module yes", nil, nil},
	{"a policy as a flag", "", []string{"--volatile-random"}, nil},
	{"a removed name", "gopher-enabled yes", nil, nil},
	{"an equals sign", "maxmemory=100mb", nil, nil},
	{"a colon", "maxmemory: 100mb", nil, nil},
	{"a comment behind a value", "maxmemory 100mb # note", nil, nil},
}

var runs62 = []runCase{
	{"several pairs empty save", "", []string{"--save", "900", "1", "300", "10"}, map[string]string{"save": ""}},
	{"a quoted line empties save", "", []string{"--save", "900 1 300 10"}, map[string]string{"save": ""}},
	{"half a pair empties save", "", []string{"--save", "60"}, map[string]string{"save": ""}},
	{"a comment empties save", "save 900 1 # note", nil, map[string]string{"save": ""}},
	{"a pair after too many", "save 900 1 300 10\nsave 60 1", nil, map[string]string{"save": "60 1"}},
	{"save of the arguments adds to the file", "save 900 1", []string{"--save", "60", "1"}, map[string]string{"save": "900 1 60 1"}},
	{"save is emptied in between", "save 900 1\nsave \"\"\nsave 30 5", nil, map[string]string{"save": "30 5"}},
	{"save last among the arguments", "", []string{"--save"}, map[string]string{"save": ""}},
	{"removed later", "gopher-enabled yes", nil, map[string]string{"gopher-enabled": "yes"}},
	{"a share of maxmemory", "maxmemory-clients 5%", nil, nil},
	{"a host name in a cluster", "cluster-announce-hostname a", nil, nil},
	{"replicaof as one word", `replicaof "db 6379"`, nil, nil},
	{"a cluster node with a master", "cluster-enabled yes\nreplicaof db 6379", nil, nil},
}

// apply reads both as a server does.
func (c runCase) apply(t *testing.T, r Release) (map[string]Effective, []Problem) {
	t.Helper()
	lines, syntax := ParseConf([]byte(c.conf), r)
	require.Empty(t, syntax)
	argv, err := ParseArgv(append([]string{"redis.conf"}, c.argv...), r)
	require.NoError(t, err)
	var assignments []Assignment
	for _, line := range lines {
		assignments = append(assignments, Assignment{Name: line.Name.Text, Args: line.Texts()})
	}
	for _, option := range argv.Options {
		assignments = append(assignments, Assignment{Name: option.Name, Args: option.Args, FromArgv: true})
	}
	return r.Apply(assignments)
}

func TestApply(t *testing.T) {
	for release, cases := range map[Release][]runCase{redis70: runs, redis62: runs62} {
		for _, c := range cases {
			t.Run(release.String()+" "+c.name, func(t *testing.T) {
				effective, problems := c.apply(t, release)
				if c.want == nil {
					assert.True(t, anyFatal(problems), "%v", effective)
					return
				}
				assert.False(t, anyFatal(problems), "%v", problems)
				for name, want := range c.want {
					assert.Equal(t, want, valueOf(t, release, effective, name), name)
				}
			})
		}
	}
}

func anyFatal(problems []Problem) bool {
	for _, p := range problems {
		if p.Fatal {
			return true
		}
	}
	return false
}

func TestApplySaysWhereAValueComesFrom(t *testing.T) {
	effective, problems := redis70.Apply(assign("save 900 1\nmaxmemory 1mb\nsave 60 1\nmaxmemory 2mb\n" +
		"client-output-buffer-limit normal 0 0 0\nclient-output-buffer-limit pubsub 0 0 0\nclient-output-buffer-limit normal 1 1 1\n" +
		"user a on\nuser b off"))
	require.Empty(t, problems)
	assert.Equal(t, []int{0, 2}, effective["save"].From)
	assert.Equal(t, Effective{Name: "maxmemory", Value: "2097152", Args: []string{"2mb"}, From: []int{3}}, effective["maxmemory"])
	assert.Equal(t, []int{5, 6}, effective["client-output-buffer-limit"].From)
	assert.Equal(t, Effective{Name: "user", Value: "a on\nb off", Args: []string{"b", "off"}, From: []int{7, 8}}, effective["user"])
}

func TestApplyNamesByTheRelease(t *testing.T) {
	effective, problems := valkey80.Apply(assign("masterauth secret\nslowlog-max-len 5"))
	require.Empty(t, problems)
	assert.Equal(t, "secret", effective["primaryauth"].Value)
	assert.Equal(t, "primaryauth", valkey80.Name("MASTERAUTH"))
	assert.Equal(t, "masterauth", redis86.Name("masterauth"))
	assert.Equal(t, "no-such", redis86.Name("No-Such"))
}

func TestApplyReportsProblems(t *testing.T) {
	for _, c := range []struct {
		release Release
		line    string
		want    Problem
	}{
		{redis70, "maxmem-policy noeviction", Problem{Arg: -1, Kind: UnknownDirective, Fatal: true,
			Message: `redis 7.0 has no directive "maxmem-policy"`, Suggestion: "maxmemory-policy"}},
		{redis62, "maxmemory-clients 5%", Problem{Arg: -1, Kind: UnknownDirective, Fatal: true,
			Message: `redis 6.2 has no directive "maxmemory-clients"; it came with redis 7.0`}},
		{redis70, "gopher-enabled yes", Problem{Arg: -1, Kind: UnknownDirective, Fatal: true,
			Message: `redis 7.0 has no directive "gopher-enabled"; it was removed in redis 7.0`}},
		{redis82, "no-such-name 1", Problem{Arg: -1, Kind: UnknownDirective, Fatal: true, Uncertain: true,
			Message: `redis 8.2 has no directive "no-such-name"`}},
		{redis70, "my.module yes", Problem{Arg: -1, Kind: UnknownDirective, Fatal: true, Uncertain: true,
			Message: `redis 7.0 has no directive "my.module"`}},
		{redis62, "my.module yes", Problem{Arg: -1, Kind: UnknownDirective, Fatal: true,
			Message: `redis 6.2 has no directive "my.module"`}},
		{redis74, "search-timeout 5", Problem{Arg: -1, Kind: UnknownDirective, Fatal: true,
			Message: `redis 7.4 has no directive "search-timeout"`}},
		{redis70, "maxmemory 1.5gb", Problem{Kind: InvalidValue, Fatal: true,
			Message: `maxmemory ` + memoryMessage + `, not "1.5gb"`, Suggestion: "1536mb"}},
		{redis70, "maxmemory 256 mb", Problem{Arg: 1, Kind: WrongArity, Fatal: true,
			Message: `maxmemory takes one value, not 2`, Suggestion: "256mb"}},
		{redis70, "maxmemory 100mb # note", Problem{Arg: 1, Kind: WrongArity, Fatal: true,
			Message: `maxmemory takes one value; a comment must stand on a line of its own`}},
		{redis70, "appendonly true", Problem{Kind: InvalidValue, Fatal: true,
			Message: `appendonly must be yes or no, not "true"`, Suggestion: "yes"}},
		{redis70, "appendfsync everysecond", Problem{Kind: InvalidValue, Fatal: true,
			Message: `appendfsync must be one of everysec, always, no, not "everysecond"`, Suggestion: "everysec"}},
		{redis70, "maxmemory-policy volatile_lru", Problem{Kind: InvalidValue, Fatal: true, Suggestion: "volatile-lru",
			Message: `maxmemory-policy must be one of volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction, not "volatile_lru"`}},
		{redis70, "save 60", Problem{Kind: WrongArity, Fatal: true,
			Message: `save needs pairs of seconds and changes, or "" for no save point`}},
		{redis62, "save 60", Problem{Arg: -1, Kind: InvalidValue,
			Message: `save: this release takes one pair of seconds and changes; it passes over 1 words, and the default save points are gone`}},
		{redis70, "masterauth two words", Problem{Arg: 1, Kind: WrongArity, Fatal: true,
			Message: `masterauth takes one value, not 2`}}, // the words may be a secret
		{redis70, "io-threads 200", Problem{Kind: InvalidValue, Fatal: true,
			Message: `io-threads must be between 1 and 128, not 200`}},
		{redis70, "timeout 010", Problem{Kind: InvalidValue, Fatal: true,
			Message: `timeout must be a whole number without a unit, not "010"`, Suggestion: "10"}},
	} {
		t.Run(c.release.String()+" "+c.line, func(t *testing.T) {
			_, problems := c.release.Apply(assign(c.line))
			assert.Equal(t, []Problem{c.want}, problems)
		})
	}
}

func TestApplyLeavesModulesAlone(t *testing.T) {
	for release, text := range map[Release]string{
		redis86: "search-timeout 5\nvset-force-single-threaded-execution yes",
		redis70: "loadmodule /m.so\nmy.module yes",
	} {
		effective, problems := release.Apply(assign(text))
		assert.Empty(t, problems)
		assert.Len(t, effective, 2)
	}
	_, problems := redis86.Apply(assign("loadmodule /m.so\nlevel 3"))
	require.Len(t, problems, 1)
	assert.True(t, problems[0].Uncertain, "a module may know the name")
}

func TestApplyJudgesNothingWithoutAColumn(t *testing.T) {
	effective, problems := noRelease.Apply(assign("maxmemory 1.5gb\nanything at all"))
	assert.Empty(t, problems)
	assert.Equal(t, "at all", effective["anything"].Value)
}

func valueOf(t *testing.T, r Release, effective map[string]Effective, name string) string {
	t.Helper()
	if e, ok := effective[name]; ok {
		return e.Value
	}
	d, ok := r.Directive(name)
	require.True(t, ok)
	return d.Default
}

func assign(text string) []Assignment {
	var assignments []Assignment
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		assignments = append(assignments, Assignment{Name: words[0], Args: words[1:]})
	}
	return assignments
}

func FuzzApply(f *testing.F) {
	for _, c := range append(runs, runs62...) {
		f.Add(c.conf)
	}
	f.Add("sentinel monitor m h 1 1\nsentinel auth-pass m\nsentinel x")
	f.Add("sentinel")
	f.Add("client-output-buffer-limit")
	f.Add("replicaof \"0 A\"\noom-score-adj-values \"0 0 A\"\nsave \"60 1 0 0\"\nclient-output-buffer-limit \"normal 0 0 A\"\nlatency-tracking-info-percentiles \"1 A\"\nenable-protected-configs \"A B\"")
	f.Add("client-output-buffer-limit \"\" 1 1 1\nsave 1\nnotify-keyspace-events é")
	f.Fuzz(func(t *testing.T, conf string) {
		for _, r := range []Release{redis62, redis70, redis86, valkey91, keydb63, noRelease} {
			lines, _ := ParseConf([]byte(conf), r)
			var assignments []Assignment
			for _, line := range lines {
				assignments = append(assignments, Assignment{Name: line.Name.Text, Args: line.Texts()})
			}
			effective, problems := r.Apply(assignments)
			for name, e := range effective {
				require.NotEmpty(t, e.From, name)
			}
			for _, p := range problems {
				require.NotEmpty(t, p.Message)
				require.GreaterOrEqual(t, p.Arg, -1)
				require.Less(t, p.Arg, len(assignments[p.Assignment].Args), p.Message)
			}
		}
	})
}
