package generate

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
)

// machine is a directory that stands for a container's file system, with
// programs that answer as a scenario says.
type machine struct {
	t    *testing.T
	root string
}

// The programs that the start scripts call. A client prints the file
// answers/HOST/WORDS, or fails; a sleep ends the script after 15.
var pretended = map[string]string{
	"redis-cli": `
while [ $# -gt 0 ]; do case $1 in
	-h) host=$2; shift 2 ;;
	-p | --user) shift 2 ;;
	*) break ;;
esac; done
cat "$ROOT/answers/$host/$1${2:+ $2}" 2>/dev/null`,
	"timeout":              `shift; exec "$@"`,
	"chown":                ``,
	"docker-entrypoint.sh": `echo "$*" >"$ROOT/started"; cp "$2" "$ROOT/conf"`,
	"sleep":                `echo x >>"$ROOT/slept"; [ "$(wc -l <"$ROOT/slept")" -lt 15 ] || kill -TERM "$(cat "$ROOT/script")"`,
}

// setSecrets are the secrets of a set with failover.
var setSecrets = func() []deployment.Secret {
	plan, _ := Compile("redis.toml", []byte("name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"sentinel\"\n"))
	return plan.Secrets
}()

func newMachine(t *testing.T, secrets []deployment.Secret) machine {
	t.Helper()
	m := machine{t, t.TempDir()}
	for name, body := range pretended {
		m.write("bin/"+name, "#!/bin/sh\n"+body+"\n")
		require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", name), 0o755))
	}
	for _, secret := range secrets {
		m.write("run/secrets/"+secret.Name, "a password of "+secret.Name+"\n")
	}
	m.write("usr/local/etc/redis/redis.conf", "port 6379\n")
	m.write("usr/local/etc/redis/sentinel.conf", "port 26379\n")
	m.write("usr/local/etc/redis/users.txt", "# Who may log in.\n\nuser default off\nuser replica on @replica-password +psync +sync\n")
	m.write("run/redis/.keep", "")
	m.write("data/.keep", "")
	return m
}

func (m machine) write(name, content string) {
	m.t.Helper()
	path := filepath.Join(m.root, name)
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(m.t, os.WriteFile(path, []byte(content), 0o644))
}

func (m machine) read(name string) string {
	content, err := os.ReadFile(filepath.Join(m.root, name))
	if err != nil {
		return ""
	}
	return string(content)
}

// moved is a script whose paths lead into the machine.
func (m machine) moved(script string) string {
	for _, directory := range []string{"/run/", "/data", "/usr/local/etc/"} {
		for _, before := range []string{" ", `"`, "=", ">", "<"} {
			script = strings.ReplaceAll(script, before+directory, before+m.root+directory)
		}
	}
	return script
}

// run runs a generated script until it starts the server or waits for long, and
// returns what it said.
func (m machine) run(script string, environment ...string) string {
	m.t.Helper()
	m.write("start.sh", m.moved(script))
	command := exec.Command("sh", "-c", `echo $$ >"$ROOT/script"; exec sh "$ROOT/start.sh"`)
	command.Env = append([]string{"ROOT=" + m.root, "PATH=" + m.root + "/bin:" + os.Getenv("PATH")}, environment...)
	output, err := command.CombinedOutput()
	require.NoError(m.t, err, string(output))
	return string(output)
}

const (
	upToDate  = "role:slave\r\nslave_priority:100\r\nloading:0\r\ndb0:keys=3,expires=0\r\n"
	restarted = "role:slave\r\nslave_priority:0\r\nloading:0\r\ndb0:keys=3,expires=0\r\n"
	emptyOne  = "role:slave\r\nslave_priority:0\r\nloading:0\r\n"
	loading   = "role:slave\r\nslave_priority:0\r\nloading:1\r\n"
	leads     = "role:master\r\nloading:0\r\ndb0:keys=3,expires=0\r\n"
)

func TestWhomAServerFollows(t *testing.T) {
	const starts = "redis-server /run/redis/redis.conf --replicaof "
	cases := []struct {
		name      string
		node      string
		named     [3]string // by each sentinel; "" does not answer
		others    map[string]string
		data      bool // in the volume, an append-only file
		snapshot  bool // in the volume
		clustered bool // a node of a cluster had the volume
		waits     int  // seconds at least
		remember  bool // sentinels know replicas
		forgetful bool // the role keeps no data
		started   string
		said      string
	}{
		{name: "the first start of all", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"},
			others: map[string]string{"shop-2": emptyOne, "shop-3": emptyOne}, started: starts + "no one --replica-priority 100"},
		{name: "the first start while the others are slow", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"},
			started: starts + "no one --replica-priority 100", said: "shop-3 does not answer yet"},
		{name: "a replica", node: "shop-2", named: [3]string{"shop-1", "shop-1", "shop-1"}, started: starts + "shop-1 6379 --replica-priority 0"},
		{name: "a replica, two of three sentinels", node: "shop-2", named: [3]string{"", "shop-3", "shop-3"}, started: starts + "shop-3 6379 --replica-priority 0"},
		{name: "one of three sentinels is no majority", node: "shop-2", named: [3]string{"", "shop-3", ""}, said: "no majority"},
		{name: "no sentinel", node: "shop-1", data: true, said: "no majority"},
		{name: "sentinels that do not agree", node: "shop-2", named: [3]string{"shop-1", "shop-3", ""}, said: "no majority"},
		{name: "a stranger", node: "shop-2", named: [3]string{"evil", "evil", "evil"}, said: "no majority"},
		{name: "a master that comes back while a replica is up to date", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, data: true, remember: true,
			others: map[string]string{"shop-2": upToDate, "shop-3": upToDate}, said: "is promoted before this server joins it"},
		{name: "a master that comes back while another leads already", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-2"}, data: true, remember: true,
			others: map[string]string{"shop-2": leads, "shop-3": restarted}, said: "is promoted before this server joins it"},
		{name: "a master that comes back with everybody", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, data: true, remember: true,
			others: map[string]string{"shop-2": restarted, "shop-3": loading}, started: starts + "no one --replica-priority 100"},
		{name: "a master that comes back alone with a snapshot", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, snapshot: true, remember: true,
			started: starts + "no one --replica-priority 100", said: "shop-3 does not answer yet", waits: 10},
		{name: "a master without its data while another has keys in another database", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, remember: true,
			others: map[string]string{"shop-2": emptyOne + "db7:keys=1,expires=0\r\n", "shop-3": emptyOne}, said: "shop-2 has: it has to lead"},
		{name: "a master that comes back alone", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, data: true, remember: true,
			started: starts + "no one --replica-priority 100", said: "shop-3 does not answer yet"},
		{name: "a master without its data", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, remember: true,
			others: map[string]string{"shop-2": restarted, "shop-3": emptyOne}, said: "shop-2 has: it has to lead"},
		{name: "a master without its data while another loads", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, remember: true,
			others: map[string]string{"shop-2": emptyOne, "shop-3": loading}, said: "shop-3 has: it has to lead"},
		{name: "a master without its data, alone", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, remember: true,
			others: map[string]string{"shop-2": emptyOne}, said: "lost its data and shop-3, which may have them"},
		{name: "a replica that was a node of a cluster", node: "shop-2", named: [3]string{"shop-1", "shop-1", "shop-1"}, data: true, clustered: true,
			others: map[string]string{"shop-1": leads}, said: "keys of a node of a cluster, which a copy of the master's would replace", waits: 10},
		{name: "a cache after everybody was off", node: "shop-1", named: [3]string{"shop-1", "shop-1", "shop-1"}, remember: true, forgetful: true,
			others: map[string]string{"shop-2": emptyOne}, started: starts + "no one --replica-priority 100"},
	}
	_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"sentinel\"\n")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, setSecrets)
			for n, named := range c.named {
				sentinel := "answers/" + []string{"s-1", "s-2", "s-3"}[n]
				if named != "" {
					m.write(sentinel+"/sentinel get-master-addr-by-name", named+"\n6379\n")
				}
				if named != "" && c.remember {
					m.write(sentinel+"/sentinel replicas", "name\nshop-2:6379\n")
				}
			}
			for other, state := range c.others {
				m.write("answers/"+other+"/info", state)
			}
			if c.data {
				m.write("data/appendonlydir/appendonly.aof.manifest", "file x seq 1 type b\n")
			}
			if c.clustered {
				m.write("data/nodes.conf", "vars currentEpoch 1 lastVoteEpoch 0\n")
			}
			if c.snapshot {
				m.write("data/dump.rdb", "REDIS0011")
			}
			said := m.run(files["start-server.sh"], "NODE="+c.node, "NODES=shop-1 shop-2 shop-3", "SENTINELS=s-1 s-2 s-3", "PRIMARY_NAME=shop",
				"KEEPS_DATA="+map[bool]string{true: "no", false: "yes"}[c.forgetful], "HAND_OVER=15", "SILENCE=3", "SERVER=redis-server", "CLI=redis-cli", "USER_ID=999")
			started := strings.ReplaceAll(strings.TrimSpace(m.read("started")), m.root, "")
			assert.Equal(t, c.started, started, said)
			assert.Contains(t, said, c.said)
			assert.GreaterOrEqual(t, strings.Count(m.read("slept"), "x"), c.waits, "seconds waited")
		})
	}
}

func TestWhatAServerIsGiven(t *testing.T) {
	plan, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"replicated\"\n")
	m := newMachine(t, plan.Secrets)
	m.write("usr/local/etc/redis/users.txt", files["users.txt"])
	m.run(files["start-server.sh"], "NODE=shop-2", "NODES=shop-1 shop-2", "SENTINELS=", "PRIMARY_NAME=shop", "KEEPS_DATA=yes", "HAND_OVER=15", "SILENCE=3",
		"SERVER=redis-server", "CLI=redis-cli", "USER_ID=999")
	assert.Equal(t, "port 6379\n\nmasterauth a password of replica-password\nreplica-announce-ip shop-2\n", m.read("conf"))
	users := m.read("run/redis/users.acl")
	assert.NotContains(t, users, "a password", "hashes only")
	assert.Equal(t, 4, strings.Count(users, "\nuser ")+1, "no sentinel logs in here")
	// printf 'a password of health-password' | sha256sum
	assert.Contains(t, users, "user health on #f93d37b41e845de723381c6f662ad1d152ea3b9d92140e135ed226e2f5dda2b6 +ping +info +role")
	assert.Contains(t, m.read("started"), "--replicaof shop-1 6379", "without sentinels the first server leads")
}

// TestNobodyStartsWithoutAPassword: the hash of an empty secret would let in everybody.
func TestNobodyStartsWithoutAPassword(t *testing.T) {
	plan, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"replicated\"\n")
	for name, lose := range map[string]func(path string) error{
		"empty": func(path string) error { return os.WriteFile(path, []byte("\n"), 0o600) },
		"a directory, as the engine makes of a file that is missing": func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, plan.Secrets)
			m.write("usr/local/etc/redis/users.txt", files["users.txt"])
			require.NoError(t, lose(filepath.Join(m.root, "run/secrets/health-password")))
			m.write("start.sh", m.moved(files["start-server.sh"]))
			command := exec.Command("sh", filepath.Join(m.root, "start.sh"))
			command.Env = []string{"ROOT=" + m.root, "PATH=" + m.root + "/bin:" + os.Getenv("PATH"), "NODE=shop-1", "NODES=shop-1 shop-2", "SENTINELS=", "PRIMARY_NAME=shop",
				"KEEPS_DATA=yes", "HAND_OVER=15", "SILENCE=3", "SERVER=redis-server", "CLI=redis-cli", "USER_ID=999"}
			output, err := command.CombinedOutput()
			require.Error(t, err, string(output))
			assert.Contains(t, string(output), "the secret health-password is missing or empty")
			assert.Empty(t, m.read("started"))
		})
	}
}

// deaf is the part of a client that gets no answer to its first orders to stop
// writes, each after a second.
const deaf = `case "$*" in *"client pause"*)
	echo x >>"$ROOT/slept"
	echo x >>"$ROOT/unheard"
	[ "$(wc -l <"$ROOT/unheard")" -gt %d ] || exit 124 ;;
esac
`

// TestNoServerStartsAloneWithoutAPassword is the same for one server, whose
// program stands in the Compose file.
func TestNoServerStartsAloneWithoutAPassword(t *testing.T) {
	plan, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\n[[users]]\nname = \"web\"\npreset = \"application\"\n")
	var composed struct {
		Services map[string]struct{ Command []string }
	}
	require.NoError(t, yaml.Unmarshal([]byte(files["docker-compose.yml"]), &composed))
	program := strings.ReplaceAll(composed.Services["shop"].Command[2], "$$", "$")
	for password, starts := range map[string]bool{"secret\n": true, "\n": false} {
		m := newMachine(t, plan.Secrets)
		m.write("run/secrets/user-web-password", password)
		m.write("start.sh", m.moved(program))
		command := exec.Command("sh", filepath.Join(m.root, "start.sh"))
		command.Env = []string{"ROOT=" + m.root, "PATH=" + m.root + "/bin:" + os.Getenv("PATH")}
		output, err := command.CombinedOutput()
		assert.Equal(t, starts, err == nil, string(output))
		assert.Equal(t, starts, m.read("started") != "")
		assert.Equal(t, !starts, strings.Contains(string(output), "the secret user-web-password is missing or empty"))
	}
}

// muted tells, for the programs of a machine, whether the first two seconds of
// a stop are not over: its own server does not answer meanwhile.
const muted = `muted() { [ -e "$ROOT/stopping" ] && [ $(($(%s +%%s) - $(cat "$ROOT/stopping"))) -lt 2 ]; }
`

// mute is the part of a client that gets no answer then.
const mute = muted + `case "$*" in *"-h 127.0.0.1 "*"info replication") if muted; then exit 124; fi ;; esac
`

// TestHandOver stops a server that leads. Its sleeps pass no time but for the
// script, whose clock they are.
func TestHandOver(t *testing.T) {
	const waits = "name\nshop-2:6379\nflags\nslave\nslave-priority\n0\nname\nshop-3:6379\nflags\nslave,disconnected\nslave-priority\n100\n"
	const ready = waits + "name\nshop-3:6379\nflags\nslave\nslave-priority\n100\n"
	_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"sentinel\"\n")
	realSleep, err := exec.LookPath("sleep")
	require.NoError(t, err)
	realDate, err := exec.LookPath("date")
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		replicas string // as the only sentinel that answers knows them
		attached string
		answer   string // to the order to promote one
		paused   bool   // at once
		deaf     int    // times that the server does not hear that it should stop writes
		said     string
		unasked  bool // the sentinels are not asked to promote anybody
		mute     bool // the server does not say at once that it leads
	}{
		{name: "a replica may be promoted", replicas: ready, attached: "2", answer: "OK", paused: true, said: "nobody took over in 3 seconds"},
		{name: "the sentinels have not heard yet that it may", replicas: waits, attached: "2", answer: "NOGOODSLAVE No suitable replica to promote", said: "no sentinel knows a replica to promote"},
		{name: "nobody follows", replicas: waits, attached: "0", answer: "NOGOODSLAVE No suitable replica to promote", paused: true, said: "no sentinel knows a replica to promote"},
		{name: "the server is slow to stop writes", replicas: ready, attached: "2", answer: "OK", paused: true, deaf: 1, said: "nobody took over in 3 seconds"},
		{name: "the server is slow to say that it leads", replicas: ready, attached: "2", answer: "OK", paused: true, mute: true, said: "nobody took over in 3 seconds"},
		{name: "the server never stops writes", replicas: ready, attached: "2", answer: "OK", paused: true, deaf: 99, said: "writes could not be stopped in 3 seconds", unasked: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, setSecrets)
			m.write("bin/date", "#!/bin/sh\ncat \"$ROOT/slept\" 2>/dev/null | wc -l\n")
			client := "#!/bin/sh\necho \"$REDISCLI_AUTH: $*\" >>\"$ROOT/asked\"\n" + fmt.Sprintf(deaf, c.deaf)
			if c.mute {
				client += fmt.Sprintf(mute, realDate)
			}
			m.write("bin/redis-cli", client+pretended["redis-cli"]+"\n")
			// The server runs until it is told to stop, and the password is
			// changed meanwhile.
			m.write("bin/docker-entrypoint.sh", "#!/bin/sh\necho another >\"$ROOT/run/secrets/operator-password\"\n"+
				realDate+" +%s >\"$ROOT/stopping\"\nkill -TERM \"$(cat \"$ROOT/script\")\"\nexec tail -f /dev/null\n")
			for _, program := range []string{"date", "redis-cli", "docker-entrypoint.sh"} {
				require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", program), 0o755))
			}
			// The look once a second, beside the script that hands over, passes
			// as it does anywhere.
			m.write("bin/sleep", "#!/bin/sh\ncase $1 in 1) exec "+realSleep+" 1 ;; esac\n"+fmt.Sprintf(muted, realDate)+
				"if [ -n \"$MUTE\" ] && muted; then exec "+realSleep+" 0.2; fi\necho x >>\"$ROOT/slept\"\n")
			require.NoError(t, os.Chmod(filepath.Join(m.root, "bin", "sleep"), 0o755))
			for _, sentinel := range []string{"s-1", "s-2", "s-3"} {
				m.write("answers/"+sentinel+"/sentinel get-master-addr-by-name", "shop-1\n6379\n")
				m.write("answers/"+sentinel+"/sentinel failover", c.answer+"\n")
			}
			m.write("answers/s-2/sentinel replicas", c.replicas)
			m.write("answers/shop-2/info", restarted)
			m.write("answers/shop-3/info", restarted)
			m.write("answers/127.0.0.1/info replication", "role:master\nconnected_slaves:"+c.attached+"\nmaster_repl_offset:7\n")
			m.write("answers/127.0.0.1/client pause", "OK\n")
			m.write("data/appendonlydir/appendonly.aof.manifest", "file x seq 1 type b\n")
			said := m.run(files["start-server.sh"], "MUTE="+map[bool]string{true: "yes"}[c.mute], "NODE=shop-1", "NODES=shop-1 shop-2 shop-3", "SENTINELS=s-1 s-2 s-3",
				"PRIMARY_NAME=shop", "KEEPS_DATA=yes", "HAND_OVER=3", "SILENCE=3", "SERVER=redis-server", "CLI=redis-cli", "USER_ID=999")
			assert.Contains(t, said, "handing over")
			assert.Contains(t, said, c.said)
			before, _, found := strings.Cut(m.read("asked"), " client pause")
			require.True(t, found)
			assert.Equal(t, !c.unasked, strings.Contains(m.read("asked"), " sentinel failover"), "nobody is promoted while writes go on")
			assert.Equal(t, c.paused, strings.Count(before, "sentinel replicas") <= 2, "writes go on until a sentinel knows somebody")
			for line := range strings.Lines(m.read("asked")) {
				if strings.Contains(line, "--user operator") {
					assert.Contains(t, line, "a password of operator-password", "what the server was started with")
				}
			}
		})
	}
}

func TestWhatASentinelRemembers(t *testing.T) {
	_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \"sentinel\"\n")
	environment := []string{"NODE=s-1", "NODES=shop-1 shop-2 shop-3", "SENTINELS=s-1 s-2 s-3", "PRIMARY_NAME=shop", "QUORUM=2",
		"SERVER=redis-server", "CLI=redis-cli", "USER_ID=999"}
	own := `port 26379

requirepass a password of sentinel-password
sentinel sentinel-pass a password of sentinel-password
sentinel announce-ip s-1
sentinel monitor shop shop-%s 6379 2
sentinel auth-pass shop a password of monitor-password
`
	monitors := func(number string) string { return strings.Replace(own, "%s", number, 1) }
	t.Run("at its first start, the first server", func(t *testing.T) {
		m := newMachine(t, setSecrets)
		m.run(files["start-sentinel.sh"], environment...)
		assert.Equal(t, monitors("1"), m.read("data/sentinel.conf"))
		assert.Contains(t, m.read("started"), "--sentinel")
	})
	t.Run("without memory, whom another sentinel names", func(t *testing.T) {
		m := newMachine(t, setSecrets)
		m.write("answers/s-3/sentinel get-master-addr-by-name", "shop-3\n6379\n")
		m.run(files["start-sentinel.sh"], environment...)
		assert.Equal(t, monitors("3"), m.read("data/sentinel.conf"))
	})
	t.Run("without memory, who leads others", func(t *testing.T) {
		m := newMachine(t, setSecrets)
		m.write("answers/shop-2/info replication", "role:master\r\nconnected_slaves:2\r\n")
		m.run(files["start-sentinel.sh"], environment...)
		assert.Equal(t, monitors("2"), m.read("data/sentinel.conf"))
	})
	t.Run("what it learned of members that are still there", func(t *testing.T) {
		m := newMachine(t, setSecrets)
		m.write("data/sentinel.conf", `port 26380
protected-mode no
requirepass old
sentinel myid 86be4d6774e821c0efe6a0f56cc75eed9d531fd1
sentinel monitor shop shop-2 6379 5
sentinel auth-pass shop old
sentinel down-after-milliseconds shop 60000
user default on nopass ~* &* +@all
sentinel config-epoch shop 7
sentinel leader-epoch shop 8
sentinel current-epoch 9
sentinel known-replica shop shop-1 6379
sentinel known-replica shop shop-9 6379
sentinel known-sentinel shop s-2 26379 c479ce063c830e83069b76454d205cf86f7b1045
sentinel known-sentinel shop s-9 26379 7ecf8099213235cc05d6f220f8c4f9aeafabf8c9
`)
		m.run(files["start-sentinel.sh"], environment...)
		assert.Equal(t, monitors("2")+`sentinel myid 86be4d6774e821c0efe6a0f56cc75eed9d531fd1
sentinel config-epoch shop 7
sentinel leader-epoch shop 8
sentinel current-epoch 9
sentinel known-replica shop shop-1 6379
sentinel known-sentinel shop s-2 26379 c479ce063c830e83069b76454d205cf86f7b1045
`, m.read("data/sentinel.conf"))
	})
	t.Run("what it could not read again", func(t *testing.T) {
		m := newMachine(t, setSecrets)
		m.write("data/sentinel.conf", `sentinel monitor shop shop-2 6379 2
sentinel known-replica shop shop-2 6379
sentinel known-replica shop shop-3 6379
sentinel known-replica shop shop-3 6379
`)
		m.run(files["start-sentinel.sh"], environment...)
		assert.Equal(t, monitors("2")+"sentinel known-replica shop shop-3 6379\n", m.read("data/sentinel.conf"))
	})
	t.Run("a master that left the set is forgotten", func(t *testing.T) {
		m := newMachine(t, setSecrets)
		m.write("data/sentinel.conf", "sentinel monitor shop shop-9 6379 2\n")
		m.run(files["start-sentinel.sh"], environment...)
		assert.Equal(t, monitors("1"), m.read("data/sentinel.conf"))
	})
}

// secretNamed is a secret whose hash a start program puts into the ACL.
var secretNamed = regexp.MustCompile(`(?m)^user \S+ on @(\S+)`)

// TestUsersHaveTheirSecrets: a server does not start without the secret of a
// user that it shall know.
func TestUsersHaveTheirSecrets(t *testing.T) {
	for _, target := range []string{"", "target = \"swarm\"\n"} {
		for _, topology := range []string{intent.Standalone, intent.Replicated, intent.Sentinel, intent.Cluster} {
			for _, more := range []string{"", "exporter = true\n", "[[users]]\nname = \"web\"\npreset = \"application\"\n"} {
				plan, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\ntopology = \""+topology+"\"\n"+target+more)
				var given []string
				for _, secret := range plan.Secrets {
					given = append(given, secret.Name)
				}
				for _, user := range secretNamed.FindAllStringSubmatch(files["users.txt"], -1) {
					assert.Contains(t, given, user[1], "%s %s%s", topology, target, more)
				}
			}
		}
	}
}

// variable is a name that a start program takes from the environment: those of
// its own are in lower case.
var variable = regexp.MustCompile(`\$\{?([A-Z][A-Z_]+)`)

func TestScriptsAreGivenWhatTheyRead(t *testing.T) {
	for _, more := range []string{"", "target = \"swarm\"\n"} {
		for _, topology := range []string{intent.Replicated, intent.Sentinel, intent.Cluster} {
			_, files := compile(t, "name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\nexporter = true\ntopology = \""+topology+"\"\n"+more)
			deployment := files["docker-compose.yml"] + files["docker-stack.yml"]
			require.NotEmpty(t, deployment)
			for path, content := range files {
				if !strings.HasSuffix(path, ".sh") || path == "roll.sh" {
					continue
				}
				for _, name := range variable.FindAllStringSubmatch(content, -1) {
					assert.Contains(t, deployment, "  "+name[1]+":", "%s %s: %s", topology, more, path)
				}
			}
		}
	}
}
