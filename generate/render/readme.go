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

// readme is the view of the README.
type readme struct{ View }

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

// SetText says what a set is made of, "" for one server.
func (r readme) SetText() string {
	switch {
	case len(r.Members) == 0:
		return ""
	case len(r.Sentinels) == 0:
		return "a master and " + r.ReplicasText()
	}
	return fmt.Sprintf("a master and %s, and %d sentinels of which %d have to agree", r.ReplicasText(), len(r.Sentinels), r.Quorum)
}

func (r readme) ReplicasText() string { return units.Count(r.Replicas, "replica") }

// ReplicaNumbers count the replicas of a set from 1.
func (r readme) ReplicaNumbers() []int {
	var numbers []int
	for n := range r.Members[1:] {
		numbers = append(numbers, n+1)
	}
	return numbers
}

// How it is reached.

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

// TLSServers are the servers that a renewed certificate reaches.
func (r readme) TLSServers() string {
	if len(r.Members) == 0 {
		return r.Name
	}
	return r.MemberNames()
}

// What memory is for.

func (r readme) LimitText() string         { return units.Readable(r.Budget.Limit) }
func (r readme) BudgetRows() []memory.Line { return r.Budget.Table(r.Workload) }
func (r readme) PolicyText() string        { return r.policyReason() }
func (r readme) MinReplicasText() string   { return r.minReplicasReason() }

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

// What a cluster has.

func (r readme) First() deployment.Node { return r.Cluster.Nodes[0] }

// Address is where clients find a node.
func (r readme) Address(node deployment.Node) string {
	if r.Cluster.Host.IsValid() {
		return r.Cluster.Host.String()
	}
	return node.Name
}

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

// What the nodes of a swarm have.

// SpreadLabel is a label and the place of the node in a list that gets it.
type SpreadLabel struct {
	Label  string
	Number int
}

// SpreadLabels give each label to a node of its own.
func (r readme) SpreadLabels() []SpreadLabel {
	var all []SpreadLabel
	for n, label := range r.Stack.Labels {
		all = append(all, SpreadLabel{label, n + 1})
	}
	return all
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

// Host is a node of the swarm as a README tells of it.
type Host struct {
	Number       int
	Labels, Runs string
}

// Hosts are the nodes of a swarm over which a cluster is spread.
func (r readme) Hosts() []Host {
	var all []Host
	for _, host := range r.Stack.Hosts {
		var labels, runs []string
		for _, member := range host.Members {
			labels = append(labels, member.Label)
			runs = append(runs, "`"+member.Name+"`"+where(member.Follows != "", " (follows `"+member.Follows+"`)"))
		}
		all = append(all, Host{host.Number, addLabels(labels), strings.Join(runs, ", ")})
	}
	return all
}

// UpgradeStep and KeepsVolume are words about what is kept.
func (r readme) UpgradeStep() string {
	if r.Persistent {
		return "Make a backup. Change"
	}
	return "Change"
}

func (r readme) KeepsVolume() string { return where(r.Persistent, "; the volume stays") }

// HostText bounds what a set survives.
func (r readme) HostText() string {
	return "All of it runs on one host. It survives the loss of containers, processes and volumes, not the loss of that host."
}

// FullDisk is what a full disk does, nil where nothing is kept.
func (r readme) FullDisk() *WatchLine {
	if !r.Persistent {
		return nil
	}
	line := r.fullDisk()
	return &line
}
