package inspect

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/inspect/secrets"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// Secrets returns the secrets that all files of projects hold which were read
// so far.
func Secrets(projects []*compose.Project) *display.Secrets {
	var found secrets.Collection
	for _, project := range projects {
		found.Join(SecretsOf(project))
	}
	return found.Secrets()
}

// SecretsOf finds the secrets that all files of a project hold which were read
// so far.
func SecretsOf(project *compose.Project) *secrets.Collection {
	services := Services(project) // they read conf files, which are texts of the project then
	files := map[string]secrets.File{}
	for name, source := range project.Texts() {
		files[name] = secrets.File{Source: source, Documents: project.Documents(name)}
	}
	files[""] = secrets.File{Source: effectiveSecrets(services)} // which nothing shows
	var found secrets.Collection
	found.Add(files)
	return &found
}

// effectiveSecrets is what servers and clients come to read for a secret, as
// lines of a conf and of an environment: it may be written in pieces that only
// variables, escapes or a script put together.
func effectiveSecrets(services []*Service) []byte {
	var lines []string
	for _, s := range services {
		for _, e := range slices.Concat(s.entries, s.dropped) {
			if e.Name == "sentinel" || e.Name == "user" || e.Name == "rename-command" || redis.IsSecret(e.Name) {
				lines = append(lines, e.Name+` "`+strings.Join(e.Args, `" "`)+`"`)
			}
		}
		for _, variable := range s.Environment() {
			lines = append(lines, variable.Name+"="+variable.Value)
		}
		for _, variables := range s.variables {
			for _, name := range slices.Sorted(maps.Keys(variables)) {
				lines = append(lines, name+"="+variables[name])
			}
		}
	}
	return []byte(unset.Plain(strings.Join(lines, "\n")))
}

// SecretWord is a password among the arguments of a program.
type SecretWord struct {
	Directive string // "requirepass"; "password" for a client's
	Text      string // may hold marks
	At        position.Span
	Expanded  bool // a shell in the container puts it in its place
	Client    bool // of redis-cli, which shows its arguments, unlike a server
}

// ArgumentsAt returns where the words stand that a directive was last given.
func (s *Service) ArgumentsAt(name string) []position.Span {
	for _, e := range slices.Backward(s.entries) {
		if s.name(e.Name) == s.name(name) {
			return e.args
		}
	}
	return nil
}

// SecretsInArgv returns the passwords that a container's processes have as
// arguments, each once.
func (s *Service) SecretsInArgv() []SecretWord {
	words := s.exporterSecrets()
	for _, e := range s.entries {
		if e.origin.Kind != FromArgv && !e.inScript || len(e.Args) == 0 {
			continue
		}
		name, index := s.secretOf(e)
		if index < 0 || e.Args[index] == "" {
			continue
		}
		at := e.name
		if index < len(e.args) {
			at = e.args[index]
		}
		text := e.Args[index]
		words = append(words, SecretWord{Directive: name, Text: text, At: at, Expanded: s.byShell(text, at)})
	}
	for _, call := range s.calls {
		if call.PasswordGiven && call.PasswordWord >= 0 {
			text, at := call.Words[call.PasswordWord], call.WordAt(call.PasswordWord)
			words = append(words, SecretWord{Directive: "password", Text: text, At: at, Expanded: s.byShell(text, at), Client: true})
		}
	}
	return words
}

// exporterSecrets is the password that an exporter is given as an option.
func (s *Service) exporterSecrets() (words []SecretWord) {
	command, _ := s.Command("command")
	for i, w := range command.Words {
		name, value, inOne := strings.Cut(strings.TrimLeft(w.Text, "-"), "=")
		if s.Kind != Exporter || name != "redis.password" || !strings.HasPrefix(w.Text, "-") {
			continue
		}
		at := w.Span
		if !inOne && i+1 < len(command.Words) {
			value, at = command.Words[i+1].Text, command.Words[i+1].Span
		}
		if value != "" {
			words = append(words, SecretWord{Directive: name, Text: value, At: at})
		}
	}
	return words
}

// byShell reports whether a text is not in the container's command, but put
// there by a shell: worked out when it starts, or a variable of the container.
func (s *Service) byShell(text string, at position.Span) bool {
	if s.script == nil {
		return false
	}
	if atStart(text) {
		return true
	}
	if !slices.Contains(s.Project.Files, at.File) && (s.Built == nil || at.File != s.Built.File) {
		return true // a script of its own, whose text is no argument
	}
	return !strings.Contains(unset.Plain(s.script.text), unset.Plain(text))
}

// secretOf says which argument of an option is a password, -1: none is.
func (s *Service) secretOf(e entry) (name string, index int) {
	switch e.Name {
	case "user":
		for i, arg := range e.Args {
			if strings.HasPrefix(arg, ">") {
				return "user's password", i
			}
		}
		return "", -1
	case "sentinel":
		if directive, ok := s.Release.SentinelDirective(e.Args[0]); ok && directive.Secret {
			return directive.Name, len(e.Args) - 1
		}
		return "", -1
	}
	if s.Kind == Compatible && e.Name == "requirepass" {
		return e.Name, 0
	}
	if directive, ok := s.Release.Directive(e.Name); ok && directive.Sensitive && !strings.HasSuffix(directive.Name, "user") {
		return e.Name, 0
	}
	return "", -1
}

// ClientCalls returns the calls of redis-cli and the like that a service's
// command makes.
func (s *Service) ClientCalls() []Probe { return s.calls }

// Default returns the variable of Compose whose default a file writes at a
// place; ok is false where the text has none, or the variable is set here.
func (s *Service) Default(at position.Span) (variable unset.Variable, ok bool) {
	names := s.Defaults(s.Written(s.reference(at)), at.File)
	if len(names) == 0 {
		return unset.Variable{}, false
	}
	return unset.Variable{Name: names[0]}, true
}

// reference returns the place of the ${NAME:-…} in whose default a place is: a
// word of a script is found by what it comes to.
func (s *Service) reference(at position.Span) position.Span {
	line := at
	line.Start.Column = 1
	before := strings.TrimSuffix(s.Written(line), s.Written(at))
	if opening := openDefault.FindString(before); opening != "" {
		at.Start.Column -= utf8.RuneCountInString(opening)
		at.End.Column++
	}
	return at
}

// openDefault is a reference whose default begins behind it.
var openDefault = regexp.MustCompile(`\$\{\w+:?-$`)

// Written returns the text of a place in one line.
func (s *Service) Written(at position.Span) string {
	text := s.Project.Text(at.File)
	if text == nil || at.Start.Line < 1 || at.Start.Line > text.Lines() || at.Start.Line != at.End.Line {
		return ""
	}
	return cut(text.Line(at.Start.Line), at.Start.Column-1, at.End.Column-1)
}

// cut returns the characters of a text from one to another.
func cut(text string, from, to int) string {
	if from < 0 || to > utf8.RuneCountInString(text) || from > to {
		return ""
	}
	return string([]rune(text)[from:to])
}
