package rules

import (
	"net/netip"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/redis"
)

var clientTooOld = &lint.Rule{
	ID:       "client-too-old",
	Group:    "cluster",
	Severity: lint.Error,
	Summary:  "The client is too old to make a cluster of nodes that have names",
	Why: `
redis-cli --cluster takes names since 7.0. Up to 6.2 it stops at them with "Invalid
node address specified", and there is no cluster. Addresses of containers change,
unless networks give fixed ones.
`,
	Refs: []string{"https://github.com/redis/redis/releases/tag/7.0.0"},
	Guide: lint.Guide{
		Fault:    "services:\n  init:\n    image: redis:6.2.24\n    command: redis-cli --cluster create one:6379 two:6379 three:6379 --cluster-yes\n",
		NearMiss: "services:\n  init:\n    image: redis:7.4.11\n    command: redis-cli --cluster create one:6379 two:6379 three:6379 --cluster-yes\n",
		Mend:     "Use an image of Redis 7 or later for the client; the servers may be older.",
		Ignore:   "Where names are put in the place of addresses before the client reads them.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{Where: "in the service that runs the client:", Lines: []string{"image: redis:<version>"}, Choose: "<version>"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			old := s.Image.Engine == redis.Redis && s.Image.ReleaseKnown && !s.Image.ReleaseAssumed && !s.Image.Release.AtLeast(7, 0) && !s.Unread
			for _, call := range s.ClientCalls() {
				if name := namedNode(call); old && call.ClusterCommand == "create" && name != "" {
					p.Report(call.At, s.Service, "%q creates no cluster: the client of %s takes addresses, and %q is a name", s.Name, s.Image.Release, name)
				}
			}
		}
	},
}

// namedNode returns the first node that is surely given by a name.
func namedNode(call inspect.Probe) string {
	for _, node := range call.ClusterArgs {
		host, _, _ := strings.Cut(node, ":")
		if _, err := netip.ParseAddr(host); err != nil && unset.Known(node) && !strings.ContainsAny(node, "$`[") && host != "" {
			return host
		}
	}
	return ""
}
