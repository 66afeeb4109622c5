package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var snapshotNotWritable = &lint.Rule{
	ID:       "snapshot-not-writable",
	Group:    "persistence",
	Severity: lint.Error,
	Summary:  "The server cannot write its snapshots, and refuses writes then",
	Why: `
A server starts well where it may not write to its data directory: on a read-only
root without a place for the data, or as a user that the directory does not belong
to. Its first snapshot fails, an hour after the first write at the latest, and from
then on every write is refused with MISCONF. Mount a volume or a tmpfs there that
its user may write to, or turn snapshots off.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:8.6.4\n    read_only: true\n",
		NearMiss: "services:\n  cache:\n    image: redis:8.6.4\n    read_only: true\n    tmpfs: [/data]\n",
		Mend:     "Mount a volume where the data are, or turn snapshots off: --save ''.",
		Ignore:   "Where a command turns snapshots off once the server runs.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, a place for the data that its user may write to, and the volume at the top level; for a cache, --save '' instead:",
		Lines:  []string{"volumes:", "  - <name>:/data"},
		Choose: "<name>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			save, stops := s.Get("save"), s.Get("stop-writes-on-bgsave-error")
			if s.Opaque != "" || s.Partial || !save.Known || save.Value == "" || !stops.Known || stops.Value != "yes" || len(s.Ends()) > 0 {
				continue
			}
			directory, _ := s.Directory()
			if _, mounted := s.MountAt(directory); mounted || !s.Absent("replicaof") {
				continue // what is mounted read-only is meant to be read, and a replica is not written to
			}
			if why := s.WhyNotWritable(); why != "" {
				// A new volume belongs to the image's user.
				plan := addVolume(s, directory)
				if directory != "/data" || s.Config.User != "" {
					plan.Refuse("its user may not write to a new volume there either")
				}
				finding := p.Report(s.Span(), s.Service, "%q saves snapshots, and %s: it refuses all writes once one has failed", s.Name, why)
				if s.Image.Family.Bitnami() {
					finding.Help = throughScript
				}
				offer(finding, plan)
			}
		}
	},
}

// throughScript is for an image whose own script is passed over.
var throughScript = &lint.Help{
	Where:  "in the service, the image's own script, which finds the place for the data, before the options:",
	Lines:  []string{"command: /opt/bitnami/scripts/<redis or valkey>/run.sh"},
	Choose: "<redis or valkey>",
}
