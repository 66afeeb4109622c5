package view

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/units"
)

// Conf is the view of redis.conf, and says which of its lines a deployment has
// (Keeps). A value that is empty leaves its line out.
type Conf struct{ View }

// Completed says by whom the file is completed, behind its first line.
func (c Conf) Completed() string {
	switch {
	case c.Cluster != nil:
		return ", a node of a cluster. start-node.sh adds what differs from node to node: its address, its password."
	case len(c.Members) > 0:
		return ". start-server.sh adds what differs from server to server: its name, its master, its password."
	case len(c.Users) > 0:
		return "."
	}
	return ". The container adds one line to this file when it starts: requirepass."
}

// Where the server listens.

// EveryAddress is what the server listens on in a network of its own.
func (c Conf) EveryAddress() string { return Where(!c.Host.IsValid(), "* -::*") }

// Port is empty where each node has its own.
func (c Conf) Port() string { return Where(c.Plan.Port != 0, strconv.FormatInt(c.Plan.Port, 10)) }

// PlainPort is 0 where there is TLS alone.
func (c Conf) PlainPort() string {
	if c.TLS != nil {
		return strconv.FormatInt(c.Plan.PlainPort, 10)
	}
	return c.Port()
}

// EncryptedComment says whether anything else is spoken.
func (c Conf) EncryptedComment() string {
	spoken := "Only encrypted connections."
	if c.Plan.PlainPort != 0 {
		spoken = "Encrypted connections, beside those above until clients have left them."
	}
	return "# " + spoken + " The certificate names every server and address; the container copies it where the server can read it."
}

// PortNote stands where a node adds the port.
func (c Conf) PortNote() string {
	return Where(c.Plan.Port == 0, "# start-node.sh adds the port: each node has the number that the host publishes for it.")
}

// ByPassword is tls-auth-clients where clients need no certificate.
func (c Conf) ByPassword() string { return Where(c.TLS != nil && !c.TLS.ByCertificate, "no") }

// ByCertificate is tls-auth-clients where they need one.
func (c Conf) ByCertificate() string { return Where(c.TLS != nil && c.TLS.ByCertificate, "yes") }

// Own is whom a server without its password still answers.
func (c Conf) Own() string {
	if c.Host.IsValid() {
		return "its host"
	}
	return "itself"
}

// IOThreads leaves one CPU to the thread that runs commands. Fewer than four
// CPUs gain nothing; more than eight threads neither.
func (c Conf) IOThreads() string {
	cpus, err := strconv.ParseFloat(c.CPUs, 64)
	if err != nil || cpus < 4 {
		return ""
	}
	return strconv.Itoa(min(int(cpus)-1, 8))
}

// How memory is divided.

// MemorySum is the arithmetic in one line.
func (c Conf) MemorySum() string {
	return fmt.Sprintf("%s for the container, less %s that do not grow with the data.", units.Readable(c.Budget.Limit), units.Readable(c.Budget.Fixed()))
}

// MemoryComment says what the memory is for that the data do not get.
func (c Conf) MemoryComment() string { return comment(c.memoryReason()) }

// PolicyComment says what a full server does.
func (c Conf) PolicyComment() string { return comment(c.PolicyReason()) }

// MaxMemory is what the data may take.
func (c Conf) MaxMemory() string { return units.Conf(c.Budget.MaxMemory) }

// ClientMemory is what all clients may hold.
func (c Conf) ClientMemory() string { return units.Conf(c.Budget.ClientMemory) }

// ValueLimit is the largest value.
func (c Conf) ValueLimit() string { return units.Conf(c.Budget.LargestValue) }

// QueryLimit is what one client may send at once.
func (c Conf) QueryLimit() string { return units.Conf(c.Budget.ClientShare) }

// NormalOutput is what one client may leave unread.
func (c Conf) NormalOutput() string { return c.QueryLimit() + " 0 0" }

// ReplicaOutput lets as much wait for a replica as the budget has room for. In
// a set it is no matter for how long: a replica that is cut off in the middle
// of its copy begins again, and would be cut off again.
func (c Conf) ReplicaOutput() string {
	limit := c.Budget.ReplicaLimit
	if c.Workload.Replicas > 0 {
		return units.Conf(limit) + " 0 0"
	}
	return fmt.Sprintf("%s %s 60", units.Conf(limit), units.Conf(limit/2))
}

// PubsubOutput lets a slow subscriber hold an eighth of what all may hold where
// that is what the server is for.
func (c Conf) PubsubOutput() string {
	hard := c.Budget.ClientShare
	if c.Workload.PubSub {
		hard = max(c.Budget.ClientMemory/8, units.MiB) / units.KiB * units.KiB
	}
	return fmt.Sprintf("%s %s 60", units.Conf(hard), units.Conf(hard/4))
}

// Backlog is what replicas may have missed, and SpareBacklog the same of a
// server that has none.
func (c Conf) Backlog() string { return Where(len(c.Members) > 0, c.backlog()) }

// SpareBacklog is the backlog of a server without replicas.
func (c Conf) SpareBacklog() string { return Where(len(c.Members) == 0, c.backlog()) }
func (c Conf) backlog() string      { return units.Conf(memory.Backlog(c.Budget.Limit, c.Workload)) }

// What members are to each other.

// DualChannel is on where a full copy has a connection of its own. Redis has it
// on by itself.
func (c Conf) DualChannel() string { return Where(c.Workload.Beside, "yes") }

// MinReplicasComment says what min-replicas-to-write costs.
func (c Conf) MinReplicasComment() string { return comment(c.MinReplicasReason()) }

// ToHost and ToNames are where clients of a cluster are sent to, the host's
// address or the nodes' names.
func (c Conf) ToHost() string { return Where(c.clusterHost() != "", "hostname") }

// ToNames sends clients of a cluster to names.
func (c Conf) ToNames() string { return Where(c.clusterHost() == "", "hostname") }

func (c Conf) clusterHost() string {
	if c.Cluster == nil || !c.Cluster.Host.IsValid() {
		return ""
	}
	return c.Cluster.Host.String()
}

// ClusterHost is the address of the host that clients are sent to.
func (c Conf) ClusterHost() string { return c.clusterHost() }

// What is kept.

// PersistenceComment says what a restart finds.
func (c Conf) PersistenceComment() string { return comment(c.PersistenceReason()) }

// FsyncComment says how far the disk is behind.
func (c Conf) FsyncComment() string { return comment(c.FsyncReason()) }

// AppendOnly is whether there is an append-only file.
func (c Conf) AppendOnly() string { return yesOrNo(c.AOF) }

// Saves are the lines of snapshots, of which one without a value says that
// there are none.
func (c Conf) Saves() string {
	if !c.RDB {
		return `save ""`
	}
	return "save " + strings.Join(c.Save, "\nsave ")
}

// RewriteMinSize is half of the data at most, so that a small server rewrites too.
func (c Conf) RewriteMinSize() string {
	return units.Conf(min(max(c.Budget.MaxMemory/2/units.MiB*units.MiB, units.MiB), 64*units.MiB))
}

// Raw are the lines of [redis].
func (c Conf) Raw() string {
	var lines []string
	for _, raw := range c.Overrides.Directives {
		lines = append(lines, raw.Lines(c.Overrides.Release)...)
	}
	return strings.Join(lines, "\n")
}

// Where is a value where something is so, and "" where it is not.
func Where(is bool, value string) string {
	if is {
		return value
	}
	return ""
}
