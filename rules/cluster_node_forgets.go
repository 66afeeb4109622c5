package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var clusterNodeForgets = &lint.Rule{
	ID:       "cluster-node-forgets",
	Group:    "cluster",
	Severity: lint.Warning,
	Summary:  "A node of a cluster keeps what it is where it does not last",
	Why: `
A node writes its name, its part of the keys and all other nodes into nodes.conf in
its data directory, whether it saves data or not. Without that file it starts as a
stranger: the cluster waits for the node that it knew, whose part of the keys nobody
has. A tmpfs is empty after each stop, and newer images have no volume of their own.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/"},
	Guide: lint.Guide{
		Fault:    "services:\n  node:\n    image: redis:8.6.4\n    command: redis-server --cluster-enabled yes --save ''\n",
		NearMiss: "services:\n  node:\n    image: redis:8.6.4\n    command: redis-server --cluster-enabled yes --save ''\n    volumes: [node:/data]\nvolumes:\n  node:\n",
		Mend:     "Mount a named volume where nodes.conf is.",
		Ignore:   "Where all nodes are always made anew together, and the cluster with them.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, in the place of what is mounted there, and the volume at the top level:",
		Lines:  []string{"volumes:", "  - <name>:/data"},
		Choose: "<name>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			enabled, given := s.Certain("cluster-enabled")
			directory, known := s.Directory()
			if !given || enabled.Value != "yes" || !known || s.Opaque != "" || s.Partial || s.Unread || s.Built != nil || mountsUnseen(s) {
				continue
			}
			switch mount, mounted := s.MountAt(directory); {
			case mounted && mount.Type == "tmpfs":
				p.Report(mount.Span, s.Service, "%q keeps nodes.conf in memory: stopped and started again it is a stranger to its cluster", s.Name)
			case mounted || s.Saves() && !isCache(s) && !s.MayLoseData():
				// data-volume-missing speaks of a node that saves.
			case s.Image.Plain() && (directory != "/data" || s.Image.LacksVolume()):
				offer(p.Report(s.Span(), s.Service, "%q keeps nodes.conf in %s, which is gone with the container: made anew it is a stranger to its cluster", s.Name, directory), addVolume(s, directory))
			}
		}
	},
}
