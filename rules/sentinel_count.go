package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
)

var sentinelCount = &lint.Rule{
	ID:       "sentinel-count",
	Group:    "sentinel",
	Severity: lint.Warning,
	Summary:  "There are too few sentinels to survive the loss of one",
	Why: `
A failover needs a majority of all sentinels, whatever the quorum. With one
there is nobody to agree, with two the loss of either stops every failover. Run
three, on machines that do not fail together. A quorum above their number never
is reached: that is an error.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/"},
	Guide: lint.Guide{
		Fault:    "services:\n  watch:\n    image: redis:7.4.6\n    container_name: watch\n    command: [redis-server, --sentinel, --sentinel monitor main 10.0.0.2 6379 1]\n",
		NearMiss: "services:\n  watch:\n    image: redis:7.4.6\n    command: [redis-server, --sentinel, --sentinel monitor main 10.0.0.2 6379 2]\n    deploy: {replicas: 3}\n",
		Mend:     "Run three or more, on machines that do not fail together.",
		Ignore:   "Where the others run in another project.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtFault}, {When: "the quorum cannot be reached", Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the files, three sentinels or more, on machines of their own, and a quorum of more than half:",
		Lines:  []string{"sentinel monitor <master> <address> 6379 2"},
		Choose: "<master> <address>",
	},
	Check: func(p *lint.Pass) {
		t := topology.Of(p.Project)
		if !t.SentinelsKnown() {
			return
		}
		for _, master := range t.Masters {
			first := master.Watches[0]
			switch {
			case master.Quorum > master.Sentinels:
				p.Report(first.At, first.Sentinel.Service, "the quorum of %q is %d, with %s: no failover ever happens", master.Name, master.Quorum, counted(master.Sentinels)).Severity = lint.Error
			case master.Sentinels == 1:
				p.Report(first.At, first.Sentinel.Service, "%q has one sentinel: when it is lost, no failover happens", master.Name)
			case master.Sentinels == 2:
				p.Report(first.At, first.Sentinel.Service, "%q has two sentinels: when one is lost, no failover happens", master.Name)
			}
		}
	},
}

func counted(sentinels int) string {
	if sentinels == 1 {
		return "one sentinel"
	}
	return fmt.Sprintf("%d sentinels", sentinels)
}
