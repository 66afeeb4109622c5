package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/dotenv"
	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
)

// Environment returns the environment that a container gets, from env_file
// and environment, sorted by name. What cannot be read is noted.
func (s *Service) Environment() []Environment {
	if s.environment == nil {
		s.environment = s.readEnvironment(func(message string) { s.Project.Note(s.At("env_file"), s.Name, message) })
	}
	return s.environment
}

// Glimpse returns the environment of a container that is not judged itself, for
// what it says of others: what cannot be read is worth no note, and whole is
// false then.
func (s *Service) Glimpse() (environment []Environment, whole bool) {
	whole = true
	return s.readEnvironment(func(string) { whole = false }), whole
}

func (s *Service) readEnvironment(note func(message string)) []Environment {
	all := map[string]Environment{}
	own := map[string]model.Entry{}
	if written := s.Value.Get("environment"); written != nil {
		for _, entry := range entriesOf(asAssignments(written)) {
			own[entry.Name] = entry
		}
	}
	for _, file := range s.Config.EnvFiles {
		s.addEnvFile(all, own, file, note)
	}
	for name, entry := range own {
		all[name] = environmentOf(entry)
	}
	sorted := make([]Environment, 0, len(all))
	for _, variable := range all {
		sorted = append(sorted, variable)
	}
	slices.SortFunc(sorted, func(a, b Environment) int { return strings.Compare(a.Name, b.Name) })
	return sorted
}

// environmentOf is an assignment, or the name of what is handed through from
// where Compose runs.
func environmentOf(entry model.Entry) Environment {
	variable := Environment{Name: entry.Name, Span: placeOf(entry)}
	if entry.Value.Kind != model.Null {
		variable.Value, variable.Set = entry.Value.Text, true
	} else if value, set := entry.Key.Document.Lookup(entry.Name); set {
		variable.Value, variable.Set = value, true
	}
	return variable
}

func (s *Service) addEnvFile(all map[string]Environment, own map[string]model.Entry, file EnvFile, note func(message string)) {
	shown, _, err := s.Project.ReadFile(file.Path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) || file.Required {
			note(fmt.Sprintf("the environment file %q is not known: %v", unset.Plain(shown), err))
		}
		return
	}
	reader := s.Project.envReader(func(name string) (string, bool) {
		if value, set := s.Project.Variable(name); set {
			return value, true
		}
		if entry, ok := own[name]; ok && entry.Value.Kind != model.Null {
			return entry.Value.Text, true
		}
		return "", false
	}, func(name string) (string, bool) { return all[name].Value, all[name].Set })
	read := reader.Read
	if file.Raw {
		read = reader.ReadRaw
	}
	text := s.Project.Text(shown)
	assignments, err := []dotenv.Assignment(nil), s.Project.tree.Budget().Spend(disk.Words, text.Lines()) // each service reads them for itself
	if err == nil {
		assignments, err = read(text)
	}
	if err != nil {
		note(fmt.Sprintf("the environment file %q cannot be used: %v", shown, err))
		return
	}
	for _, assignment := range assignments {
		at := assignment.NameAt()
		if !assignment.ValueAt().IsZero() {
			at.End = assignment.ValueAt().End
		}
		if _, known := all[assignment.Name]; assignment.Set || !known {
			all[assignment.Name] = Environment{Name: assignment.Name, Value: assignment.Value, Set: assignment.Set, Span: at}
		}
	}
}
