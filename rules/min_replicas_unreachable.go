package rules

import (
	"strconv"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var minReplicasUnreachable = &lint.Rule{
	ID:       "min-replicas-unreachable",
	Group:    "replication",
	Severity: lint.Error,
	Summary:  "The master asks for more replicas than there are",
	Why: `
With min-replicas-to-write a master takes writes only while that many replicas
follow it: with fewer in the project, every write gets NOREPLICAS from the start.
Ask for one less than there are, so that one may fail.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/replication/"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			setting, given := s.Certain("min-replicas-to-write")
			wanted, err := strconv.Atoi(setting.Value)
			if _, replica := s.Given("replicaof"); !given || err != nil || replica {
				continue
			}
			if there := replicasOf(s); there > 0 && wanted > there {
				p.Report(setting.Origin.Span, s.Service, "%q takes writes while %d replicas follow it, and %d are there: every write is refused", s.Name, wanted, there)
			}
		}
	},
}

// replicasOf counts the containers that follow a server.
func replicasOf(master *inspect.Service) (count int) {
	for _, s := range inspect.Servers(master.Project) {
		if s != master && masterOf(s) == master {
			count += s.Config.Count()
		}
	}
	return count
}
