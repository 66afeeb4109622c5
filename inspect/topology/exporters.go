package topology

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Export is what an exporter is told: each of its options comes by the command
// or, without that, by a variable (oliver006/redis_exporter, main.go).
type Export struct {
	Address, User, Password, PasswordFile Told
}

// Told is one option of an exporter.
type Told struct {
	Value  string
	Given  bool
	InArgv bool
	At     position.Span
}

// exporterDefault is what an exporter asks without an address.
const exporterDefault = "redis://localhost:6379"

// ExportOf reads what an exporter is told; whole is false where not all of its
// environment is seen.
func ExportOf(s *inspect.Service) (export Export, whole bool) {
	environment, whole := s.Glimpse()
	command, _ := s.Command("command")
	// What a program in front of it tells it is not seen.
	whole = whole && len(s.Config.Entrypoint) == 0 && s.Config.Build == nil && (len(command.Words) == 0 || strings.HasPrefix(command.Words[0].Text, "-"))
	export.Address = Told{Value: exporterDefault, At: s.Span()}
	for _, option := range []struct {
		name, variable string
		told           *Told
	}{
		{"redis.addr", "REDIS_ADDR", &export.Address}, {"redis.user", "REDIS_USER", &export.User},
		{"redis.password", "REDIS_PASSWORD", &export.Password}, {"redis.password-file", "REDIS_PASSWORD_FILE", &export.PasswordFile},
	} {
		for _, variable := range environment {
			if variable.Name == option.variable && variable.Set { // an empty address is none: it is asked with ?target=
				*option.told = Told{variable.Value, true, false, variable.Span}
			}
			whole = whole && (variable.Name != option.variable || variable.Set)
		}
		for i, word := range command.Words {
			name, value, inOne := strings.Cut(strings.TrimLeft(word.Text, "-"), "=")
			at := word.Span
			if !strings.HasPrefix(word.Text, "-") || name != option.name {
				continue
			}
			if !inOne && i+1 < len(command.Words) {
				value, at = command.Words[i+1].Text, command.Words[i+1].Span
			}
			*option.told = Told{value, true, true, at}
		}
	}
	return export, whole
}

// findExport puts in which server an exporter measures.
func (t *Topology) findExport(s *inspect.Service) {
	export, whole := ExportOf(s)
	if !whole && !export.Address.Given || !unset.Known(export.Address.Value) || export.Address.Value == "" {
		return
	}
	_, rest, hasScheme := strings.Cut(export.Address.Value, "://")
	if !hasScheme {
		rest = export.Address.Value
	}
	rest, database, _ := strings.Cut(rest, "/")
	use := inspect.Use{By: s.Service, At: export.Address.At, Database: database, User: export.User.Value, Password: export.Password.Value, URL: export.Address.Value}
	use.TLS = strings.HasPrefix(export.Address.Value, "rediss://") || strings.HasPrefix(export.Address.Value, "valkeys://")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		use.User, use.Password, _ = strings.Cut(rest[:at], ":")
		rest = rest[at+1:]
	}
	if use.Host, use.Port, _ = strings.Cut(rest, ":"); use.Host == "" {
		return
	}
	found := t.use(use, ForMetrics)
	found.Login.Unknown = !whole || export.PasswordFile.Given || found.Login.Unknown
	if export.Password.Given {
		found.Login.At = export.Password.At
	}
	t.Uses = append(t.Uses, found)
}
