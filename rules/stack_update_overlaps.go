package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/edit"
)

var stackUpdateOverlaps = &lint.Rule{
	ID:       "stack-update-overlaps",
	Group:    "swarm",
	Severity: lint.Warning,
	Summary:  "An update starts the new server while the old one still writes the same data",
	Why: `
With order: start-first a swarm starts the new task and stops the old one only when
the new one runs. On one machine both have the same volume: the new server loads
what was saved before the last writes, and the two write one append-only file or
overwrite each other's snapshots. What clients write to the old one in between is
lost. A server with data needs stop-first, which is the default.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/deploy/#update_config"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    volumes: [data:/data]\n    deploy: {update_config: {order: start-first}}\nvolumes:\n  data:\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    volumes: [data:/data]\n    deploy: {update_config: {order: stop-first}}\nvolumes:\n  data:\n",
		Mend:     "Set order to stop-first, or take it out.",
		Ignore:   "Where each task has a volume of its own.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where: "in the service, where the order stands now:",
		Lines: []string{"order: stop-first"},
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Stores(p.Project) {
			directory, known := s.Directory()
			mount, mounted := s.MountAt(directory)
			if !known || !mounted || !s.Saves() || mount.Type != compose.TypeVolume && mount.Type != compose.TypeBind || mount.Source == "" {
				continue
			}
			for _, key := range []string{"update_config", "rollback_config"} {
				if order, given := s.Raw("deploy", key, "order"); given && order == "start-first" {
					plan := edit.New(p.Project, "stop the old task first").Unsafe("nobody answers while a new task starts").Set(s.Service, edit.Plain("stop-first"), "deploy", key, "order")
					offer(p.Report(s.At("deploy", key, "order"), s.Service, "%s starts the new task of %q while the old one runs: both write what is mounted at %s", key, s.Name, mount.Target), plan)
				}
			}
		}
	},
}
