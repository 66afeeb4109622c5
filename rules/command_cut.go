package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var commandCut = &lint.Rule{
	ID:       "command-cut",
	Group:    "start",
	Severity: lint.Warning,
	Summary:  "Compose ends the command at a character of the shell, and drops the rest",
	Why: `
No shell reads a command that is written as one text: Compose splits it at blanks
itself, and stops at the first ; & | < or > that is not in quotes. What stands
behind it is gone without a word, be it a second command, an option or half of a
password. docker stack deploy keeps the rest as arguments. Write a list, quote the
character, or let sh -c read the whole.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/services/#command"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --save 60 1 && echo started\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --save 60 1 --proc-title-template 'a&b'\n",
		Mend:     "Write the command as a list, or quote the character. A second program belongs into a service of its own.",
		Ignore:   "Where the rest is not wanted anyway; then take it out.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the service, each word for itself:",
		Lines:  []string{"command: [redis-server, <options>]"},
		Choose: "<options>",
	},
	Check: func(p *lint.Pass) {
		if p.IsStack {
			return // which keeps the rest
		}
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			for _, key := range []string{"entrypoint", "command"} {
				if command, ok := s.Command(key); ok && command.Cut != "" {
					p.Report(command.Span, s.Service, "Compose ends the %s of %q at %q, which no shell reads, and drops what stands behind it", key, s.Name, command.Cut)
				}
			}
		}
	},
}
