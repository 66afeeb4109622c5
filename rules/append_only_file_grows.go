package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var appendOnlyFileGrows = &lint.Rule{
	ID:       "append-only-file-grows",
	Group:    "persistence",
	Severity: lint.Warning,
	Summary:  "The append-only file is never rewritten, and grows until the disk is full",
	Why: `
With auto-aof-rewrite-percentage 0 the server rewrites the file only when somebody
tells it to, so it holds every write that there ever was: the disk fills up, and a
start takes as long as all of them took. A job that runs BGREWRITEAOF is all that
is left.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly yes --auto-aof-rewrite-percentage 0\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --appendonly no --auto-aof-rewrite-percentage 0\n",
		Mend:     "Leave the directive out: the file is rewritten when it has doubled.",
		Ignore:   "Where a job runs BGREWRITEAOF.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.Sometimes}},
	},
	Help: &lint.Help{Where: "in the conf, or no such line at all:", Lines: []string{"auto-aof-rewrite-percentage 100"}},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			percentage, given := s.Certain("auto-aof-rewrite-percentage")
			if given && percentage.Value == "0" && s.Get("appendonly").Value == "yes" {
				p.Report(percentage.Origin.Span, s.Service, "the append-only file of %q is never rewritten: it holds every write that there ever was, until the disk is full", s.Name)
			}
		}
	},
}
