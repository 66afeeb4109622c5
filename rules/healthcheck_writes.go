package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var healthcheckWrites = &lint.Rule{
	ID:       "healthcheck-writes",
	Group:    "health",
	Severity: lint.Warning,
	Summary:  "The health check writes to the server",
	Why: `
Every check changes the data: the append-only file grows, snapshots are due that
nobody needs, and a key is there that no client knows. On a replica the answer is
READONLY, and the client exits with 0 all the same. PING asks as much.
`,
	Refs: []string{"https://redis.io/docs/latest/commands/ping/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, incr, ping]}\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    healthcheck: {test: [CMD, redis-cli, ping]}\n",
		Mend:     "Ask PING.",
		Ignore:   "Where it is to be tested that the server takes writes, on a master.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the health check, a question that changes nothing:",
		Lines:  []string{"test: [\"CMD-SHELL\", \"<client and its options> ping | grep -q PONG\"]"},
		Choose: "<client and its options>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			probes, _ := s.Health()
			for _, probe := range probes {
				if len(probe.Command) > 0 && slices.Contains(writing, strings.ToLower(probe.Command[0])) && asks(probe, s) && !isRefused(s, probe) {
					offer(p.Report(probe.At, s.Service, "the health check of %q runs %s, which changes the data: PING asks as much", s.Name, strings.ToUpper(probe.Command[0])), replaceCheck(s))
				}
			}
		}
	},
}

// isRefused reports whether a server answers NOAUTH to a probe, and writes
// nothing: healthcheck-without-auth says so.
func isRefused(s *inspect.Service, probe inspect.Probe) bool {
	return s.Access() == inspect.Closed && !authenticates(s, probe)
}

// writing are the commands that people put into checks, of those that change
// data or write a file.
var writing = strings.Fields("incr incrby decr set setex getset append lpush rpush sadd hset zadd del flushdb flushall save bgsave bgrewriteaof")
