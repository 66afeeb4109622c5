//go:build long

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFullDisk fills the disk under a server that keeps an append-only file: it
// refuses writes, lives on, and has all that it ever acknowledged, before and
// after a restart.
func TestFullDisk(t *testing.T) {
	inParts(t)
	t.Run("compose", func(t *testing.T) {
		sideBySide(t)
		s := newStack(t)
		release := releases(t)[0]
		s.write("redis.toml", fmt.Sprintf("name = \"shop\"\nrole = \"queue\"\nmemory = \"256M\"\nengine = %q\nversion = %q\n", release.engine, release.version))
		mustRun(t, s.directory, rcompPath(t), "gen")
		s.write("docker-compose.override.yml", fmt.Sprintf("volumes:\n  data:\n    driver_opts: {type: tmpfs, device: tmpfs, o: \"size=%s\"}\n", diskSize))
		s.mustCompose("create")
		disk := newDisk(t, s.project+"_data", release)
		s.up()
		disk.fills(func() *server { return s.server("shop").withPassword(s.secret("redis")) }, func() { s.mustCompose("restart") })
	})
	t.Run("swarm", func(t *testing.T) {
		sideBySide(t)
		s := newSwarmStack(t, releases(t)[0])
		mustRun(t, "", "docker", "volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size="+diskSize, s.name+"_data")
		disk := newDisk(t, s.name+"_data", s.release)
		s.generate("standalone", "")
		s.deploy()
		disk.fills(func() *server {
			return &server{t: t, container: s.container(s.name), password: s.files.secret("redis")}
		}, func() {
			mustRun(t, "", "docker", "service", "update", "--quiet", "--force", "--detach=false", s.name+"_"+s.name)
		})
	})
}

const (
	diskSize = "32m"
	// ballast, in MiB, leaves a quarter of the disk to the server.
	ballast = "24"
	// fullFor is longer than a swarm waits before it kills what it takes for dead.
	fullFor = time.Minute
)

// smallDisk is a volume of a known size, which stays while its server restarts,
// and a container that can fill it.
type smallDisk struct {
	t      *testing.T
	holder string
}

func newDisk(t *testing.T, volume string, release release) smallDisk {
	t.Helper()
	d := smallDisk{t, volume + "-holder"}
	mustRun(t, "", "docker", "run", "--detach", "--name", d.holder, "--volume", volume+":/data", "--entrypoint", "sleep", release.image, "infinity")
	t.Cleanup(func() { run(t, "", "", "docker", "rm", "--force", d.holder) })
	return d
}

// fills has the disk of a server full for a while.
func (d smallDisk) fills(current func() *server, restart func()) {
	t := d.t
	t.Helper()
	s := current()
	s.waitUntilReady()
	mustRun(t, "", "docker", "exec", d.holder, "dd", "if=/dev/zero", "of=/data/ballast", "bs=1M", "count="+ballast)
	acknowledged := 0
	eventually(t, "writes are refused", func() bool {
		more, refused := s.writeSome(acknowledged)
		acknowledged += more
		return refused
	})
	started := s.inspect("{{.Id}} {{.State.StartedAt}}")
	for began := time.Now(); time.Since(began) < fullFor; time.Sleep(time.Second) {
		more, refused := s.writeSome(acknowledged)
		acknowledged += more
		assert.True(t, refused, "the disk is full")
	}
	assert.Equal(t, started, current().inspect("{{.Id}} {{.State.StartedAt}}"), "nobody killed it")
	s.requireWritten(acknowledged)

	mustRun(t, "", "docker", "exec", d.holder, "rm", "/data/ballast")
	eventually(t, "writes go on", func() bool {
		more, refused := s.writeSome(acknowledged)
		acknowledged += more
		return !refused
	})
	s.command("bgrewriteaof") // as the README says
	eventually(t, "everything is written anew", s.savingEnds)
	restart()
	s = current()
	s.waitUntilReady()
	s.requireWritten(acknowledged)
	t.Logf("%d acknowledged writes, none lost", acknowledged)
}

// writtenAtOnce is how many keys of a kilobyte are written before somebody looks.
const writtenAtOnce = 200

// writeSome writes keys behind those that were acknowledged, and returns how
// many more are, and whether one was refused. Behind a refusal nothing counts.
func (s *server) writeSome(acknowledged int) (more int, refused bool) {
	s.t.Helper()
	commands := ""
	for n := range writtenAtOnce {
		commands += fmt.Sprintf("set full:%d %s\n", acknowledged+n, strings.Repeat("x", 1024))
	}
	for answer := range strings.Lines(s.ask(commands).stdout) {
		switch strings.TrimSpace(answer) {
		case "OK":
			more++
		case "":
		default:
			require.Contains(s.t, answer, "MISCONF")
			return more, true
		}
	}
	return more, false
}

// requireWritten fails the test unless every acknowledged key is there.
func (s *server) requireWritten(acknowledged int) {
	s.t.Helper()
	const script = "local there = 0 for n = 0, ARGV[1] - 1 do there = there + redis.call('exists', 'full:' .. n) end return there"
	require.Equal(s.t, fmt.Sprint(acknowledged), s.command("eval", script, "0", fmt.Sprint(acknowledged)))
}
