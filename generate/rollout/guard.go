// Package rollout says what new files do to what the old ones deployed: to
// data, access and clients, and which commands bring it there.
package rollout

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/redis"
)

// Consequence is what a change of the files does to a deployment that runs.
type Consequence struct {
	Message string
	// Leaves says that data stay behind or cannot be read, so that nothing is
	// written unless somebody says so. Way is what keeps them.
	Leaves bool
	Way    string
}

// The ways that keep data.
const (
	byBackup = "stop the writers, back up as README.md says, take the old servers down (docker compose down, or docker stack rm), run gen with --leave-data, " +
		"and restore as the new README.md says, which starts the new servers with the data"
	byKeys   = "start the new deployment beside the old one, under another name and in another directory, and take the keys over as its README.md says"
	byClient = "start the new deployment beside the old one, under another name and in another directory, and have a client copy the keys"
	byReturn = "take the servers down, run gen with --leave-data, and restore, as the new README.md says, a backup that the other release wrote; what was written since is lost, " +
		"unless a client copies it from this release, started beside it under another name and in another directory"
	byStaying = "leave persistence as it is; to go on with none, back up as README.md says, and run gen with --leave-data"
	bySlots   = "move their slots to the others and have them forgotten (redis-cli --cluster reshard and del-node), then run gen with --leave-data"
)

// Restores tells that the way ends with a restore, which starts the new servers.
func (c Consequence) Restores() bool { return c.Way == byBackup || c.Way == byReturn }

// Consequences compares files with those that they replace. Where gen has
// written none yet there is nothing to say.
func Consequences(old map[string][]byte, files []ondisk.File) []Consequence {
	replacing := contents(files)
	if _, stack := replacing[render.StackFile]; stack && old[render.StackFile] != nil {
		old = maps.Clone(old)
		delete(old, render.ComposeFile) // left by another target
	}
	if stands(old, replacing) {
		return nil
	}
	before, ok := readDeployed(old)
	after, also := readDeployed(replacing)
	if !ok || !also {
		return nil
	}
	c := change{before: before, after: after}
	c.data()
	c.access()
	c.together()
	c.emptied(old, files)
	return c.found
}

// stands tells that nothing of what says what runs is replaced by something else.
func stands(old, replacing map[string][]byte) bool {
	for path, content := range old {
		if !bytes.Equal(content, replacing[path]) {
			return false
		}
	}
	return true
}

// change is two deployments, and what leads from one to the other.
type change struct {
	before, after deployed
	found         []Consequence
}

func (c *change) leaves(way, format string, arguments ...any) {
	c.found = append(c.found, Consequence{Message: fmt.Sprintf(format, arguments...), Leaves: true, Way: way})
}

func (c *change) says(format string, arguments ...any) {
	c.found = append(c.found, Consequence{Message: fmt.Sprintf(format, arguments...)})
}

// data judges what the new servers find of what the old ones keep.
func (c *change) data() {
	before, after := c.before, c.after
	if before.stack != after.stack {
		c.says("the target changes: stop what %s started before the other one starts, or two deployments want the same volumes", map[bool]string{false: render.ComposeFile, true: render.StackFile}[before.stack])
	}
	if before.project != after.project {
		c.says("the name changes from %s to %s: what runs as %s goes on until it is taken down with the files that started it", before.project, after.project, before.project)
	}
	switch {
	case !before.keeps():
		return
	case !after.keeps():
		c.leaves(byStaying, "nothing is kept any more: the data are left where they are, and each restart ends with none")
		return
	}
	c.places()
	c.release()
	c.persistence()
}

// places judges names: the data are where the old ones say.
func (c *change) places() {
	before, after := c.before, c.after
	gone := without(before.volumes, func(volume string) bool { return slices.Contains(after.volumes, volume) })
	cluster := before.topology == intent.Cluster
	switch {
	case before.project != after.project:
		c.leaves(byBackup, "the name changes from %s to %s: the data are in %s, which nothing would mount any more", before.project, after.project, listed(before.volumes))
	case cluster != (after.topology == intent.Cluster):
		kind := map[bool]string{true: "each a part of the keys", false: "all keys in one"}[cluster]
		if len(gone) < len(before.volumes) {
			kind += "; the new servers find them, and wait until they are moved away"
		}
		c.leaves(c.besides(), "the topology changes from %s to %s: the data in %s are of another kind, %s", before.topology, after.topology, listed(before.volumes), kind)
	case len(gone) == len(before.volumes):
		c.leaves(byBackup, "the topology changes from %s to %s: the data are in %s, which nothing would mount any more", before.topology, after.topology, listed(gone))
	case len(gone) > 0 && cluster:
		c.leaves(bySlots, "the cluster loses %s: its other nodes would miss them, and the slots of those that lead", listed(gone))
	case before.topology == intent.Sentinel && after.topology == intent.Replicated:
		c.says("%s leads always from now on: let it lead before, and wait until the others follow it", after.servers[0])
	case before.topology != after.topology && len(gone) == 0:
		c.says("sentinels come, with users that servers know from their restart on: all members stop and start together")
	case len(gone) > 0:
		c.says("%s goes: let another server lead, and wait until the others follow it, before its container is removed", listed(gone))
	}
}

// besides is how keys come from servers to others that run beside them.
// README.md has commands for it where the old servers can send to the new ones.
func (c *change) besides() string {
	encrypted := c.before.encrypts() || c.after.encrypts()
	if encrypted || c.before.stack || c.after.stack {
		return byClient
	}
	return byKeys
}

// listed names one or several volumes.
func listed(volumes []string) string {
	if len(volumes) == 1 {
		return "the volume " + volumes[0]
	}
	return "the volumes " + strings.Join(volumes, ", ")
}

// release judges whether the files can be read. A file of a newer version than
// its own is refused by a server ("Can't handle RDB format version", rdb.c).
func (c *change) release() {
	before, after := c.before.image, c.after.image
	if !before.ReleaseKnown || !after.ReleaseKnown || before.Release == after.Release {
		return
	}
	switch {
	case before.Engine != after.Engine && !writesShared(before) || before.Engine != after.Engine && !readsShared(after):
		c.leaves(byReturn, "the engine changes from %s to %s, which may not read what the other wrote", before.Release, after.Release)
	case before.Engine == redis.Valkey && after.Engine == redis.Redis:
		c.says("the engine changes from %s to %s, which reads its files unless a function in them (FUNCTION LOAD) says server in place of redis; back up first: the way back is the backup", before.Release, after.Release)
	case before.Engine != after.Engine:
		c.says("the engine changes from %s to %s, which reads its files; back up first: the way back is the backup", before.Release, after.Release)
	case after.Release.Compare(before.Release) < 0:
		c.leaves(byReturn, "the release goes back from %s to %s, which may not read what the newer one wrote", before.Release, after.Release)
	default:
		c.says("the release changes from %s to %s: back up first, since the way back is the backup", before.Release, after.Release)
	}
}

// RDB files of Redis 7.2 and Valkey 8 have version 11, the last one that both
// know; Redis 7.4 and Valkey 9 each went their own way. Tried: Redis 7.0.15 to
// Valkey 8.1.1, and Valkey 8.1.1 to Redis 8.0.2, which stops at a library of
// functions that calls server.register_function.
func writesShared(image redis.Image) bool {
	return image.Engine == redis.Redis && !image.Release.AtLeast(7, 3) || image.Engine == redis.Valkey && !image.Release.AtLeast(9, 0)
}

func readsShared(image redis.Image) bool {
	return image.Engine == redis.Valkey || image.Release.AtLeast(7, 2)
}

// persistence judges which files are read: a server with an append-only file
// reads no snapshot, and the other way around.
func (c *change) persistence() {
	before, after := c.before, c.after
	switch {
	case !before.appends() && after.appends():
		c.leaves(byBackup, "an append-only file comes: a server that has none yet starts empty beside its snapshot (dump.rdb)")
	case before.appends() && !after.appends():
		c.leaves(byBackup, "the append-only file goes: the next start reads the last snapshot (dump.rdb), which is older or not there")
	}
}

// access says who is refused from the restart on.
func (c *change) access() {
	before, after := c.before, c.after
	const defaultSecret = credentials.DefaultPassword
	switch {
	case before.has(defaultSecret) && !after.has(defaultSecret):
		c.says("the default user is turned off: clients that log in with secrets/%s alone are refused from the restart on; default-user = true in the intent keeps it until they log in as users", defaultSecret)
	case !before.has(defaultSecret) && after.has(defaultSecret):
		c.says("the default user is turned on, with all rights and the password in secrets/%s", defaultSecret)
	}
	for _, user := range before.users() {
		if !slices.Contains(after.users(), user) {
			c.says("the user %s goes: clients that log in as it are refused from the restart on", user)
		}
	}
	for _, user := range after.users() {
		switch {
		case !slices.Contains(before.users(), user):
			c.says("the user %s comes: it can log in from the restart on, so restart servers before its clients", user)
		case before.rights[user] != after.rights[user]:
			c.says("the rights of the user %s change: what it may do no more is refused with NOPERM from the restart on", user)
		}
	}
	c.encryption()
	if exporter := before.project + "-exporter"; slices.Contains(after.goneSince(before), exporter) {
		c.says("%s goes: whoever reads its metrics finds nobody", exporter)
	}
	c.certificates()
	c.ports()
}

// certificates says who needs one from the restart on.
func (c *change) certificates() {
	const asks = "tls-auth-clients"
	switch before, after := c.before.setting(asks), c.after.setting(asks); {
	case before == "no" && after == "yes":
		c.says("clients need a certificate of the same authority, beside their password, from the restart on: give them theirs before")
	case before == "yes" && after == "no":
		c.says("clients need no certificate any more: their password is enough from the restart on")
	}
}

// ports says what the host opens and closes.
func (c *change) ports() {
	before, after := c.before, c.after
	opened := without(after.publish, func(port string) bool { return slices.Contains(before.publish, port) })
	closed := without(before.publish, func(port string) bool { return slices.Contains(after.publish, port) })
	if len(opened) > 0 {
		c.says("the host listens on %s: whoever reaches that address reaches the servers' log-in", strings.Join(opened, ", "))
	}
	if len(closed) > 0 {
		c.says("the host does not listen on %s any more: clients that come that way are refused from the restart on", strings.Join(closed, ", "))
	}
	if before.topology == intent.Cluster && after.topology == intent.Cluster && len(opened)+len(closed) > 0 {
		c.says("every client of the cluster is sent to other addresses and ports, those in containers too: README.md has them")
	}
}

// together says what one after the other is not possible for: Compose makes a
// network anew only without its containers.
func (c *change) together() {
	before, after := c.before, c.after
	if !after.stack && !before.stack && before.project == after.project && len(before.servers) > 1 && len(after.servers) > 1 && !reflect.DeepEqual(before.network, after.network) {
		c.says("the network changes: all members stop and start together, and nobody answers meanwhile")
	}
}
