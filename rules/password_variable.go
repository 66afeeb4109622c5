package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// swallowed reports whether a password is the option behind it.
func swallowed(s *inspect.Service, value string) bool {
	name, found := strings.CutPrefix(value, "--")
	_, known := s.Release.Directive(name)
	return found && known
}

// emptyVariable returns the variable of Compose that is the whole of a
// password and may be empty.
func emptyVariable(s *inspect.Service, setting inspect.Setting) (unset.Variable, bool) {
	text := ""
	if len(setting.Args) > 0 {
		text = setting.Args[0]
	}
	for _, variable := range s.Environment() {
		if setting.Origin.Kind == inspect.FromEnvironment && variable.Span == setting.Origin.Span {
			text = variable.Value
		}
	}
	variables := unset.VariablesIn(text)
	if len(variables) != 1 || unset.Plain(text) != variables[0].String() {
		return unset.Variable{}, false
	}
	v := variables[0]
	return v, !v.Required && !v.Guarded && !v.AtStart
}

// fromVariable reports whether an empty word was written with a variable.
func fromVariable(s *inspect.Service, setting inspect.Setting) bool {
	for _, at := range append(s.ArgumentsAt("requirepass"), setting.Origin.Span) {
		if strings.Contains(s.Written(at), "$") {
			return true
		}
	}
	return false
}

// needsPassword reports whether an image refuses to start when a variable that
// it reads has no password.
func needsPassword(s *inspect.Service, setting inspect.Setting) bool {
	allows := s.Image.Traits().EmptyPasswordVariable
	value, _, known := s.Variable(allows)
	return setting.Origin.Kind == inspect.FromEnvironment && allows != "" && known && value != "yes"
}
