package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var clusterCreateUnconfirmed = &lint.Rule{
	ID:       "cluster-create-unconfirmed",
	Group:    "cluster",
	Severity: lint.Error,
	Summary:  "The cluster is never created, since nobody says yes",
	Why: `
redis-cli --cluster create shows its plan and asks. In a container nobody
answers: it ends with status 0 and has done nothing, and every node refuses
clients with CLUSTERDOWN. Add --cluster-yes.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/"},
	Guide: lint.Guide{
		Fault:    "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379\n",
		NearMiss: "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-yes\n",
		Mend:     "Add --cluster-yes.",
		Ignore:   "Where a person starts the container with a terminal and answers.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where: "at the end of the command:",
		Lines: []string{"--cluster-yes"},
	},
	Check: func(p *lint.Pass) {
		for _, cluster := range topology.Of(p.Project).Clusters {
			s, call := cluster.Creator, cluster.Call
			if call.ClusterCommand != "" && !call.ClusterYes && !answered(s) && !slices.ContainsFunc(call.Words, func(word string) bool { return !unset.Known(word) || strings.Contains(word, "$") }) {
				offer(p.Report(call.At, s.Service, "%q creates no cluster: it asks whether to, and nobody answers in a container; add --cluster-yes", s.Name), confirmCreation(s))
			}
		}
	},
}

// answered reports whether something may say yes: a pipe, a file, a variable, a
// terminal, or a script that is not seen here. redis-cli.c reads
// REDISCLI_CLUSTER_YES; another client's name for it would end alike.
func answered(s *inspect.Service) bool {
	text := strings.ToLower(textOf(s))
	said := slices.ContainsFunc(s.Environment(), func(variable compose.Environment) bool { return strings.HasSuffix(variable.Name, "CLI_CLUSTER_YES") })
	return said || strings.Contains(text, "yes") || strings.Contains(text, "|") || strings.Contains(text, "<") || strings.Contains(text, "expect") ||
		!strings.Contains(text, "--cluster") || s.Has("stdin_open") || s.Has("tty")
}
