package rules

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/inspect"
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
		for _, master := range watchedMasters(p.Project) {
			switch {
			case master.quorum > master.sentinels:
				p.Report(master.at, master.first.Service, "the quorum of %q is %d, with %s: no failover ever happens", master.name, master.quorum, counted(master.sentinels)).Severity = lint.Error
			case master.sentinels == 1:
				p.Report(master.at, master.first.Service, "%q has one sentinel: when it is lost, no failover happens", master.name)
			case master.sentinels == 2:
				p.Report(master.at, master.first.Service, "%q has two sentinels: when one is lost, no failover happens", master.name)
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

// watched is a master and the sentinels that watch it.
type watched struct {
	name      string
	sentinels int
	quorum    int
	first     *inspect.Service
	at        position.Span
}

// watchedMasters counts the sentinels of each master, in the order of the
// files. A master with a sentinel that may be scaled by hand is left out.
func watchedMasters(project *compose.Project) []*watched {
	var masters []*watched
	byName := map[string]*watched{}
	uncertain := mayHaveMore(project)
	for _, s := range inspect.Sentinels(project) {
		uncertain = uncertain || s.Opaque != "" || len(s.Monitors) == 0 || mayBeScaled(s)
		counted := map[string]bool{} // a sentinel that names a master twice is one
		for _, monitor := range s.Monitors {
			master := byName[monitor.Name]
			if master == nil {
				master = &watched{name: monitor.Name, first: s, at: monitor.At}
				byName[monitor.Name] = master
				masters = append(masters, master)
			}
			if !counted[monitor.Name] {
				master.sentinels += s.Config.Count()
			}
			counted[monitor.Name] = true
			master.quorum = max(master.quorum, monitor.Quorum)
		}
	}
	if uncertain {
		return nil
	}
	return masters
}

// mayBeScaled reports whether nothing of a service stands against several
// containers of it: then --scale may make them.
func mayBeScaled(s *inspect.Service) bool {
	if s.Config.ContainerName != "" || s.Config.Scale != nil || s.Config.Deploy.Replicas != nil {
		return false
	}
	for _, port := range s.Config.Ports {
		if port.Published != "" && !strings.Contains(port.Published, "-") {
			return false
		}
	}
	return len(inspect.Sentinels(s.Project)) == 1
}

// mayHaveMore reports whether a service that nothing is known of speaks of
// Sentinel.
func mayHaveMore(project *compose.Project) bool {
	known := map[string]bool{}
	for _, s := range inspect.Services(project) {
		known[s.Name] = true
	}
	for _, service := range project.Services {
		words, _ := service.Command("command")
		speaks := strings.Contains(strings.Join(words.Texts(), " ")+" "+service.Name, "sentinel")
		if speaks && !known[service.Name] {
			return true
		}
	}
	return false
}
