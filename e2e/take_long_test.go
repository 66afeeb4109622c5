//go:build long

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeysAreTaken has a cluster take the keys of one server, and a set with
// sentinels those of the cluster, as the READMEs say, while somebody reads the
// old ones. All keys are compared by what they are written down as.
func TestKeysAreTaken(t *testing.T) {
	sideBySide(t)
	for _, release := range releases(t) {
		if !movesData(release) {
			continue
		}
		t.Run(release.String(), func(t *testing.T) {
			former := newDatabase(t, release, "standalone")
			former.masters()[0].fillDatabase()
			former.masters()[0].command("eval", `redis.call('set', 'bytes\0\255\r\n', 'x', 'ex', 100000) redis.call('hset', 'hash', 'field', '\0') return redis.call('rpush', 'list', 'a', 'b')`, "0")
			all := former.written()
			require.Len(t, all, 2004)

			cluster := newDatabase(t, release, "cluster")
			former = former.handOver(cluster, all)
			handedBack := newDatabase(t, release, "sentinel")
			former.handOver(handedBack, all)
		})
	}
}

// database is a deployment under a name of its own, as it is for people: its
// project, its network and its containers have that name.
type database struct{ *stack }

func newDatabase(t *testing.T, release release, topology string) database {
	t.Helper()
	d := database{newStack(t)}
	subnet := ""
	if topology != "standalone" {
		subnet = fmt.Sprintf("topology = %q\nsubnet = \"%s.0/24\"\n", topology, newSubnet())
	}
	d.write("redis.toml", fmt.Sprintf("name = %q\nrole = \"database\"\nmemory = \"256M\"\nengine = %q\nversion = %q\n%s[redis]\nenable-debug-command = \"local\"\n",
		d.project, release.engine, release.version, subnet))
	mustRun(t, d.directory, rcompPath(t), "gen")
	d.up()
	return d
}

// containers are those of all servers.
func (d database) containers() []string {
	d.t.Helper()
	var names []string
	for _, service := range strings.Fields(d.mustCompose("ps", "--services")) {
		if !strings.Contains(service, "sentinel") && !strings.HasSuffix(service, "-create") {
			names = append(names, d.server(service).container)
		}
	}
	return names
}

// masters are the servers that take writes.
func (d database) masters() []*server {
	d.t.Helper()
	var leading []*server
	for _, container := range d.containers() {
		one := &server{t: d.t, container: container, password: d.secret("redis")}
		if strings.Contains(one.firstAnswer("info", "replication"), "role:master") {
			leading = append(leading, one)
		}
	}
	require.NotEmpty(d.t, leading)
	return leading
}

// written are all keys with their values, as digests in order.
func (d database) written() []string {
	d.t.Helper()
	const script = `#!lua flags=allow-cross-slot-keys
		local all, at = {}, '0'
		repeat
			local found = redis.call('scan', at, 'count', 1000)
			for _, key in ipairs(found[2]) do
				all[#all + 1] = redis.sha1hex(key .. redis.call('dump', key) .. tostring(redis.call('pttl', key) > 0))
			end
			at = found[1]
		until at == '0'
		return all`
	var all []string
	for _, master := range d.masters() {
		all = append(all, strings.Fields(master.command("eval", script, "0"))...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// handOver has another deployment take the keys, and returns that one.
func (d database) handOver(to database, all []string) database {
	d.t.Helper()
	var reading []*reader
	for _, master := range d.masters() {
		if strings.Contains(master.ask("", "get", readKey).stdout, strings.Repeat("1", 20)) { // of a cluster only one has it
			reading = append(reading, startReading(d.t, strings.Repeat("1", 20), master))
		}
	}
	require.Len(d.t, reading, 1)
	content, err := os.ReadFile(filepath.Join(to.directory, "README.md"))
	require.NoError(d.t, err)
	for _, block := range commandBlock.FindAllStringSubmatch(string(content), -1) {
		if strings.Contains(block[1], "take() {") {
			printed := typed(d.t, to.directory, block[1]+"take "+strings.Join(d.containers(), " "))
			assert.Equal(d.t, len(d.containers()), strings.Count(printed, "took ")+strings.Count(printed, "follows another server"), printed)
		}
	}
	reading[0].stop()
	assert.Equal(d.t, all, to.written())
	assert.Equal(d.t, all, d.written(), "the old ones keep theirs")
	for _, master := range d.masters() {
		for _, secret := range []string{"redis", "operator"} {
			if _, err := os.Stat(filepath.Join(to.directory, "secrets", secret+"-password")); err == nil {
				assert.NotContains(d.t, master.command("slowlog", "get", "128"), to.secret(secret), "a password stays nowhere")
			}
		}
	}
	return to
}
