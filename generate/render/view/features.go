package view

import (
	"slices"
	"strings"
)

// Keeps tells whether redis.conf has a line: its release knows the directive,
// this deployment has the feature, and [redis] does not say it.
func (c Conf) Keeps(name string, arguments []string) bool {
	return c.Knows(name) && c.has(name) && !c.Overrides.Says(name, arguments)
}

// feature is what a deployment has or has not, and the directives that go with
// it, by the beginnings of their names.
type feature struct {
	has        func(Conf) bool
	directives []string
}

// features are asked in order: the first whose directive it is decides.
var features = []feature{
	{func(c Conf) bool { return c.TLS != nil && len(c.Members) > 0 }, []string{"tls-replication"}},
	{func(c Conf) bool { return c.TLS != nil && c.Cluster != nil }, []string{"tls-cluster"}},
	{func(c Conf) bool { return c.TLS != nil }, []string{"tls-"}},
	{func(c Conf) bool { return len(c.Users) > 0 }, []string{"aclfile"}},
	{func(c Conf) bool { return len(c.Members) > 0 && c.Cluster == nil }, []string{"replica-announce-port"}},
	{func(c Conf) bool { return len(c.Members) > 0 && !c.Persistent }, []string{"rdb-del-sync-files"}},
	{func(c Conf) bool { return len(c.Members) > 0 }, []string{"masteruser", "repl-diskless-", "repl-ping-", "repl-timeout", "min-replicas-"}},
	{func(c Conf) bool { return c.Cluster != nil }, []string{"cluster-"}},
	{func(c Conf) bool { return c.RDB }, []string{"dbfilename", "stop-writes-"}},
	{func(c Conf) bool { return c.AOF }, []string{"appendfilename", "appenddirname", "appendfsync", "no-appendfsync-", "auto-aof-", "aof-"}},
}

func (c Conf) has(name string) bool {
	for _, f := range features {
		if slices.ContainsFunc(f.directives, func(beginning string) bool { return strings.HasPrefix(name, beginning) }) {
			return f.has(c)
		}
	}
	return true
}
