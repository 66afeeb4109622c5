package render

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
	"github.com/rcomp/rcomp/redis"
)

// Gen is the command that brings the files to what the intent says, typed in their directory.
func (r readme) Gen(flags ...string) string {
	words := append([]string{"rcomp gen"}, flags...)
	if r.Elsewhere {
		words = append(words, "-o .")
	}
	switch {
	case path.Base(r.Source) == intent.Unnamed:
		words = append(words, "INTENT")
	case r.Source != "redis.toml":
		words = append(words, r.Source)
	}
	return strings.Join(words, " ")
}

// What it is.

// EndOfLife says until when the release is mended, "" where nobody has said so.
func (r readme) EndOfLife() string {
	return where(r.LastDay != "", "Security fixes for this line end on "+r.LastDay+".")
}

func (r readme) KnownText() string {
	return where(r.Release.Derived(), "What rcomp knows of this line is put together from its release notes and the line before, not read from its sources: a directive that is new in it may be missing.")
}

// SetText says what a set is made of.
func (r readme) SetText() string {
	if r.unwatched() {
		return "a master and " + r.ReplicasText()
	}
	return fmt.Sprintf("a master and %s, and %d sentinels of which %d have to agree", r.ReplicasText(), len(r.Sentinels), r.Quorum)
}

func (r readme) ReplicasText() string { return units.Count(r.Replicas, "replica") }

// What says what a deployment is, behind release and image.
func (r readme) What() string {
	text := where(r.Stack != nil, ", in a swarm")
	switch {
	case r.Cluster != nil:
		return fmt.Sprintf("%s: a cluster of %d masters, each with %s", text, r.Masters, r.ReplicasText())
	case r.isSet():
		return text + ": " + r.SetText()
	}
	return text
}

// AfterPicture goes on below the picture of a set. Without sentinels that is an empty line more.
func (r readme) AfterPicture() string {
	if r.watched() {
		return "The picture shows the first start. Later any of the servers may lead: the sentinels say which.\n\n"
	}
	return "\n"
}

// ButYours is what gen did not make.
func (r readme) ButYours() string {
	return where(r.TLS != nil && len(r.TLS.Own) > 0, ", but for your own of TLS") + where(r.TLS != nil && len(r.TLS.Own) > 0 && r.Stack != nil, ",")
}

// How it is reached.

// Leader is the server that leads at the first start, or the one server.
func (r readme) Leader() string {
	if r.isOne() {
		return r.Name
	}
	return r.Members[0].Name
}

func (r readme) FirstSentinel() string { return r.Sentinels[0].Name }

// AlsoNetworks are the further ones that members are on.
func (r readme) AlsoNetworks() string {
	var text string
	for _, network := range r.OtherNetworks() {
		text += ", `" + network + "`"
	}
	return text
}

// NodeEndpoints are where the nodes of a cluster answer.
func (r readme) NodeEndpoints() string {
	return "`" + strings.ReplaceAll(r.NodeList(), " ", "`, `") + "`"
}

func (r readme) AddressOrName() string {
	if r.published() {
		return "address"
	}
	return "name"
}

func (r readme) OrAnother() string {
	return where(len(r.OtherNetworks()) > 0, " or another that the nodes are on")
}

func (r readme) SentOnBy() string {
	if r.Cluster.AnnouncesName {
		return "The cluster sends them on by names."
	}
	return fmt.Sprintf("The cluster sends them on by addresses: %s announces no names.", r.Release)
}

// BusAsks says what keeps others off the bus of a cluster.
func (r readme) BusAsks() string {
	if r.encrypted() {
		return " but\nfor a certificate of the authority: whoever has one, and is on this network,"
	}
	return ": whoever is on\nthis network"
}

// Meanwhile is what clients wait for, and NoReplicas an error that they may get.
func (r readme) Meanwhile() string {
	if r.watched() {
		return "another server takes over"
	}
	return "the master restarts"
}

func (r readme) NoReplicas() string   { return where(r.MinReplicas > 0, ", `NOREPLICAS`") }
func (r readme) NorEncrypts() string  { return where(!r.encrypted(), ", and it does not encrypt") }
func (r readme) NotEncrypted() string { return where(!r.encrypted(), "Traffic is not encrypted. ") }
func (r readme) ForAUser() string {
	return where(r.hasUsers(), " for a user, and puts it into the user's file")
}

func (r readme) SentinelPasswords() string {
	return where(r.watched(), ", `monitor-password` and `sentinel-password`")
}

// How certificates are checked and renewed.

// TLSPeers are who connects by TLS, between clients and health checks.
func (r readme) TLSPeers() string {
	return where(r.isSet(), ", replicas") + where(r.Cluster != nil, ", the cluster bus") + where(r.watched(), ", sentinels")
}

// TLSAskers are who shows a certificate beside health checks.
func (r readme) TLSAskers() string {
	return where(r.isSet(), ", start programs") + where(r.watched(), ", sentinels") + where(r.proxied(), ", the proxy") + where(r.measured(), ", the exporter")
}

func (r readme) ClientsToo() string {
	return where(r.clientsShow(), ". They also need a certificate of the same authority")
}

// Covered is what the certificate is for.
func (r readme) Covered() string {
	if r.ownCertificate() {
		return "every name"
	}
	return "every name and address"
}

// Reached is how a renewed certificate comes to the servers.
func (r readme) Reached() string {
	if r.byCompose() {
		return "servers without a restart:"
	}
	text := fmt.Sprintf("the swarm under a new name:\ncount `secrets-version` in %s up, run `%s`, and ", r.Source, r.Gen())
	if r.isOne() {
		return text + "deploy as above, which restarts the server."
	}
	return text + "let the members change one after the other, who understand each other meanwhile:"
}

// NodePort is how a client in a node's container finds the node.
func (r readme) NodePort() string { return where(r.Cluster != nil, ` -p "$PORT"`) }

// What the exporter tells.

func (r readme) Measured() string {
	if r.isSet() {
		return "every member measures"
	}
	return "the server measures"
}

func (r readme) ExporterOnHost() string {
	return where(r.ExporterPublished(), " and at `"+r.Exporter.Publish+"` of the host")
}

func (r readme) AndSentinels() string { return where(r.watched(), ", and to sentinels with theirs") }

func (r readme) AndRestart() string {
	return where(r.byCompose(), ", and has to be restarted as well after a change of `exporter-password`"+where(r.watched(), " or `sentinel-password`"))
}

func (r readme) ReplicaEndpoints() string  { return endpoints(r.Members[1:], 6379) }
func (r readme) SentinelEndpoints() string { return endpoints(r.Sentinels, 26379) }

func endpoints(list []deployment.Member, port int) string {
	var all []string
	for _, member := range list {
		all = append(all, fmt.Sprintf("`%s:%d`", member.Name, port))
	}
	return strings.Join(all, ", ")
}

// UsersText says who clients log in as.
func (r readme) UsersText() string {
	if r.Named {
		return "one of the users above, content of its secret"
	}
	return "`default`, content of `secrets/redis-password`"
}

// What it keeps.

// WaitText says what WAIT is worth.
func (r readme) WaitText() string {
	if len(r.Sentinels) == 0 {
		return "`WAIT 1` is worth something here only when the master's volume is lost: then that replica has the write. The master itself has it after a crash, see below."
	}
	return "`WAIT 1` holds against the loss of any one server, and was tried so. It does not hold when the master and the one replica that confirmed are lost together: " +
		fmt.Sprintf("`WAIT %d`, every replica, does, at the price that one replica that is away keeps writes from being confirmed.", r.Replicas) + r.waitForDisksText()
}

// waitForDisksText is for the loss of power, which takes what all servers still had in memory.
func (r readme) waitForDisksText() string {
	if !r.AOF || r.Release.Engine == redis.Redis && !r.Release.AtLeast(7, 2) {
		return ""
	}
	return " Against the loss of power on the host, where every disk may be a second behind, `WAITAOF 1 1 500` waits until the write is on the disk of the master and of a replica."
}

// DiskText says how much room the files of a server need. A server with 54 MiB of data, of the role database, that was written over at 17,700 sets of a kilobyte a second took 484 MiB on Redis
// 7.0.15: rewrites begin at twice the size, and what is written meanwhile is appended beside both.
func (r readme) DiskText() string {
	need := func(times int64) string { return units.Readable(times * r.Budget.MaxMemory) }
	switch {
	case r.AOF:
		return fmt.Sprintf(" Have %s of disk for a server, ten times `maxmemory`: the append-only file grows to twice its size and by what is written while it is rewritten, and stands beside the new one until "+
			"that is complete. Data that were written over at full speed took nine times their size.", need(10))
	case r.RDB:
		return fmt.Sprintf(" Have %s of disk for a server, twice `maxmemory`: a snapshot is written beside the one before.", need(2))
	}
	return ""
}

// DataFiles are what a server of this release may have left in /data.
func (r readme) DataFiles() string {
	files := []string{"dump.rdb"}
	switch {
	case r.AOF && r.AppendDirName():
		files = append(files, "appendonlydir")
	case r.AOF:
		files = append(files, "appendonly.aof")
	}
	return strings.Join(files, " ")
}

// LossText says what is lost when the server or its host dies.
func (r readme) LossText() string {
	lost := map[string]string{"everysec": "up to about a second of writes", "always": "no write that was answered", "no": "up to half a minute of writes"}
	switch r.Kind {
	case intent.PersistNone:
		return "all of them are gone with every restart."
	case intent.PersistRDB:
		return "a crash loses what was written since the last snapshot, and a lost disk all but the backups."
	}
	return "a crash of the host loses " + lost[r.Fsync] + ", and a lost disk all but the backups."
}

func (r readme) AppendDirName() bool { return r.AOF && r.Knows("appenddirname") }
func (r readme) VolumeName() string  { return r.Name + "_data" }

// RestoreAs is what a backup is called where a server reads it.
func (r readme) RestoreAs() string {
	if r.AOF {
		return "appendonly.aof"
	}
	return "dump.rdb"
}

// DataText says what a restart and a crash leave.
func (r readme) DataText() string {
	return strings.TrimSpace(r.persistenceReason() + " " + r.fsyncReason())
}

// Renewed are the secrets that change with a renewal of the certificate.
func (r readme) Renewed() []string {
	if len(r.TLS.Own) > 0 {
		return r.TLS.Files()
	}
	return []string{credentials.CertificateFile}
}

// ServerNames are the servers, one or several.
func (r readme) ServerNames() string {
	if len(r.Members) == 0 {
		return r.Name
	}
	return r.MemberNames()
}

// What memory is for.

func (r readme) LimitText() string       { return units.Readable(r.Budget.Limit) }
func (r readme) PolicyText() string      { return r.policyReason() }
func (r readme) MinReplicasText() string { return r.minReplicasReason() }

// ResidentShare is how many times maxmemory an evicting server may hold.
func (r readme) ResidentShare() string {
	return strconv.FormatFloat(float64(100+memory.Fragmentation)/100, 'f', -1, 64)
}

func (r readme) ValueLimitText() string {
	atOnce := r.Budget.LargestAtOnce(r.Workload)
	return fmt.Sprintf("%s; what clients send or get at the same moment may be %s together, as of %s at once with the largest",
		units.Readable(r.Budget.LargestValue), units.Readable(atOnce*r.Budget.LargestValue), units.Count(atOnce, "client"))
}

// ClientBoundMissing is a warning where nothing bounds all clients together.
func (r readme) ClientBoundMissing() string {
	return where(!r.Knows("maxmemory-clients"), r.Release.String()+" bounds each client's buffers but not their sum: many slow clients at once can exceed the table's share.")
}

// Takers are the servers that take the keys of another deployment: of a set all, since any may lead; of a cluster one, which knows where each key belongs.
func (r readme) Takers() string {
	switch {
	case r.Cluster != nil:
		return fmt.Sprintf("%s:%d", r.First().Name, r.First().Port)
	case r.isSet():
		return strings.ReplaceAll(r.MemberNames(), " ", fmt.Sprintf(":%d ", defaultPort)) + fmt.Sprintf(":%d", defaultPort)
	}
	return fmt.Sprintf("%s:%d", r.Name, defaultPort)
}

// What a cluster has.

func (r readme) First() deployment.Node { return r.Cluster.Nodes[0] }

func (r readme) PortsText() string {
	nodes := r.Cluster.Nodes
	return fmt.Sprintf("%d to %d", nodes[0].Port, nodes[len(nodes)-1].Port)
}

// AllText and MastersText are sizes over all nodes and over all masters.
func (r readme) AllText() string     { return units.Readable(r.Budget.Limit * int64(len(r.Members))) }
func (r readme) MastersText() string { return units.Readable(r.Budget.MaxMemory * r.Masters) }

func (r readme) TimeoutText() string  { return fmt.Sprintf("%d seconds", r.timeout()) }
func (r readme) FailoverText() string { return fmt.Sprintf("%d seconds", r.timeout()+failoverSeconds) }
func (r readme) timeout() int64       { return int64(r.Plan.DownAfter.Seconds()) }

// failoverSeconds is what passes between the end of the node timeout and the first write to the promoted replica: news of the failure, a random
// delay of up to a second, the election (1 to 2 s, tried on Redis 7.0.15).
const failoverSeconds = 2

// UpgradeStep and KeepsVolume are words about what is kept.
func (r readme) UpgradeStep() string {
	if r.Persistent {
		return "Make a backup. Change"
	}
	return "Change"
}

// RestoreBase and OlderFiles are lines where something is kept.
func (r readme) RestoreBase() string {
	return where(r.AOF, "A server with an append-only file ignores `dump.rdb`, so the backup becomes the base of a new append-only file.")
}

func (r readme) OlderFiles() string {
	return where(r.Persistent, "A newer release reads the files of an older one; the way back is only the backup, read by the release that wrote it.")
}

func (r readme) OfEachVolume() string { return where(r.isSet(), " of each volume") }

func (r readme) KeepsVolume() string { return where(r.Persistent, "; the volume stays") }

// HostText bounds what a set survives.
func (r readme) HostText() string {
	return "All of it runs on one host. It survives the loss of containers, processes and volumes, not the loss of that host."
}

// What a cluster or a swarm does when something is away.

// WaitForAll is how a client waits for more than one replica.
func (r readme) WaitForAll() string {
	return where(r.Replicas > 1, fmt.Sprintf("; `WAIT %d`\nwaits for all replicas of its master", r.Replicas))
}

// AllAtOnce is what it means to replace all members of a stack at the same time.
func (r readme) AllAtOnce() string {
	switch {
	case r.Persistent && r.Cluster != nil:
		return "That loses no acknowledged write either: what a node has is on its\nvolume. But nobody can write until the cluster is back."
	case r.Persistent:
		return "That loses no acknowledged write either: the server that leads accepts nothing\nfrom the moment it is told to stop, and what it has is on its volume. But nobody can write until the set is whole again."
	case r.Cluster != nil:
		return "The data are lost with that: nothing keeps them but the nodes, so use roll.sh."
	}
	return "The data are lost with that: nothing\nkeeps them but the servers, so use roll.sh."
}

// OnOneNode is what goes with a node of the swarm.
func (r readme) OnOneNode() string     { return "server" + where(r.watched(), " and one sentinel") }
func (r readme) OrSentinel() string    { return where(r.watched(), " or sentinel") }
func (r readme) Lost() string          { return where(!r.Persistent, " lost") }
func (r readme) ForEachServer() string { return where(r.isSet(), " for each server") }
func (r readme) SentinelsTake() string {
	return where(r.watched(), "Each sentinel may take 64 MiB more.")
}
func (r readme) SomebodyToLead() string {
	return where(r.watched(), ", so that the one that leads has somebody to hand over to")
}
func (r readme) OrWaits() string {
	return where(r.isSet(), ", waits to learn whom to follow or has lost its master")
}

func (r readme) Together() string {
	return where(r.isSet(), " all at once: members with the old and the new\npassword would not understand each other")
}

// OneNodeLabels give all labels to one node.
func (r readme) OneNodeLabels() string { return addLabels(r.Stack.Labels) }

func addLabels(labels []string) string {
	var options []string
	for _, label := range labels {
		options = append(options, "--label-add "+label+"=yes")
	}
	return strings.Join(options, " ")
}

// Volumes are those of the servers, as the engine calls them.
func (r readme) Volumes() string {
	var all []string
	for _, member := range r.Stack.Servers {
		all = append(all, r.Name+"_"+member.Volume)
	}
	return strings.Join(all, " ")
}
