package e2e

import (
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// visitor is a server of a stack, as a person asks it.
type visitor struct {
	*stack
	service, port, password string
}

// of is another server of the stack.
func (a visitor) of(service, port string) visitor {
	a.service, a.port = service, port
	return a
}

func (a visitor) container() *server { return a.server(a.service).withPassword(a.password) }

// cli is what the client prints in the container, with the password.
func (a visitor) cli(words ...string) string {
	a.t.Helper()
	return strings.TrimSpace(a.container().ask("", append([]string{"-p", a.port}, words...)...).stdout)
}

// stranger is what the client prints without a password.
func (a visitor) stranger(words ...string) string {
	a.t.Helper()
	a.password = ""
	return a.cli(words...)
}

// ready waits for a server that takes commands.
func (a visitor) ready() visitor {
	a.t.Helper()
	eventually(a.t, a.service+" answers", func() bool { return a.cli("ping") == "PONG" })
	return a
}

// put writes a key.
func (a visitor) put(key, value string) {
	a.t.Helper()
	eventually(a.t, a.service+" takes a write", func() bool { return a.cli("set", key, value) == "OK" })
}

func (a visitor) command(words ...string) {
	a.t.Helper()
	require.Equal(a.t, "OK", a.cli(words...))
}

// shell is what a script prints in the container.
func (a visitor) shell(script string) string {
	a.t.Helper()
	return strings.TrimSpace(a.container().shell(script, "").stdout)
}

// state is what Docker says of the container.
func (a visitor) state() string {
	a.t.Helper()
	switch state := a.container().inspect("{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}"); {
	case strings.HasSuffix(state, "true"):
		return "killed by the kernel"
	case strings.HasPrefix(state, "exited "):
		return "ended with " + strings.Fields(state)[1]
	default:
		return strings.Fields(state)[0]
	}
}

// health is what Docker says of its check.
func (a visitor) health() string {
	a.t.Helper()
	return a.container().inspect("{{if .State.Health}}{{.State.Health.Status}}{{else}}no word of its health{{end}}")
}

// running is the state of a container, and the answer of a server that runs in it.
func running(a visitor) string {
	if state := a.state(); state != "running" {
		return state
	}
	return a.cli("ping")
}

// directives are what a server that runs was told.
func directives(names ...string) func(visitor) string {
	return func(a visitor) string {
		if state := a.state(); state != "running" {
			return state
		}
		var seen []string
		for _, name := range names {
			seen = append(seen, strings.ReplaceAll(a.cli("config", "get", name), "\n", " "))
		}
		return strings.Join(seen, ", ")
	}
}

// withoutPassword is what a server answers to anybody.
func withoutPassword(a visitor) string { return a.stranger("ping") }

// withPath is what it answers to somebody who gives the path of the secret as
// the password.
func withPath(a visitor) string {
	a.password = "/run/secrets/password"
	return a.cli("ping")
}

func health(a visitor) string { return a.health() }

// checkOfRefusal is the health, and the exit status of the check while the
// server refuses everybody who has not a password that nobody has.
func checkOfRefusal(a visitor) string {
	seen := a.ready().health()
	a.command("config", "set", "requirepass", "nobody-has-this")
	status := a.check()
	refused := a
	refused.password = "nobody-has-this"
	refused.command("config", "set", "requirepass", a.password)
	return fmt.Sprintf("%s; the check of a server that refuses it exits with %d", seen, status)
}

// check runs the words of the health check in the container and returns the exit status.
func (a visitor) check() int {
	a.t.Helper()
	words := strings.Split(a.container().inspect(`{{range .Config.Healthcheck.Test}}{{.}}{{"\x00"}}{{end}}`), "\x00")
	words = words[:len(words)-1]
	if words[0] == "CMD-SHELL" {
		words = append([]string{"", "sh", "-c"}, words[1:]...)
	}
	return run(a.t, "", "", "docker", append([]string{"exec", a.container().container}, words[1:]...)...).status
}

// checkChanges is whether the check leaves something in the data.
func checkChanges(a visitor) string {
	before := a.ready().cli("get", "ping")
	a.check()
	if a.cli("get", "ping") != before {
		return "the check changes the data"
	}
	return "the check changes nothing"
}

// hung is what Docker says of a server that is there and answers nothing.
func hung(a visitor) string {
	a.ready()
	if a.health() == "no word of its health" {
		a.container().signal("STOP")
		defer a.container().signal("CONT")
		return "stopped in its work: " + a.state() + ", " + a.health()
	}
	eventually(a.t, "it is healthy", func() bool { return a.health() == "healthy" })
	a.container().signal("STOP")
	defer a.container().signal("CONT")
	eventually(a.t, "its health is another", func() bool { return a.health() != "healthy" })
	return "stopped in its work: " + a.state() + ", " + a.health()
}

// shown is whether everybody who may ask Docker has the password.
func shown(a visitor) string {
	a.ready()
	if strings.Contains(mustRun(a.t, "", "docker", "inspect", a.container().container), "Wq7uZc2LkN9xTb4e") {
		return "docker inspect shows the password"
	}
	return "docker inspect shows no password"
}

// fill writes 128 MB.
func (a visitor) fill() {
	a.t.Helper()
	a.shell("redis-benchmark -p " + a.port + " -t set -n 512 -r 100000000 -d 250000 -c 1 >/dev/null 2>&1")
}

// writeMore is the answer to a write that is no smaller than those that have
// filled the server: there may be room for less.
func (a visitor) writeMore() string {
	a.t.Helper()
	return a.shell("head -c 300000 /dev/zero | redis-cli -p " + a.port + " -x set more")
}

// filled is what becomes of a server that gets more than it may take.
func filled(a visitor) string {
	a.fill()
	if state := a.state(); state != "running" {
		return state
	}
	return "running, and a write gets: " + a.writeMore()
}

// filledWithJob is what becomes of a job then.
func filledWithJob(a visitor) string {
	a.cli("lpush", "jobs", "first")
	a.fill()
	if state := a.state(); state != "running" {
		return state
	}
	if a.cli("exists", "jobs") == "0" {
		return "the job is dropped"
	}
	return "the job is there, and another write gets: " + a.writeMore()
}

// greedy is what becomes of a program in the container that takes 200 MB.
func greedy(a visitor) string {
	took := a.ready().shell("head -c 200M /dev/zero | tail | wc -c")
	if took == "209715200" {
		return "200 MB beside the data are taken from the host"
	}
	return "200 MB beside the data are refused; the server: " + a.cli("ping")
}

// reached is from where a published port answers.
func reached(a visitor) string {
	_, port, err := net.SplitHostPort(strings.TrimSpace(a.mustCompose("port", a.service, a.port)))
	require.NoError(a.t, err)
	answers := func(host string) string {
		connection, err := net.DialTimeout("tcp", net.JoinHostPort(host, port), time.Second)
		if err != nil {
			return "refuses"
		}
		connection.Close()
		return "answers"
	}
	a.ready()
	return fmt.Sprintf("127.0.0.1 %s, the address of the host %s", answers("127.0.0.1"), answers(hostAddress(a)))
}

// hostAddress is one of this machine that is not its own loopback.
func hostAddress(a visitor) string {
	addresses, err := net.InterfaceAddrs()
	require.NoError(a.t, err)
	for _, each := range addresses {
		if address, ok := each.(*net.IPNet); ok && address.IP.To4() != nil && !address.IP.IsLoopback() {
			return address.IP.String()
		}
	}
	require.FailNow(a.t, "this machine has no address but its loopback's")
	return ""
}

// madeAnew is what is left of the data when the container is another.
func madeAnew(a visitor) string {
	a.put("written", "x")
	a.mustCompose("down")
	a.mustCompose("up", "--detach")
	if a.ready().cli("exists", "written") == "0" {
		return "gone after down and up"
	}
	return "there after down and up"
}

// stopped is how a server ends, and what is left of what was written last.
func stopped(a visitor) string {
	a.put("last", "x")
	a.mustCompose("stop")
	how := a.state()
	a.mustCompose("start")
	left := "there"
	if a.ready().cli("getdel", "last") == "" {
		left = "gone"
	}
	return how + ", and the last write is " + left
}

// ofTwo is what two servers have of their own when both have been stopped.
func ofTwo(a visitor) string {
	servers := []visitor{a.of("cache", "6379"), a.of("sessions", "6379")}
	for _, each := range servers {
		each.put("of-"+each.service, "x")
	}
	for _, each := range servers {
		each.mustCompose("stop", each.service)
	}
	a.mustCompose("start")
	for _, each := range servers {
		if each.ready().cli("exists", "of-"+each.service) == "0" {
			return each.service + " has the keys of the other"
		}
	}
	return "each has its keys"
}

// link is what a replica says of its master.
func link(a visitor) string {
	for line := range strings.Lines(a.of("copy", "6379").cli("info", "replication")) {
		if strings.HasPrefix(line, "master_link_status") {
			return strings.TrimSpace(line)
		}
	}
	return "no answer"
}

// nodeAnew is whether a node of a cluster is known when its container is another.
func nodeAnew(a visitor) string {
	name := a.ready().cli("cluster", "myid")
	a.mustCompose("up", "--detach", "--force-recreate")
	if a.ready().cli("cluster", "myid") == name {
		return "made anew it has its name"
	}
	return "made anew it has another name"
}

// takenWrite is what a server answers to a write.
func takenWrite(a visitor) string { return a.ready().cli("set", "a", "1") }

// quorum is what a sentinel says of the master, or what became of it.
func quorum(a visitor) string {
	a = a.of("sentinel", "26379")
	if state := a.state(); state != "running" {
		return state
	}
	return a.cli("sentinel", "ckquorum", "main")
}

// socket is whether the engine can be asked from the container.
func socket(a visitor) string {
	if a.ready().shell("test -e /var/run/docker.sock && echo there") == "there" {
		return "the engine can be asked from the container"
	}
	return "the engine cannot be asked from the container"
}

// rewritten is whether the append-only file was, after 10 MB.
func rewritten(a visitor) string {
	a.ready().shell("redis-benchmark -p " + a.port + " -t set -n 40 -d 250000 -c 1 >/dev/null 2>&1")
	for line := range strings.Lines(a.cli("info", "persistence")) {
		if strings.TrimSpace(line) == "aof_rewrites:0" {
			return "10 MB are written over one key, and never rewritten"
		}
	}
	return "10 MB are written over one key, and rewritten"
}

// ofClient is what the client of an application gets where its variable leads.
func ofClient(a visitor) string {
	left := a.ready().of("application", "").container().shell(`redis-cli -u "$REDIS_URL" ping 2>&1`, "")
	return strings.TrimSpace(left.stdout)
}
