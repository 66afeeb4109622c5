// Package rollout says what new files do to what the old ones deployed: to
// data, access and clients, and which commands bring it there.
package rollout

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

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
	oneByOne  = "make one change after the other, and gen says of each what keeps them"
	byMoving  = "leave it as it is; or move the keys of the databases that go (INFO keyspace shows them), have the append-only file rewritten (BGREWRITEAOF), and then run gen with --leave-data"
	byPlace   = "stop the servers, move the files to where the new redis.conf has them, and run gen with --leave-data"
	bySlots   = "move their slots to the others and have them forgotten (redis-cli --cluster reshard and del-node), then run gen with --leave-data"
)

// Consequences compares files with those that they replace, and with what was
// found of them on disk. Where gen has written none yet there is nothing to say.
func Consequences(old map[string][]byte, files []ondisk.File, changes []ondisk.Change) []Consequence {
	replacing := contents(files)
	old = ofTarget(old, replacing)
	before, ran := readDeployed(old)
	after, runs := readDeployed(replacing)
	c := change{before: before, after: after, anew: before.madeAnew(changes)}
	switch {
	case !runs:
		return nil
	case !ran:
		c.unknown(old, replacing)
		return c.found
	case stands(old, replacing) && len(c.anew) == 0:
		return nil
	}
	c.data()
	c.full()
	c.access()
	c.nodes()
	commands := Next(Client{}, old, files, changes)
	c.together(commands)
	c.emptied(commands)
	return c.found
}

// Way is what keeps the data that consequences leave behind, "" where they leave
// none. Changes that are kept by different ways cannot be made at once.
func Way(consequences []Consequence) string {
	way := ""
	for _, c := range consequences {
		switch {
		case !c.Leaves || c.Way == way:
		case way == "":
			way = c.Way
		default:
			return oneByOne
		}
	}
	return way
}

// Restores tells that a way ends with a restore, which starts the new servers.
func Restores(way string) bool { return way == byBackup || way == byReturn }

// ofTarget leaves out the file that another target has left. Of two, README.md
// tells which was written last; it may be the user's own.
func ofTarget(old, replacing map[string][]byte) map[string][]byte {
	if old[render.ComposeFile] == nil || old[render.StackFile] == nil {
		return old
	}
	old = maps.Clone(old)
	runs := target(old[render.ReadmeFile])
	for _, file := range []string{render.ComposeFile, render.StackFile} {
		if runs != "" && runs != file || runs == "" && replacing[file] == nil {
			delete(old, file)
		}
	}
	return old
}

// target is the file that a README tells how to deploy, "" for one of the user's
// own.
func target(readme []byte) string {
	switch {
	case !ondisk.Ours(readme):
		return ""
	case bytes.Contains(readme, []byte(render.StackFile)):
		return render.StackFile
	}
	return render.ComposeFile
}

// unknown says that what runs cannot be told, where something was deployed once:
// its file is lost, or nothing that gen could have written.
func (c *change) unknown(old, replacing map[string][]byte) {
	const beware = "what it started, and where that has its data, is not known; look at docker volume ls before the servers start, since these may find none"
	for _, file := range []string{render.ComposeFile, render.StackFile} {
		told := target(old[render.ReadmeFile])
		switch {
		case old[file] != nil && replacing[file] != nil:
			c.says("%s is not as gen writes it, and is replaced: "+beware, file)
		case old[file] != nil: // another's
		case told == file:
			c.says("%s is missing beside %s: "+beware, file, render.ReadmeFile)
		case told == "" && replacing[file] != nil && ondisk.Ours(old[render.ConfFile]):
			c.says("%s is missing beside %s: "+beware, file, render.ConfFile)
		}
	}
}

// stands tells that nothing of what says what runs is replaced by something else.
func stands(old, replacing map[string][]byte) bool {
	for file, content := range old {
		if file != render.ReadmeFile && !bytes.Equal(content, replacing[file]) {
			return false
		}
	}
	return true
}

// change is two deployments, and what leads from one to the other.
type change struct {
	before, after deployed
	anew          []string // secrets of what runs that are made another time
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
	switch {
	case !before.stack && after.stack:
		c.says("the target changes to a swarm: the volumes are on this host, so its node gets all the labels that README.md has; what docker-compose.yml started ends before, since both want the same volumes")
	case before.stack && !after.stack:
		c.says("the target changes from a swarm: a volume that is on another node is not found here, and its server starts without it; what docker-stack.yml started ends before, since both want the same volumes")
	}
	if before.project != after.project {
		c.says("the name changes from %s to %s: what runs as %s goes on until it is taken down with \"%s\"", before.project, after.project, before.project, before.takenDown()[0])
	}
	switch {
	case !before.keeps() && before.project != after.project:
		c.says("%s starts without keys: those of %s are in its memory alone", after.project, before.project)
		return
	case !before.keeps():
		return
	case !after.keeps():
		c.leaves(byStaying, "nothing is kept any more: the data are left where they are, and each restart ends with none")
		return
	}
	c.places()
	c.release()
	c.persistence()
	c.names()
	c.databases()
}

// places judges names: the data are where the old ones say.
func (c *change) places() {
	before, after := c.before, c.after
	gone := without(before.volumes, func(volume string) bool { return slices.Contains(after.volumes, volume) })
	cluster := before.topology == intent.Cluster
	const moved = "the name changes from %s to %s: the data are in %s, which nothing would mount any more"
	switch {
	case cluster != (after.topology == intent.Cluster):
		kind := map[bool]string{true: "each a part of the keys", false: "all keys in one"}[cluster]
		if len(gone) < len(before.volumes) {
			kind += "; the new servers find them, and wait until they are moved away"
		}
		c.leaves(c.besides(), "the topology changes from %s to %s: the data in %s are of another kind, %s", before.topology, after.topology, listed(before.volumes), kind)
	case before.project != after.project && cluster: // a node without its nodes.conf knows no slots to restore
		c.leaves(c.besides(), moved, before.project, after.project, listed(before.volumes))
	case before.project != after.project:
		c.leaves(byBackup, moved, before.project, after.project, listed(before.volumes))
	case len(gone) == len(before.volumes) && before.topology == after.topology:
		c.leaves(byBackup, "the data are in %s, which nothing would mount any more", listed(gone))
	case len(gone) == len(before.volumes):
		c.leaves(byBackup, "the topology changes from %s to %s: the data are in %s, which nothing would mount any more", before.topology, after.topology, listed(gone))
	case len(gone) > 0 && cluster:
		c.leaves(bySlots, "the cluster loses %s: its other nodes would miss them, and the slots of those that lead", listed(gone))
	case cluster && after.masters() > before.masters():
		c.says("masters come without slots, and hold no keys until the command of README.md has shared the slots out anew")
	case cluster && after.masters() < before.masters():
		c.says("the cluster keeps its %d masters until the slots of those that are too many are moved to the others (redis-cli --cluster reshard)", before.masters())
	case before.topology == intent.Sentinel && after.topology == intent.Replicated:
		c.says("%s leads always from now on: let it lead before, and wait until the others follow it", after.servers[0])
	case before.topology != after.topology && len(gone) == 0:
		c.says("sentinels come, with users that servers know from their restart on")
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

// listed names one or several volumes, or directories.
func listed(volumes []string) string {
	one, several := "the volume ", "the volumes "
	if slices.ContainsFunc(volumes, isDirectory) {
		one, several = "the directory ", "the directories "
	}
	switch len(volumes) {
	case 0: // edited so that nothing is mounted at /data
		return "volumes without a name"
	case 1:
		return one + volumes[0]
	}
	return several + strings.Join(volumes, ", ")
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
	case before.conf == nil: // lost
	case !before.appends() && after.appends():
		c.leaves(byBackup, "an append-only file comes: a server that has none yet starts empty beside its snapshot (dump.rdb)")
	case before.appends() && !after.appends():
		c.leaves(byBackup, "the append-only file goes: the next start reads the last snapshot (dump.rdb), which is older or not there")
	}
}

// names judges what the data are called in their volume. gen calls them always
// the same; a file may have been edited.
func (c *change) names() {
	plain := func(value string) string { return path.Clean(strings.Trim(value, `"'`)) }
	for _, name := range []string{"dir", "dbfilename", "appenddirname", "appendfilename"} {
		was, is := c.before.setting(name), c.after.setting(name)
		if was != "" && is != "" && plain(was) != plain(is) {
			c.leaves(byPlace, "%s becomes %s and was %s: the next start looks for the data there, and finds none", name, is, was)
		}
	}
}

// databases judges whether each that has keys is still there. An append-only
// file that selects one which is not goes on in the one before: keys of database
// 9 took the place of those of the same names in database 0 (tried: Redis
// 7.0.15). With a snapshot the server ends (rdbLoadRioWithLoadingCtx in rdb.c).
func (c *change) databases() {
	name := "databases"
	if c.after.topology == intent.Cluster {
		name = "cluster-databases"
	}
	was, is := c.before.databases(name), c.after.databases(name)
	if 0 < is && is < was {
		c.leaves(byMoving, "%s becomes %d and was %d: keys of databases from %d on would overwrite those of others at the next start, or keep servers from starting", name, is, was, is)
	}
}

// databases is how many there are by a directive, 0 where that is not known.
func (d deployed) databases(name string) int {
	directive, _ := d.image.Release.Directive(name)
	number, _ := strconv.Atoi(cmp.Or(d.setting(name), directive.Default))
	return number
}

// full says that a full server does another thing than before.
func (c *change) full() {
	was, is := c.before.setting(policy), c.after.setting(policy)
	switch {
	case was == "" || was == is:
	case was == keepsAll:
		c.says("%s becomes %s and was %s: a full server throws keys away where it refused writes", policy, is, was)
	case is == keepsAll:
		c.says("%s becomes %s and was %s: a full server refuses writes where it threw keys away", policy, is, was)
	default:
		c.says("%s becomes %s and was %s: a full server throws other keys away", policy, is, was)
	}
}

const (
	policy   = "maxmemory-policy"
	keepsAll = "noeviction"
)

// together says that members do not restart one after the other. A network is
// made anew only without its containers, which are taken down: docker compose up
// leaves those that stay without names on it, and docker stack deploy leaves a
// network as it is (createNetworks in docker/cli,
// cli/command/stack/deploy_composefile.go).
func (c *change) together(commands []string) {
	why, network := "", c.after.needsNetworkOf(c.before)
	switch {
	case network && c.after.stack:
		why = "the network changes, which a swarm makes anew only when the stack is removed: "
	case network:
		why = "the network changes: "
	}
	several := len(c.before.servers) > 1 && len(c.after.servers) > 1 && c.before.project == c.after.project
	switch {
	case Way(c.found) != "" || !restartsAll(commands):
	case several:
		c.says("%sall members stop and start together, and nobody answers meanwhile", why)
	case network && c.after.stack:
		c.says("%sall containers stop and start", why)
	}
}

// needsNetworkOf tells that the network of what runs is made anew.
func (d deployed) needsNetworkOf(before deployed) bool {
	return d.stack == before.stack && d.project == before.project && !reflect.DeepEqual(d.network, before.network)
}
