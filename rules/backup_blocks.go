package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var backupBlocks = &lint.Rule{
	ID:       "backup-blocks",
	Group:    "operation",
	Severity: lint.Warning,
	Summary:  "A script runs SAVE, which stops the server until the file is written",
	Why: `
SAVE writes the snapshot in the server's only thread: no client gets a reply until
it is done, with gigabytes for seconds, and a health check fails meanwhile. BGSAVE
does the same in a child, and LASTSAVE tells when it is done. redis-cli --rdb
brings the snapshot to where the script runs.
`,
	Refs: []string{"https://redis.io/docs/latest/commands/save/"},
	Guide: lint.Guide{
		Fault:    "services:\n  backup:\n    image: redis:7.4.6\n    command: redis-cli -h db save\n",
		NearMiss: "services:\n  backup:\n    image: redis:7.4.6\n    command: redis-cli -h db bgsave\n",
		Mend:     "Run BGSAVE and wait until LASTSAVE moves, or take the snapshot with redis-cli --rdb.",
		Ignore:   "Where nobody uses the server at that time, or it is about to be stopped.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where: "in the place of it:",
		Lines: []string{"redis-cli --rdb <file>"}, Choose: "<file>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, call := range s.ClientCalls() {
				if len(call.Command) > 0 && strings.EqualFold(call.Command[0], "save") {
					p.Report(call.At, s.Service, "%q runs SAVE, and no client gets a reply until the file is written: BGSAVE does it beside them", s.Name)
				}
			}
		}
	},
}
