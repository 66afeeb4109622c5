package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

var evictionPolicyNotSet = &lint.Rule{
	ID:       "eviction-policy-not-set",
	Group:    "memory",
	Severity: lint.Warning,
	Alone:    true,
	Summary:  "It is not said what happens when the memory for the data is full",
	Why: `
Without maxmemory-policy the server has noeviction: once the memory is full,
every write fails with an OOM error. That is right for a queue or a database and
wrong for a cache. Say which it is, for the next reader too. A service that is a
cache by its name or its clients, and has no maxmemory either, never drops a key
by itself: that is a note, beside what maxmemory-not-set says.
`,
	Refs: []string{"https://redis.io/docs/latest/develop/reference/eviction/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server --maxmemory 300mb --maxmemory-policy noeviction\n",
		Mend:     "For a cache allkeys-lru or allkeys-lfu; for a queue or a database noeviction, written down.",
		Ignore:   "Where the policy is set at run time. For a role, tell it in .rcomp.toml: [services.NAME] role = \"queue\".",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Conditional, Soon: lint.AtFault}, {When: "it is a cache without a ceiling", Hurt: lint.Readers, Surely: lint.Certain, Soon: lint.Sometimes}},
	},
	Help: &lint.Help{
		Where:  "beside maxmemory, what becomes of writes when it is full: noeviction refuses them, allkeys-lru drops what is used least, volatile-lru does among the keys that expire:",
		Lines:  []string{"maxmemory-policy <policy>"},
		Choose: "<policy>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			limit, given := s.Given("maxmemory")
			if _, replica := s.Given("replicaof"); replica || s.MustKeepKeys() || policyAsOption(s) || !s.Absent("maxmemory-policy") {
				continue
			}
			if given && limit.Value != "0" {
				offer(p.Report(limit.Origin.Span, s.Service, "%q sets maxmemory but no maxmemory-policy: when it is full, every write fails", s.Name), setPolicy(s))
				continue
			}
			if sign := s.Cache(); sign != "" && starts(s) && !s.Partial {
				offer(p.Report(s.Span(), s.Service, "%q is a cache, by %s, and sets neither maxmemory nor maxmemory-policy: it drops no key before its time", s.Name, sign), setCeiling(s)).Severity = lint.Note
			}
		}
	},
}

// policyAsOption reports whether a policy is given as if it were an option,
// "--volatile-ttl": that the server does not know it is the fault then.
func policyAsOption(s *inspect.Service) bool {
	policy, _ := s.Release.Directive("maxmemory-policy")
	return slices.ContainsFunc(s.Problems, func(p inspect.Problem) bool {
		return p.Kind == redis.UnknownDirective && slices.Contains(policy.Enum, strings.ToLower(p.Name))
	})
}
