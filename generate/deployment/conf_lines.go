package deployment

import (
	"slices"
	"strings"
)

// confLines are what redis.conf has where deployments differ. A value that is empty leaves its line out.
type confLines struct {
	Completed          string // by whom, behind the first line
	EveryAddress       string
	PlainPort          string // 0 where there is TLS alone
	PortNote           string
	ByPassword         string
	ByCertificate      string
	Own                string // whom a server without its password still answers
	MemoryComment      string
	PolicyComment      string
	SpareBacklog       string // of a server alone
	Backlog            string
	MinReplicasComment string
	Host               string // that clients of a cluster are sent to
	ToHost, ToNames    string
	PersistenceComment string
	Saves              string
	FsyncComment       string
	Raw                string
}

// Lines is the view of redis.conf.
func (p Plan) Lines() confLines {
	c := confLines{
		Completed: ". The container adds one line to this file when it starts: requirepass.", PlainPort: p.Port, Own: "itself", SpareBacklog: p.BacklogSize,
		MemoryComment: comment(p.MemoryComment), PolicyComment: comment(p.PolicyComment), MinReplicasComment: comment(p.MinReplicasComment),
		PersistenceComment: comment(p.PersistenceComment), FsyncComment: comment(p.FsyncComment),
		Saves: "save " + strings.Join(p.Save, "\nsave "), Raw: strings.Join(p.Raw, "\n"),
	}
	switch {
	case p.Cluster != nil:
		c.Completed = ", a node of a cluster. start-node.sh adds what differs from node to node: its address, its password."
		c.ToHost, c.ToNames = p.Cluster.Endpoint, p.Cluster.Endpoint
		if c.Host = p.Cluster.Host; c.Host == "" {
			c.ToHost = ""
		} else {
			c.ToNames = ""
		}
	case len(p.Members) > 0:
		c.Completed = ". start-server.sh adds what differs from server to server: its name, its master, its password."
	case len(p.Users) > 0:
		c.Completed = "."
	}
	if len(p.Members) > 0 {
		c.SpareBacklog, c.Backlog = "", p.BacklogSize
	}
	if p.HostAddress == "" {
		c.EveryAddress = "* -::*"
	} else {
		c.Own = "its host"
	}
	if p.Port == "" {
		c.PortNote = "# start-node.sh adds the port: each node has the number that the host publishes for it."
	}
	if p.TLS != nil {
		c.PlainPort = "0"
		c.ByPassword = p.TLS.AuthClients
		if p.TLS.AuthClients == "yes" {
			c.ByPassword, c.ByCertificate = "", "yes"
		}
	}
	return c
}

func comment(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "# " + strings.Join(lines, "\n# ")
}

// Keeps tells whether redis.conf has a line: its release knows the directive, this deployment has the feature, and [redis] does not say it.
func (p Plan) Keeps(name string, arguments []string) bool {
	return knows(p.basis.release, name) && p.has(name) && !p.basis.says(name, arguments)
}

// feature is what a deployment has or has not, and the directives that go with it, by the beginnings of their names.
type feature struct {
	has        func(Plan) bool
	directives []string
}

// features are asked in order: the first whose directive it is decides.
var features = []feature{
	{func(p Plan) bool { return p.TLS != nil && p.TLS.Replication }, []string{"tls-replication"}},
	{func(p Plan) bool { return p.TLS != nil && p.TLS.Cluster }, []string{"tls-cluster"}},
	{func(p Plan) bool { return p.TLS != nil }, []string{"tls-"}},
	{func(p Plan) bool { return len(p.Users) > 0 }, []string{"aclfile"}},
	{func(p Plan) bool { return len(p.Members) > 0 && p.Cluster == nil }, []string{"replica-announce-port"}},
	{func(p Plan) bool { return len(p.Members) > 0 && !p.Persistent }, []string{"rdb-del-sync-files"}},
	{func(p Plan) bool { return len(p.Members) > 0 }, []string{"masteruser", "repl-diskless-", "repl-ping-", "repl-timeout", "min-replicas-"}},
	{func(p Plan) bool { return p.Cluster != nil }, []string{"cluster-"}},
	{func(p Plan) bool { return p.RDB }, []string{"dbfilename", "stop-writes-"}},
	{func(p Plan) bool { return p.AOF }, []string{"appendfilename", "appenddirname", "appendfsync", "no-appendfsync-", "auto-aof-", "aof-"}},
}

func (p Plan) has(name string) bool {
	for _, f := range features {
		if slices.ContainsFunc(f.directives, func(beginning string) bool { return strings.HasPrefix(name, beginning) }) {
			return f.has(p)
		}
	}
	return true
}

// says tells whether [redis] has a line. Of the limits of output it may have those of some classes of clients.
func (c confBasis) says(name string, arguments []string) bool {
	for _, raw := range c.raw {
		if c.release.Name(raw.Name) != c.release.Name(name) {
			continue
		}
		if name != "client-output-buffer-limit" || namesClass(raw.Values, arguments[0]) {
			return true
		}
	}
	return false
}
