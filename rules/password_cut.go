package rules

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

var passwordCut = &lint.Rule{
	ID:       "password-cut",
	Group:    "secrets",
	Severity: lint.Warning,
	Summary:  "Compose takes a dollar in a password for a variable, and cuts the password there",
	Why: `
$word is a variable to Compose, in a command, in the environment and in a conf
that stands in the compose file. Where nothing of that name is set it leaves
nothing in its place, warns once, and the server has a shorter password than its
clients, who get theirs from elsewhere. Write $$ for a dollar. A variable that is
meant is written ${NAME}, and is not found here.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/interpolation/"},
	Guide: lint.Guide{
		Fault:    "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --requirepass tr0ub4dor$and3horses\n",
		NearMiss: "services:\n  db:\n    image: redis:7.4.6\n    command: redis-server --requirepass tr0ub4dor$$and3horses\n",
		Mend:     "Write $$ for the dollar, or keep the password in a file.",
		Ignore:   "Where a variable of that name is set in the shell that Compose runs in.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{Where: "in the password, for each dollar:", Lines: []string{"$$"}},
	Check: func(p *lint.Pass) {
		for _, s := range append(inspect.Servers(p.Project), inspect.Sentinels(p.Project)...) {
			for _, name := range []string{"requirepass", "masterauth"} {
				if setting, given := s.Given(name); given && len(setting.Args) > 0 {
					reportCut(p, s, name, setting.Args[0], append(s.ArgumentsAt(name), setting.Origin.Span)[0])
				}
			}
			for _, variable := range s.Environment() {
				if strings.Contains(variable.Name, "PASS") || strings.HasSuffix(variable.Name, "CLI_AUTH") {
					reportCut(p, s, variable.Name, variable.Value, variable.Span)
				}
			}
		}
	},
}

// reportCut looks for a variable in the middle of a password that looks like a
// part of it: without braces, not in capitals, and not set.
func reportCut(p *lint.Pass, s *inspect.Service, what, value string, at position.Span) {
	for _, variable := range unset.VariablesIn(value) {
		if variable.Guarded || variable.Required || variable.Name == strings.ToUpper(variable.Name) || strings.HasPrefix(value, variable.Mark()) {
			continue
		}
		written := s.Written(at)
		if slices.Contains(p.Files, at.File) && strings.Contains(written, "$"+variable.Name) && !strings.Contains(written, "$$"+variable.Name) {
			p.Report(at, s.Service, "Compose takes the dollar in the %s of %q for a variable that is not set, and cuts the password there: write $$", what, s.Name)
			return
		}
	}
}
