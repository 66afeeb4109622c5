package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var passwordVariableEmpty = &lint.Rule{
	ID:       "password-variable-empty",
	Severity: lint.Warning,
	Summary:  "The password comes from a variable that may be empty, and the server is open then",
	Why: `
Compose puts nothing in the place of a variable that is not set, and drops the
word from a command that is written as text. With "--requirepass ${P}" the next
option becomes the password or the server does not start; with two of them,
"--masterauth ${P} --requirepass ${P}", it starts without a password; in a list,
or in quotes, the password is empty and everybody is let in. Write ${P:?}, and
Compose stops instead. Where the value is certainly empty it is an error.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/interpolation/"},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			setting, given := s.Given("requirepass")
			if !given || len(setting.Args) == 0 {
				continue
			}
			switch variable, open := emptyVariable(setting); {
			case open:
				p.Report(setting.Origin.Span, s.Service, "the password of %q is empty where %s is not set: write ${%s:?} to stop instead", s.Name, variable, variable.Name)
			case setting.Known && setting.Value == "" && fromVariable(s, setting):
				p.Report(setting.Origin.Span, s.Service, "the password of %q comes from a variable that is empty: the server lets anyone in", s.Name).Severity = lint.Error
			}
		}
	},
}

// emptyVariable returns the variable of Compose that is the whole of a
// password and may be empty.
func emptyVariable(setting inspect.Setting) (lint.Variable, bool) {
	if setting.Known || setting.Origin.Kind == inspect.FromConf {
		return lint.Variable{}, false
	}
	variables := lint.VariablesIn(setting.Args[0])
	if len(variables) != 1 || lint.Plain(setting.Args[0]) != variables[0].String() {
		return lint.Variable{}, false
	}
	v := variables[0]
	return v, !v.Required && !v.Guarded && !v.AtStart
}

// fromVariable reports whether an empty word was written with a variable.
func fromVariable(s *inspect.Service, setting inspect.Setting) bool {
	return strings.Contains(s.Written(setting.Origin.Span), "$")
}
