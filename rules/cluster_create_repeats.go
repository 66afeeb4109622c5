package rules

import (
	"regexp"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var clusterCreateRepeats = &lint.Rule{
	ID:       "cluster-create-repeats",
	Group:    "cluster",
	Severity: lint.Warning,
	Summary:  "The cluster is created again at every start, which fails",
	Why: `
docker compose up starts the container that creates the cluster every time. The
second time the nodes are not empty: redis-cli ends with status 1. With a restart
policy it does so without end, and what waits for it to end well never starts.
Ask first whether there is a cluster.
`,
	Refs: []string{"https://docs.docker.com/compose/how-tos/startup-order/"},
	Guide: lint.Guide{
		Fault:    "services:\n  init:\n    image: redis:7.4.6\n    command: redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-yes\n    restart: on-failure\n",
		NearMiss: "services:\n  init:\n    image: redis:7.4.6\n    command: sh -c 'redis-cli -h 10.0.0.1 cluster info | grep -q cluster_state:ok || redis-cli --cluster create 10.0.0.1:6379 10.0.0.2:6379 10.0.0.3:6379 --cluster-yes'\n    restart: on-failure\n",
		Mend:     "Ask a node for cluster_state:ok first, and create only without.",
		Ignore:   "Where the nodes keep nothing, and all containers are made anew each time.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the command, in front of what creates the cluster:",
		Lines:  []string{"redis-cli -h <node> cluster info | grep -q cluster_state:ok ||"},
		Choose: "<node>",
	},
	Check: func(p *lint.Pass) {
		waited := map[string]string{}
		for _, service := range p.Project.Services {
			for name := range waitsForEnd(service) {
				waited[name] = service.Name
			}
		}
		for _, cluster := range topology.Of(p.Project).Clusters {
			s := cluster.Creator
			if cluster.Call.ClusterCommand == "" || s.Kind != inspect.Client || asksFirst.MatchString(textOf(s)) || !namesCreate.MatchString(textOf(s)) {
				continue
			}
			switch by := waited[s.Name]; {
			case restartsByItself(s):
				p.Report(cluster.At, s.Service, "%q creates a cluster at each start, and is restarted when that fails: once there is one it never ends", s.Name)
			case by != "":
				p.Report(cluster.At, s.Service, "%q creates a cluster at each start, which fails once there is one: %q waits for it to end well, and does not start again", s.Name, by)
			}
		}
	},
}

// asksFirst is what a script has that may look before it creates, or may pass
// over the failure.
var (
	asksFirst   = regexp.MustCompile(`(?i)cluster[ _](info|nodes|state|slots)|\bif\b|\|\||\bcheck\b|\[ |;|&|` + "`" + `|\$\(`)
	namesCreate = regexp.MustCompile(`--cluster\s+create`)
)

// waitsForEnd are the services that must have ended well before a service starts.
func waitsForEnd(service *compose.Service) map[string]bool {
	names := map[string]bool{}
	if value := service.Value.Get("depends_on"); value != nil {
		for _, entry := range value.Entries {
			if condition := entry.Value.Get("condition"); condition != nil && condition.Text == "service_completed_successfully" {
				names[entry.Name] = true
			}
		}
	}
	return names
}
