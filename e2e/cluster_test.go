package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cluster is a generated cluster of masters with a replica each, and the
// service that forms it.
type cluster struct {
	stack   *stack
	release release
	subnet  string
	masters int
}

const (
	clusterName = "ring"
	creator     = clusterName + "-create"
	slotCount   = "16384"
)

// newCluster writes a cluster of a release.
func newCluster(t *testing.T, release release) *cluster {
	t.Helper()
	c := &cluster{stack: newStack(t), release: release, masters: 3}
	c.subnet = newSubnet()
	c.generate()
	return c
}

// move gives every node of a cluster that is down another address: a subnet of
// its own, or what another node had where the engine keeps the network.
func (c *cluster) move(keepsNetwork bool) {
	c.stack.t.Helper()
	if !keepsNetwork {
		c.subnet = newSubnet()
		c.generate()
		return
	}
	path := filepath.Join(c.stack.directory, "docker-compose.yml")
	content, err := os.ReadFile(path)
	require.NoError(c.stack.t, err)
	first, last := 11, 10+2*c.masters
	swapped := regexp.MustCompile(regexp.QuoteMeta(c.subnet)+`\.1\d\b`).ReplaceAllStringFunc(string(content), func(address string) string {
		number, err := strconv.Atoi(strings.TrimPrefix(address, c.subnet+"."))
		require.NoError(c.stack.t, err)
		if number < first || number > last {
			return address
		}
		return fmt.Sprintf("%s.%d", c.subnet, first+last-number)
	})
	require.NotEqual(c.stack.t, string(content), swapped)
	c.stack.write("docker-compose.yml", swapped)
}

// generate runs gen.
func (c *cluster) generate() {
	c.stack.t.Helper()
	c.stack.write("redis.toml", fmt.Sprintf("name = %q\nrole = \"queue\"\nmemory = \"96M\"\ntopology = \"cluster\"\nmasters = %d\nengine = %q\nversion = %q\nsubnet = \"%s.0/24\"\n",
		clusterName, c.masters, c.release.engine, c.release.version, c.subnet))
	mustRun(c.stack.t, c.stack.directory, rcompPath(c.stack.t), "gen")
}

func (c *cluster) nodes() []string { return numbered(clusterName, 2*c.masters) }

func (c *cluster) password(of string) string {
	c.stack.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.stack.directory, "secrets", of+"-password"))
	require.NoError(c.stack.t, err)
	return strings.TrimSpace(string(content))
}

// ask runs one command as the operator of a node, and returns "" where the node
// does not answer.
func (c *cluster) ask(node string, words ...string) string {
	return c.script(node, `exec timeout 20 "$CLI" --user operator "$@"`, words...)
}

// script runs a script in a node's container that has the operator's password,
// and returns what it printed, or "".
func (c *cluster) script(node, script string, words ...string) string {
	script = "export REDISCLI_AUTH=$(cat /run/secrets/operator-password)\n" + script
	output, _ := dockerOutput(append([]string{"exec", c.container(node), "sh", "-c", script, "sh"}, words...)...)
	return strings.ReplaceAll(strings.TrimSpace(output), "\r", "")
}

func (c *cluster) container(service string) string { return c.stack.server(service).container }

// engine runs one docker command on a service's container.
func (c *cluster) engine(command, service string) {
	c.stack.t.Helper()
	mustRun(c.stack.t, "", "docker", command, c.container(service))
}

// member is a line of CLUSTER NODES.
type member struct {
	id, endpoint, flags, master, epoch, link string
	slots                                    []string
}

// view is what a node says of all, by name; those without a name are under
// their identity.
func (c *cluster) view(node string) map[string]member {
	return viewOf(c.ask(node, "cluster", "nodes"))
}

// viewOf reads what CLUSTER NODES answers; other lines are too short.
func viewOf(answer string) map[string]member {
	seen := map[string]member{}
	for line := range strings.Lines(answer) {
		words := strings.Fields(line)
		if len(words) < 8 {
			continue
		}
		m := member{id: words[0], endpoint: words[1], flags: words[2], master: words[3], epoch: words[6], link: words[7], slots: words[8:]}
		name := m.id
		if places := nodeName.FindStringSubmatch(m.endpoint); places != nil {
			name = places[1]
		}
		if _, twice := seen[name]; twice {
			name = m.id
		}
		seen[name] = m
	}
	return seen
}

var nodeName = regexp.MustCompile(`,(` + clusterName + `-\d+)(,|$)`)

// clusterQuestions asks a node for all that whole wants to know of it, in one go.
const clusterQuestions = `for question in 'cluster info' 'cluster nodes' 'info replication'; do timeout 20 "$CLI" --user operator $question || exit; echo; done`

// whole says what the cluster lacks: every node sees all slots served and
// nobody failing, every replica is linked to its master.
func (c *cluster) whole() error {
	for _, node := range c.nodes() {
		said := c.script(node, clusterQuestions)
		for _, wanted := range []string{"cluster_state:ok", "cluster_slots_ok:" + slotCount, fmt.Sprint("cluster_known_nodes:", 2*c.masters), fmt.Sprint("cluster_size:", c.masters)} {
			if !strings.Contains(said, wanted) {
				return fmt.Errorf("%s lacks %s: %q", node, wanted, said)
			}
		}
		for name, other := range viewOf(said) {
			if !slices.Contains(c.nodes(), name) || strings.Contains(other.flags, "fail") || !strings.HasPrefix(other.endpoint, c.subnet+".") {
				return fmt.Errorf("%s sees %s as %+v", node, name, other)
			}
		}
		if strings.Contains(said, "role:slave") && !strings.Contains(said, "master_link_status:up") {
			return fmt.Errorf("%s has no link to its master", node)
		}
	}
	return c.everyMasterHasReplica()
}

func (c *cluster) everyMasterHasReplica() error {
	seen := c.view(c.nodes()[0])
	for name, master := range seen {
		if len(master.slots) == 0 {
			continue
		}
		followed := false
		for _, other := range seen {
			followed = followed || other.master == master.id
		}
		if !followed {
			return fmt.Errorf("%s has no replica", name)
		}
	}
	return nil
}

// heals waits until the cluster is whole.
func (c *cluster) heals(t *testing.T, after string) {
	t.Helper()
	began := time.Now()
	eventuallyWhole(t, "whole after: "+after, c.whole)
	t.Logf("%s: whole after %s", after, time.Since(began).Round(100*time.Millisecond))
}

// aMaster returns a node that serves slots, as another one sees it.
func (c *cluster) aMaster() string {
	c.stack.t.Helper()
	for _, asked := range c.nodes() {
		seen := c.view(asked)
		for _, name := range c.nodes() {
			if len(seen[name].slots) > 0 {
				return name
			}
		}
	}
	require.FailNow(c.stack.t, "no master")
	return ""
}

// slotsLeft waits until others serve what a node served.
func (c *cluster) slotsLeft(t *testing.T, lost string) {
	t.Helper()
	asked := c.nodes()[0]
	if asked == lost {
		asked = c.nodes()[1]
	}
	eventually(t, "a replica of "+lost+" takes over", func() bool {
		seen := c.view(asked)
		return len(seen) > 0 && len(seen[lost].slots) == 0
	})
}

// createOnce runs the creation program by hand, to its end.
func (c *cluster) createOnce() result {
	return c.stack.compose("run", "--rm", "--no-deps", "-T", creator, "sh", "/usr/local/lib/rcomp/create-cluster.sh", "once")
}

// TestClusterKeepsWhatItAcknowledged lets a cluster under writes suffer what
// happens to one, and counts what of it was lost.
func TestClusterKeepsWhatItAcknowledged(t *testing.T) {
	longest(t)
	rowsOfReleases(t, 0, func(t *testing.T, release release) {
		left := unfinished(t, clusterFaultNames())
		c := newCluster(t, release)
		c.stack.up()
		c.requireFormed(t)
		writing := c.startWriting()
		for _, fault := range clusterFaults {
			if !left[fault.name] {
				continue
			}
			before := writing.goesOn(t, "before: "+fault.name)
			began := time.Now()
			fault.strike(t, c)
			c.heals(t, fault.name)
			whole := time.Since(began)
			writing.goesOn(t, "after: "+fault.name)
			acknowledged := writing.soFar()
			lost := c.missing(t, acknowledged)
			assert.Empty(t, lost, fault.name)
			finishRow(t, fault.name, began, "whole after %.1f s, longest time without any write %.1f s, %d acknowledged, %d lost",
				whole.Seconds(), writing.longestGap(began).Seconds(), len(acknowledged)-before, len(lost))
		}
		assert.Greater(t, len(writing.stop()), 100)
	})
}

// clusterFaultNames are the rows of this form.
func clusterFaultNames() []string {
	var names []string
	for _, fault := range clusterFaults {
		if fault.short || long {
			names = append(names, fault.name)
		}
	}
	return names
}

// requireFormed holds a cluster that up waited for to what its creation
// promises: it is formed, nothing is wrong with its files, and forming it again
// changes nothing.
func (c *cluster) requireFormed(t *testing.T) {
	t.Helper()
	assert.Contains(t, c.ask(c.nodes()[0], "cluster", "info"), "cluster_slots_assigned:"+slotCount, "right after up --wait")
	c.heals(t, "up --wait")
	assert.Equal(t, result{}, run(t, c.stack.directory, "", rcompPath(t), "lint", "--quiet", "--fail-on", "note"))
	before := c.view(c.nodes()[0])
	again := c.createOnce()
	require.Zero(t, again.status, again.stdout+again.stderr)
	for name, member := range c.view(c.nodes()[0]) {
		assert.Equal(t, before[name].id+before[name].epoch+fmt.Sprint(before[name].slots), member.id+member.epoch+fmt.Sprint(member.slots), name)
	}
}

// clusterFaults are what a cluster suffers. Each finds it whole.
var clusterFaults = []struct {
	name   string
	short  bool // also in the short form
	strike func(*testing.T, *cluster)
}{
	{"a master is stopped and started", true, func(t *testing.T, c *cluster) {
		lost := c.aMaster()
		c.engine("stop", lost)
		c.slotsLeft(t, lost)
		c.engine("start", lost)
	}},
	{"a master is killed, replaced and returns", true, func(t *testing.T, c *cluster) {
		lost := c.aMaster()
		c.engine("kill", lost)
		c.slotsLeft(t, lost)
		c.engine("start", lost)
	}},
	{"a master is killed and restarted at once", false, func(t *testing.T, c *cluster) {
		lost := c.aMaster()
		c.engine("kill", lost)
		c.engine("start", lost)
	}},
	{"a master loses its volume and is back at once", true, func(t *testing.T, c *cluster) {
		lost := c.aMaster()
		former := c.view(lost)[lost].id
		c.stack.mustCompose("rm", "--stop", "--force", lost)
		mustRun(t, "", "docker", "volume", "rm", c.stack.project+"_data-"+strings.TrimPrefix(lost, clusterName+"-"))
		c.stack.mustCompose("up", "--detach", "--no-deps", lost)
		eventually(t, "the empty node has an identity of its own", func() bool {
			id := c.view(lost)[lost].id
			return id != "" && id != former
		})
	}},
	{"all are killed and started", false, func(t *testing.T, c *cluster) {
		c.stack.mustCompose("kill")
		c.stack.up()
	}},
	{"all restart", true, func(t *testing.T, c *cluster) { c.stack.mustCompose("restart") }},
	{"down, and up with other addresses", true, func(t *testing.T, c *cluster) {
		c.move(c.stack.down())
		c.stack.up()
	}},
}

// TestClusterFormsAfterHalfStart starts what forms the cluster while nodes are
// missing, and again after a run that was cut short.
func TestClusterFormsAfterHalfStart(t *testing.T) {
	sideBySide(t)
	oneRelease(t, 0, func(t *testing.T, release release) {
		c := newCluster(t, release)
		nodes := c.nodes()
		c.stack.mustCompose(append([]string{"up", "--detach", creator}, nodes[:4]...)...)
		eventually(t, "four nodes answer", func() bool {
			return strings.Contains(c.stack.server(creator).logs(), "waiting for "+nodes[4]+" "+nodes[5])
		})
		assert.Contains(t, c.ask(nodes[0], "cluster", "info"), "cluster_slots_assigned:0", "nothing is formed without all nodes")

		// What a run leaves that ended after its first master had taken its slots.
		c.engine("stop", creator)
		c.stack.mustCompose(append([]string{"up", "--detach"}, nodes...)...)
		eventually(t, "the last node answers", func() bool { return len(c.view(nodes[5])) == 1 })
		for _, met := range []int{2, 3} {
			c.ask(nodes[0], "cluster", "meet", fmt.Sprintf("%s.%d", c.subnet, 10+met), serverPort)
		}
		require.Equal(t, "OK", c.ask(nodes[0], append([]string{"cluster", "addslots"}, numbers(0, 5460)...)...))
		c.stack.up()
		c.heals(t, "up --wait")
	})
}

// TestClusterOfOthersIsLeftAlone holds the creation program to what it says of
// slots that it would not have given so.
func TestClusterOfOthersIsLeftAlone(t *testing.T) {
	sideBySide(t)
	oneRelease(t, 0, func(t *testing.T, release release) {
		c := newCluster(t, release)
		nodes := c.nodes()
		c.stack.mustCompose(append([]string{"up", "--detach"}, nodes...)...)
		for _, node := range nodes {
			eventually(t, node+" answers", func() bool { return len(c.view(node)) == 1 })
		}
		require.Equal(t, "OK", c.ask(nodes[4], "cluster", "addslots", "7", "8", "11"))
		left := c.createOnce()
		assert.Equal(t, 3, left.status, left.stdout+left.stderr)
		assert.Contains(t, left.stdout, "not formed: 3 of 16384 slots are assigned, and "+nodes[4]+" serves 7-8 11. Nothing was changed.")
		for _, node := range nodes {
			assert.Len(t, c.view(node), 1, "%s met somebody", node)
		}
	})
}

func numbers(from, to int) []string {
	var all []string
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprint(n))
	}
	return all
}
