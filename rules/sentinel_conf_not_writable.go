package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var sentinelConfNotWritable = &lint.Rule{
	ID:       "sentinel-conf-not-writable",
	Group:    "sentinel",
	Severity: lint.Error,
	Summary:  "A sentinel cannot write to its conf file",
	Why: `
Sentinel keeps what it learns in its conf file: its identity, the current master,
the other sentinels. A file that it cannot write stops it at once. A single
mounted file, even a writable one, cannot be replaced, which is how Sentinel
writes: it runs, forgets everything at a restart, and follows the old master
then. Mount a directory, or copy the file into a volume at start.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/"},
	Guide: lint.Guide{
		Fault:    "services:\n  watch:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./sentinel.conf:/conf/sentinel.conf:ro]\n",
		NearMiss: "services:\n  watch:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n",
		Mend:     "Mount a directory of its own that user 999 may write to, or copy the file there at the start.",
		Ignore:   "Never: Sentinel writes what it learns into its conf, and stops where it cannot.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}, {When: "it starts, and cannot keep what it learns", Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, a copy in a directory of its own:",
		Lines:  []string{"command: sh -c 'cp -n <conf file> /data/sentinel.conf && exec redis-sentinel /data/sentinel.conf'"},
		Choose: "<conf file>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Sentinels(p.Project) {
			stops := s.EndsFor(inspect.EndConfNotWritable)
			for _, end := range stops {
				offer(p.Report(end.At, s.Service, "%s", end.Message), copyOnlyConf(s))
			}
			for _, conf := range s.Confs {
				if len(stops) > 0 || conf.Mount == nil || conf.State == inspect.ConfDirectory || conf.State == inspect.ConfNotHere {
					continue
				}
				if conf.Mount.Target == conf.Path && conf.Mount.Type == compose.TypeBind && replacesConf(s) {
					offer(p.Report(conf.Mount.Span, s.Service, "%s is mounted as a single file, which %q cannot replace: what it learns is lost at a restart", conf.Path, s.Name), copyConf(s, conf)).Severity = lint.Warning
				}
			}
		}
	},
}

// replacesConf reports whether a sentinel writes a new file and renames it.
// Before 6.0.9 it wrote into the old one.
func replacesConf(s *inspect.Service) bool {
	return s.ReleaseKnown || !s.Unread && s.Image.Version == "" && s.Image.Family != ""
}
