package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/redis"
)

// authenticates reports whether a probe may give a password.
func authenticates(s *inspect.Service, probe inspect.Probe) bool {
	if givesNothing(s, probe) {
		return false
	}
	if probe.PasswordGiven || probe.AskPassword || probe.Unread || probe.Inert != "" {
		return true
	}
	if len(probe.Command) == 0 || strings.EqualFold(probe.Command[0], "auth") || !unset.Known(probe.Command[0]) {
		return true
	}
	_, empty := mayBeEmpty(s, probe)
	return len(clientPasswords(s, probe)) > 0 && !empty
}

// givesNothing reports whether the password of a probe is a variable that the
// container has not. A shell puts nothing in its place: with quotes the password
// is empty, and without them redis-cli takes the next word for it (both tried on
// 7.0.15: NOAUTH or nothing, and 0).
func givesNothing(s *inspect.Service, probe inspect.Probe) bool {
	if _, whole := s.Glimpse(); !whole || !s.Image.Plain() || s.Built != nil || !probe.PasswordGiven || probe.PasswordWord < 0 {
		return false
	}
	word := probe.Words[probe.PasswordWord]
	variables, name := unset.VariablesIn(word), wholeVariable.FindStringSubmatch(unset.Plain(word))
	if len(variables) != 1 || !variables[0].AtStart || name == nil {
		return false // a value that Compose puts there, if there is one
	}
	_, set, _ := s.Variable(name[1])
	made := slices.ContainsFunc(s.Config.HealthCheck.Test, func(word string) bool { return strings.Contains(word, name[1]+"=") || strings.Contains(word, "read ") })
	return !set && !made
}

// wholeVariable is a word that is a variable of the container, and nothing else.
var wholeVariable = regexp.MustCompile(`^\$\{(\w+)\}$`)

// clientPasswords are what the client of a probe finds in its environment; ""
// for what only the running container knows.
func clientPasswords(s *inspect.Service, probe inspect.Probe) (values []string) {
	names := []string{"REDISCLI_AUTH"}
	// In Valkey's images redis-cli is a link to valkey-cli.
	if probe.Program == "valkey-cli" || s.Image.Engine == redis.Valkey {
		names = append(names, "VALKEYCLI_AUTH")
	}
	for _, name := range names {
		if value, ok := probe.Environment[name]; ok && value != "" {
			values = append(values, value)
		}
		if value, set, known := s.Variable(name); set && (!known || value != "") {
			values = append(values, value)
		}
	}
	return values
}

// mayBeEmpty returns the variable of Compose that alone gives a probe its
// password, where the server has one without it.
func mayBeEmpty(s *inspect.Service, probe inspect.Probe) (client unset.Variable, ok bool) {
	values := clientPasswords(s, probe)
	password, given := s.Given("requirepass")
	if len(values) != 1 || !given || !insistedOn(password) {
		return unset.Variable{}, false
	}
	variables := unset.VariablesIn(values[0])
	if len(variables) != 1 || unset.WhenUnset(values[0]) != "" || variables[0].Guarded {
		return unset.Variable{}, false
	}
	return variables[0], !slices.ContainsFunc(unset.VariablesIn(password.Value), func(v unset.Variable) bool { return v.Name == variables[0].Name })
}

// insistedOn reports whether a password is there whatever is set: Compose does
// not start without the variables that it comes from.
func insistedOn(password inspect.Setting) bool {
	if password.Known {
		return password.Value != ""
	}
	variables := unset.VariablesIn(password.Value)
	return len(variables) > 0 && !slices.ContainsFunc(variables, func(v unset.Variable) bool { return !v.Required })
}
