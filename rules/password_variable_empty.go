package rules

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var passwordVariableEmpty = &lint.Rule{
	ID:       "password-variable-empty",
	Group:    "access",
	Severity: lint.Warning,
	Summary:  "The password comes from a variable that may be empty, and the server is open then",
	Why: `
Compose puts nothing in the place of a variable that is not set, and drops the
word from a command that is written as text. In a list, or in quotes, the
password is empty then, and everybody is let in. In a text, the option behind it
becomes the password: "--masterauth ${P} --requirepass ${P}" starts without one
since Redis 7.0. Write ${P:?}, and Compose stops instead. Where the value is
certainly empty it is an error. Where the server would not start at all, there
is no finding.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/interpolation/"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: [redis-server, --requirepass, \"${PASSWORD}\"]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: [redis-server, --requirepass, \"${PASSWORD:?}\"]\n",
		Mend:     "Write ${PASSWORD:?}: Compose stops where it is not set.",
		Ignore:   "Where an empty password is meant, as in a development file.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.AtOnce}, {When: "the value is certainly empty", Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the place of the variable:",
		Lines:  []string{"${<variable>:?}"},
		Choose: "<variable>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Servers(p.Project) {
			setting, given := s.Given("requirepass")
			if lost, ok := s.Certain("masterauth"); ok && !given && lost.Value == "--requirepass" {
				p.Report(lost.Origin.Span, s.Service, "the option --requirepass has become the masterauth of %q: the server lets anyone in", s.Name).Severity = lint.Error
			}
			if !given || needsPassword(s, setting) {
				continue
			}
			at := setting.Origin.Span
			if setting.Known {
				if what := openNow(s, setting); what != "" {
					p.Report(at, s.Service, "the password of %q comes from a variable that is empty: %s", s.Name, what).Severity = lint.Error
				}
				continue
			}
			variable, ok := emptyVariable(s, setting)
			if !ok {
				continue
			}
			if what := openWhenUnset(s); what != "" {
				offer(p.Report(at, s.Service, "where %s is not set, %s of %q: %s", variable, what, s.Name, remedy(s, variable.Name)), requireVariable(s, setting, variable))
			}
		}
	},
}

// remedy says what to write in the place of a variable of Compose. Where the
// container has one of that name from elsewhere, that is the one that was
// meant.
func remedy(s *inspect.Service, name string) string {
	for _, own := range s.Environment() {
		if own.Name == name && own.Set && !slices.ContainsFunc(unset.VariablesIn(own.Value), func(v unset.Variable) bool { return v.Name == name }) {
			start := "start it with sh -c and"
			if runsShell(s) {
				start = "so"
			}
			return fmt.Sprintf("Compose puts its own variable there, not the %s that the container has, %s write $$%s", name, start, name)
		}
	}
	return fmt.Sprintf("write ${%s:?} to stop instead", name)
}

// runsShell reports whether a shell reads the command, and looks variables up.
func runsShell(s *inspect.Service) bool {
	for _, key := range []string{"entrypoint", "command"} {
		if command, ok := s.Command(key); ok && slices.Contains(command.Texts(), "-c") {
			return true
		}
	}
	return false
}

// openNow says what a password is that an empty variable has left; "" where it
// is one.
func openNow(s *inspect.Service, setting inspect.Setting) string {
	switch {
	case setting.Value == "" && fromVariable(s, setting):
		return "the server lets anyone in"
	case swallowed(s, setting.Value):
		return "the option " + setting.Value + " has become the password"
	}
	return ""
}

// openWhenUnset says what becomes of a password where no variable without a
// value is set; "" where the server does not start, or keeps a password.
func openWhenUnset(s *inspect.Service) string {
	unset := s.WhenUnset()
	if unset == nil || unset.Opaque != "" || slices.ContainsFunc(unset.Problems, func(p inspect.Problem) bool { return p.Fatal }) {
		return ""
	}
	switch setting := unset.Get("requirepass"); {
	case !setting.Known:
		return ""
	case setting.Value == "":
		return "nothing protects the data"
	case swallowed(s, setting.Value):
		return "the option " + setting.Value + " becomes the password"
	}
	return ""
}
