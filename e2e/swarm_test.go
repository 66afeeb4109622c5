package e2e

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// swarmStack is a stack that gen wrote, on this engine as the only node of a swarm.
type swarmStack struct {
	t       *testing.T
	name    string // of the stack and of the set: configs and secrets are named after the set
	files   *stack // only its directory
	release release
	tls     string // options of redis-cli, empty for plain text
	keys    string // of the intent, beside the first ones
	tables  string // of the intent, behind [redis]

	topology       string
	secretsVersion int
}

// swarm tells whether the tests made the engine one, which they undo at their end.
var swarm struct {
	once sync.Once
	made bool
}

// newSwarmStack makes the engine a swarm where it is none.
func newSwarmStack(t *testing.T, release release) *swarmStack {
	t.Helper()
	swarm.once.Do(func() {
		if strings.TrimSpace(mustRun(t, "", "docker", "info", "--format", "{{.Swarm.LocalNodeState}}")) != "active" {
			mustRun(t, "", "docker", "swarm", "init", "--advertise-addr", "127.0.0.1")
			swarm.made = true
		}
	})
	var unique [4]byte
	_, err := rand.Read(unique[:])
	require.NoError(t, err)
	directory, err := os.MkdirTemp("", namePrefix)
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(directory) })
	s := &swarmStack{t: t, name: namePrefix + hex.EncodeToString(unique[:]), release: release, files: &stack{t: t, directory: directory}, secretsVersion: 1}
	s.relabel("--label-add", "=yes")
	t.Cleanup(s.remove)
	return s
}

// nodeChanges is held by who changes the node: of two changes at once the
// engine refuses one as "out of sequence".
var nodeChanges sync.Mutex

// relabel adds all labels of the stack to the node, or takes them away.
func (s *swarmStack) relabel(option, value string) {
	s.t.Helper()
	arguments := []string{"node", "update"}
	for _, label := range s.labels() {
		arguments = append(arguments, option, label+value)
	}
	nodeChanges.Lock()
	defer nodeChanges.Unlock()
	eventually(s.t, "the node is changed", func() bool { // the swarm changes it too
		return run(s.t, "", "", "docker", append(arguments, thisNode(s.t))...).status == 0
	})
}

// thisNode is the engine's ID in its swarm.
func thisNode(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(mustRun(t, "", "docker", "info", "--format", "{{.Swarm.NodeID}}"))
}

func (s *swarmStack) labels() []string { return append(numbered(s.name, swarmClusterNodes), s.name) }

// remove takes away all that the stack left in the engine.
func (s *swarmStack) remove() {
	if s.t.Failed() {
		s.t.Log(run(s.t, "", "", "docker", "stack", "ps", "--no-trunc", s.name).stdout)
		for _, service := range strings.Fields(run(s.t, "", "", "docker", "stack", "services", "--format", "{{.Name}}", s.name).stdout) {
			logs := run(s.t, "", "", "docker", "service", "logs", "--tail", "15", service)
			s.t.Log(logs.stdout + logs.stderr)
		}
	}
	s.down()
	s.relabel("--label-rm", "")
	for _, kind := range []string{"config", "secret", "volume"} {
		found := run(s.t, "", "", "docker", kind, "ls", "--quiet", "--filter", "name="+s.name).stdout
		if found != "" {
			run(s.t, "", "", "docker", append([]string{kind, "rm"}, strings.Fields(found)...)...)
		}
	}
}

// down removes the stack and waits until no container and no network of it is left.
func (s *swarmStack) down() {
	run(s.t, "", "", "docker", "stack", "rm", s.name)
	gone := func() bool {
		left := run(s.t, "", "", "docker", "ps", "--all", "--quiet", "--filter", "label=com.docker.stack.namespace="+s.name).stdout +
			run(s.t, "", "", "docker", "network", "ls", "--quiet", "--filter", "label=com.docker.stack.namespace="+s.name).stdout
		return left == ""
	}
	for deadline := time.Now().Add(2 * time.Minute); !gone() && time.Now().Before(deadline); {
		time.Sleep(time.Second)
	}
}

// generate writes the files of a topology, with a table [redis], about which
// lint has nothing to say.
func (s *swarmStack) generate(topology, directives string) {
	s.t.Helper()
	s.topology = topology
	s.files.write("redis.toml", fmt.Sprintf("name = %q\nrole = \"queue\"\nmemory = \"256M\"\ntarget = \"swarm\"\ntopology = %q\nengine = %q\nversion = %q\nsecrets-version = %d\n%s[redis]\n%s\n%s",
		s.name, topology, s.release.engine, s.release.version, s.secretsVersion, s.keys, directives, s.tables))
	mustRun(s.t, s.files.directory, rcompPath(s.t), "gen")
	s.files.requireSilentLint()
}

// deploy deploys the stack and waits until all tasks are healthy. It must not
// print a notice of something that it ignores.
func (s *swarmStack) deploy() {
	s.t.Helper()
	deploy := func() result {
		return run(s.t, s.files.directory, "", "docker", "stack", "deploy", "--resolve-image", "never", "--detach=false", "--compose-file", "docker-stack.yml", s.name)
	}
	done := deploy()
	// A busy engine gives its own manager too little time; the same command
	// goes on where it stopped.
	for tries := 0; done.status != 0 && tries < 3 && strings.Contains(done.stderr, "DeadlineExceeded"); tries++ {
		done = deploy()
	}
	require.Zero(s.t, done.status, done.stdout+done.stderr)
	assert.NotContains(s.t, strings.ToLower(done.stdout+done.stderr), "ignor")
	assert.NotContains(s.t, strings.ToLower(done.stdout+done.stderr), "deprecated")
}

// container returns the running container of a service, or "".
func (s *swarmStack) container(service string) string {
	s.t.Helper()
	found := mustRun(s.t, "", "docker", "ps", "--quiet", "--filter", "label=com.docker.swarm.service.name="+s.name+"_"+service)
	first, _, _ := strings.Cut(found, "\n")
	return first
}

// ask runs redis-cli in the container of a service, with a password that it
// has. An answer that cannot be had is "".
func (s *swarmStack) ask(service, port, login string, words ...string) string {
	s.t.Helper()
	container := s.container(service)
	if container == "" {
		return ""
	}
	secret, user := login, ""
	if login == "default" {
		secret = "redis"
	}
	if login == "health" {
		user = "--user health"
	}
	script := fmt.Sprintf(`REDISCLI_AUTH=$(cat /run/secrets/%s-password) exec timeout 20 redis-cli%s -p %s %s --no-auth-warning "$@"`, secret, s.tls, port, user)
	return strings.TrimSpace(run(s.t, "", "", "docker", append([]string{"exec", container, "sh", "-c", script, "sh"}, words...)...).stdout)
}

// leader is whom the first sentinel names.
func (s *swarmStack) leader() string {
	s.t.Helper()
	named, _, _ := strings.Cut(s.ask(s.name+"-sentinel-1", sentinelPort, "sentinel", "sentinel", "get-master-addr-by-name", s.name), "\n")
	return strings.TrimSpace(named)
}

// awaitWhole waits until the leader has both replicas online and every sentinel
// has a quorum.
func (s *swarmStack) awaitWhole() {
	s.t.Helper()
	whole := func() bool {
		leader := s.leader()
		if leader == "" || strings.Count(s.ask(leader, serverPort, "health", "info", "replication"), "state=online") != 2 {
			return false
		}
		for _, sentinel := range numbered(s.name+"-sentinel", 3) {
			if !strings.HasPrefix(s.ask(sentinel, sentinelPort, "sentinel", "sentinel", "ckquorum", s.name), "OK 3 usable") {
				return false
			}
		}
		return true
	}
	eventually(s.t, "the set does not become whole", whole)
}

// swarmWriter writes increasing keys to whom the sentinels name, and prints
// those that WAIT confirmed. It has no name for a server but those that the
// sentinels give, and forgets a server that failed.
const swarmWriter = `
password=$(cat /secrets/redis-password)
export sentinel=$(cat /secrets/sentinel-password)
n=0 leader=
while :; do
	if [ -z "$leader" ]; then
		for one in 1 2 3; do
			leader=$(REDISCLI_AUTH=$sentinel timeout 2 redis-cli -h "$SET-sentinel-$one" -p 26379 sentinel get-master-addr-by-name "$SET" 2>/dev/null | head -n 1)
			case $leader in "$SET"-[0-9]) break ;; esac
			leader=
		done
		if [ -z "$leader" ]; then sleep 0.2; continue; fi
	fi
	n=$((n + 1))
	answer=$(printf 'set written:%s %s\nwait 1 500\n' "$n" "$n" | REDISCLI_AUTH=$password timeout 2 redis-cli -h "$leader" 2>/dev/null | tr '\n' ' ')
	case $answer in
	"OK "[12]" ") echo "$n" ;;
	*) leader= ;;
	esac
	sleep 0.1 # four programs for each write are load
done`

// write starts the writer on the stack's network.
func (s *swarmStack) write() (writer string) {
	s.t.Helper()
	writer = s.name + "-writer"
	mustRun(s.t, "", "docker", "run", "--detach", "--name", writer, "--network", s.name+"_redis", "--env", "SET="+s.name,
		"--volume", filepath.Join(s.files.directory, "secrets")+":/secrets:ro", "--entrypoint", "sh", s.release.image, "-c", swarmWriter)
	s.t.Cleanup(func() { run(s.t, "", "", "docker", "rm", "--force", "--volumes", writer) })
	return writer
}

// acknowledged are the keys that a writer was told are safe.
func (s *swarmStack) acknowledged(writer string) []string {
	s.t.Helper()
	return strings.Fields(mustRun(s.t, "", "docker", "logs", writer))
}

// awaitWrites waits until some more writes are acknowledged, and returns how
// long that took.
func (s *swarmStack) awaitWrites(writer string, since int) time.Duration {
	s.t.Helper()
	begin := time.Now()
	eventually(s.t, "nothing is acknowledged any more", func() bool { return len(s.acknowledged(writer)) >= since+20 })
	return time.Since(begin)
}

// lost are the acknowledged keys that the leader does not have.
func (s *swarmStack) lost(writer string) []string {
	s.t.Helper()
	all := s.acknowledged(writer)
	present := map[string]bool{}
	for _, key := range strings.Fields(s.ask(s.leader(), serverPort, "default", "--scan", "--pattern", "written:*")) {
		present[strings.TrimPrefix(key, "written:")] = true
	}
	var missing []string
	for _, number := range all {
		if !present[number] {
			missing = append(missing, number)
		}
	}
	return missing
}

// TestSwarmWithSentinels lets a set in a swarm suffer what a swarm does to it:
// no acknowledged write is lost, and all of it heals by itself.
func TestSwarmWithSentinels(t *testing.T) {
	longestInSwarm(t)
	rowsOfReleases(t, 0, checkSwarmWithSentinels)
}

func checkSwarmWithSentinels(t *testing.T, release release) {
	t.Helper()
	left := unfinished(t, swarmFaultNames())
	s := newSwarmStack(t, release)
	s.generate("sentinel", "slowlog-max-len = 100")
	s.deploy()
	s.awaitWhole()
	writer := s.write()
	s.awaitWrites(writer, 0)
	for _, fault := range swarmFaults {
		if !left[fault.name] {
			continue
		}
		leader, before := s.leader(), len(s.acknowledged(writer))
		begin := time.Now()
		fault.strike(s, leader)
		struck := time.Since(begin)
		s.awaitWrites(writer, before)
		s.awaitWhole()
		lost := s.lost(writer)
		assert.Empty(t, lost, fault.name)
		if fault.configures != "" {
			assert.Equal(t, "slowlog-max-len\n"+fault.configures, s.ask(s.leader(), serverPort, "default", "config", "get", "slowlog-max-len"))
		}
		finishRow(t, fault.name, begin, "struck %.1f s, whole after %.1f s, led by %s, then %s; %d acknowledged since, %d lost", struck.Seconds(), time.Since(begin).Seconds(),
			leader, s.leader(), len(s.acknowledged(writer))-before, len(lost))
	}
}

// swarmFaultNames are the rows of this form.
func swarmFaultNames() []string {
	var names []string
	for _, fault := range swarmFaults {
		if !fault.long || long {
			names = append(names, fault.name)
		}
	}
	return names
}

var swarmFaults = []struct {
	name       string
	long       bool   // left out of the short form
	configures string // slowlog-max-len from then on, where it changes
	strike     func(s *swarmStack, leader string)
}{
	{name: "container of the leader killed", strike: func(s *swarmStack, leader string) {
		mustRun(s.t, "", "docker", "kill", s.container(leader))
	}},
	{name: "leader scaled to 0 for 20 s", long: true, strike: func(s *swarmStack, leader string) {
		mustRun(s.t, "", "docker", "service", "scale", "--detach", s.name+"_"+leader+"=0")
		time.Sleep(20 * time.Second)
		mustRun(s.t, "", "docker", "service", "scale", "--detach", s.name+"_"+leader+"=1")
	}},
	{name: "leader updated by force", long: true, strike: func(s *swarmStack, leader string) {
		mustRun(s.t, "", "docker", "service", "update", "--quiet", "--force", "--detach=false", s.name+"_"+leader)
	}},
	{name: "changed configuration rolled", configures: "101", strike: func(s *swarmStack, _ string) {
		s.generate("sentinel", "slowlog-max-len = 101")
		mustRun(s.t, s.files.directory, "sh", "roll.sh", s.name)
	}},
	{name: "changed configuration on all at once", long: true, configures: "102", strike: func(s *swarmStack, _ string) {
		s.generate("sentinel", "slowlog-max-len = 102")
		s.deploy()
	}},
	{name: "stack removed and deployed again", strike: func(s *swarmStack, _ string) {
		mustRun(s.t, "", "docker", "network", "disconnect", "--force", s.name+"_redis", s.name+"-writer")
		s.down()
		s.deploy()
		mustRun(s.t, "", "docker", "network", "connect", s.name+"_redis", s.name+"-writer")
	}},
}

// TestSwarmRunbook types what the README of a stack tells people to type, in
// its order; then the configuration and a password change.
func TestSwarmRunbook(t *testing.T) {
	inParts(t)
	topologies := []string{"replicated"}
	if long {
		topologies = []string{"standalone", "replicated", "sentinel"}
	}
	for _, topology := range topologies {
		t.Run(topology, func(t *testing.T) {
			sideBySide(t)
			asOneRow(t)
			s := newSwarmStack(t, releases(t)[0])
			s.generate(topology, "slowlog-max-len = 100")
			s.typeReadme()
			s.awaitKept("before the backup")

			s.generate(topology, "slowlog-max-len = 101")
			s.deploy()
			s.awaitKept("before the backup")
			assert.Equal(t, "slowlog-max-len\n101", s.ask(s.master(), serverPort, "default", "config", "get", "slowlog-max-len"))

			s.files.write("secrets/redis-password", "another-password\n")
			s.secretsVersion++
			s.generate(topology, "slowlog-max-len = 101")
			s.deploy()
			s.awaitKept("before the backup")
			assert.Equal(t, "another-password", s.inContainer(s.master(), "cat", "/run/secrets/redis-password"))
		})
	}
}

// typeReadme types the README's blocks of commands. A key is set before the
// backup, and set anew after it.
func (s *swarmStack) typeReadme() {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.files.directory, "README.md"))
	require.NoError(s.t, err)
	blocks := commandBlock.FindAllStringSubmatch(string(content), -1)
	require.GreaterOrEqual(s.t, len(blocks), 6)
	for _, block := range blocks {
		backup := strings.Contains(block[1], "bgsave")
		if backup {
			s.keep("before the backup")
		}
		s.typeBlock(block[1])
		if backup {
			s.keep("after the backup")
		}
		if strings.Contains(block[1], "acl setuser") {
			s.requireTwoPasswords()
		}
	}
}

// requireTwoPasswords asks the server that is written to with the former
// password and with the next one.
func (s *swarmStack) requireTwoPasswords() {
	s.t.Helper()
	next, err := os.ReadFile(filepath.Join(s.files.directory, "secrets/next"))
	require.NoError(s.t, err)
	for _, password := range []string{s.files.secret("redis"), string(next)} {
		one := &server{t: s.t, container: s.container(s.master()), password: password}
		assert.Equal(s.t, "PONG", one.command("ping"), "two passwords at once")
	}
}

// typeBlock types one block of commands.
func (s *swarmStack) typeBlock(commands string) (printed string) {
	s.t.Helper()
	if strings.Contains(commands, "docker node update") {
		nodeChanges.Lock()
		defer nodeChanges.Unlock()
	}
	return typed(s.t, s.files.directory, commands)
}

// master is the server that is written to.
func (s *swarmStack) master() string {
	s.t.Helper()
	switch s.topology {
	case "standalone":
		return s.name
	case "replicated":
		return s.name + "-1"
	}
	return s.leader()
}

func (s *swarmStack) keep(value string) {
	s.t.Helper()
	eventually(s.t, "a key is written", func() bool { return s.ask(s.master(), serverPort, "default", "set", "kept", value) == "OK" })
}

func (s *swarmStack) awaitKept(value string) {
	s.t.Helper()
	eventually(s.t, "the key is there, "+value, func() bool { return s.ask(s.master(), serverPort, "default", "get", "kept") == value })
}

// inContainer runs a program in the container of a service.
func (s *swarmStack) inContainer(service string, words ...string) string {
	s.t.Helper()
	return strings.TrimSpace(mustRun(s.t, "", "docker", append([]string{"exec", s.container(service)}, words...)...))
}
