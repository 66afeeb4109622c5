package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var commandRenamed = &lint.Rule{
	ID:       "command-renamed",
	Group:    "access",
	Severity: lint.Error,
	Summary:  "A command is renamed that a sentinel or a replica of the project needs",
	Why: `
Sentinel makes a replica a master by MULTI, SLAVEOF, CONFIG REWRITE, CLIENT KILL
and EXEC, and watches by PING, INFO and PUBLISH. A replica asks its master by
PING, REPLCONF and PSYNC. Under another name, or none, they get an error: there is
no failover, or no copy. sentinel rename-command tells a sentinel the new name.
The rights of users (ACL) take commands from clients and leave them to the others.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/"},
	Guide: lint.Guide{
		Fault: "services:\n  one:\n    image: redis:7.4.6\n    command: [redis-server, --rename-command, PSYNC, '']\n" +
			"  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: [redis-server, --rename-command, FLUSHALL, '']\n" +
			"  two:\n    image: redis:7.4.6\n    command: redis-server --replicaof one 6379\n",
		Mend:   "Take the renaming out, and take the command from the clients' user: user app on >... ~* +@all -config.",
		Ignore: "Where a script tells the sentinels the new name.",
		Cases:  []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{Where: "in sentinel.conf, if the renaming stays:", Lines: []string{"sentinel rename-command <master> <command> <name>"}, Choose: "<master>"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			renamed, given := s.Certain("rename-command")
			if !given {
				continue
			}
			who, needs := needing(s)
			for i, line := range strings.Split(renamed.Value, "\n") {
				command, _, _ := strings.Cut(line, " ")
				command = strings.ToUpper(strings.Trim(command, `"`))
				if slices.Contains(needs, command) && i < len(renamed.Parts) {
					p.Report(renamed.Parts[i].Span, s.Service, "%q has no %s by that name any more, and %q needs it", s.Name, command, who)
				}
			}
		}
	},
}

// needing names who in the project sends commands to a server that no client
// does, and which.
func needing(s *inspect.Service) (who string, commands []string) {
	if sentinel := topology.Of(s.Project).WatcherOf(s); sentinel != nil {
		if _, _, told := sentinel.SentinelSetting("rename-command"); told || sentinel.Opaque != "" {
			return "", nil
		}
		return sentinel.Name, []string{"PING", "INFO", "PUBLISH", "SUBSCRIBE", "MULTI", "EXEC", "SLAVEOF", "CONFIG", "CLIENT"}
	}
	for _, replica := range inspect.Servers(s.Project) {
		if master := topology.Of(replica.Project).MasterOf(replica); master != nil && master.Name == s.Name {
			return replica.Name, []string{"PING", "REPLCONF", "PSYNC"}
		}
	}
	return "", nil
}
