package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
)

var sentinelConfShared = &lint.Rule{
	ID:       "sentinel-conf-shared",
	Group:    "sentinel",
	Severity: lint.Error,
	Summary:  "Several sentinels write one conf file",
	Why: `
Sentinel keeps its own identity and what it learns in its conf file. Those that
write one file take the identity of each other at a restart, and count as one
then: there is no majority, and no failover. Give each a directory of its own,
or let each copy the file to a private place before it starts.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n  two:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n",
		Mend:     "Give each sentinel a directory of its own.",
		Ignore:   "Never: they overwrite each other.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in each sentinel, a directory of its own for the copy that it writes:",
		Lines:  []string{"volumes:", "  - <name of the sentinel>:/data"},
		Choose: "<name of the sentinel>",
	},
	Check: func(p *lint.Pass) {
		first := map[string]*inspect.Service{}
		for _, s := range inspect.Sentinels(p.Project) {
			for _, conf := range s.Confs {
				// A file that is mounted by itself cannot be replaced: that is another
				// fault.
				// Services of different profiles are not meant to run together.
				if conf.Mount == nil || conf.Mount.ReadOnly || conf.Path == conf.Mount.Target || conf.Mount.Type != compose.TypeBind && conf.Mount.Type != compose.TypeVolume || conf.Mount.Source == "" || p.IsStack || s.Has("profiles") {
					continue
				}
				place := conf.Mount.Source + " " + conf.Mount.Subpath + conf.Path[len(conf.Mount.Target):]
				other := first[place]
				switch {
				case s.Config.Count() > 1:
					p.Report(conf.Mount.Span, s.Service, "%d containers of %q write one conf file: they take each other's identity", s.Config.Count(), s.Name)
				case other != nil:
					p.Report(conf.Mount.Span, s.Service, "%q and %q write one conf file: they take each other's identity", other.Name, s.Name)
				default:
					first[place] = s
				}
			}
		}
	},
}
