package rules

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/edit"
)

var versionKeyObsolete = &lint.Rule{
	ID:       "version-key-obsolete",
	Group:    "compose",
	Severity: lint.Note,
	Summary:  "The file has a version key, which Compose ignores",
	Why: `
Compose v2 reads every file by the current specification, whatever version says,
and prints a warning at each command. Delete the line. docker stack deploy reads
the key, so a file that is written for a swarm may have it.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/version-and-name/"},
	Guide: lint.Guide{
		Fault:    "version: \"3.8\"\nservices:\n  cache:\n    image: redis:7.4.6\n",
		NearMiss: "name: shop\nservices:\n  cache:\n    image: redis:7.4.6\n",
		Mend:     "Take the line out.",
		Ignore:   "Where a program that is older than Compose v2 still reads the file.",
		Cases:    []lint.Case{{Hurt: lint.Readers, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where: "nothing: delete the line",
	},
	Check: func(p *lint.Pass) {
		if at, ok := p.Top("version"); ok && !p.IsStack && len(inspect.Services(p.Project)) > 0 {
			finding := p.Report(at, nil, "the version key is obsolete: Compose ignores it and warns at every command")
			offer(finding, edit.New(p.Project, "delete the version key").DeleteTop("version"))
		}
	},
}
