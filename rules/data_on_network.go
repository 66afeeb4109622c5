package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var dataOnNetwork = &lint.Rule{
	ID:       "data-on-network",
	Group:    "persistence",
	Severity: lint.Warning,
	Summary:  "The append-only file lies on a network file system, whose fsync holds clients up",
	Why: `
With appendfsync everysec the server waits for an fsync that takes longer than two
seconds, and all clients with it; with always it waits at each write. Over NFS or
SMB a moment of the network is enough, and an outage stops the server, which the
kernel does not let go of then. Local disks and block devices are meant for it.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency/"},
	Guide: lint.Guide{
		Fault: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly yes\n    volumes: [data:/data]\n" +
			"volumes: {data: {driver_opts: {type: nfs, o: \"addr=10.0.0.9,rw\", device: \":/data\"}}}\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly yes\n    volumes: [data:/data]\nvolumes: {data: {driver_opts: {type: none, o: bind, device: /srv/data}}}\n",
		Mend:     "Keep the data on a local disk, and copy backups over the network.",
		Ignore:   "Where the latency of the network was measured under load.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Conditional, Soon: lint.AtFault}},
	},
	Help: &lint.Help{Where: "at the top level, without driver_opts:", Lines: []string{"volumes:", "  <volume>: {}"}, Choose: "<volume>"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			directory, known := s.Directory()
			mount, mounted := s.MountAt(directory)
			if !known || !mounted || mount.Type != compose.TypeVolume || s.Get("appendonly").Value != "yes" {
				continue
			}
			volume, _ := p.Resource("volumes", mount.Source)
			if kind := strings.ToLower(volume.DriverOpts["type"]); slices.Contains([]string{"nfs", "nfs4", "cifs", "smb", "smb3", "glusterfs"}, kind) {
				p.Report(mount.Span, s.Service, "%q keeps its append-only file on %s: when the network is slow, every client waits for it", s.Name, kind)
			}
		}
	},
}
