package compose

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// Service is one service of a project.
type Service struct {
	Name    string
	Config  Config
	Project *Project
	Value   *model.Value // all that it says, in long forms
	home    model.Origin

	environment []Environment            // once it was asked for
	commands    map[*model.Value]Command // that were asked for
}

// services lists those that are clear, in the order of the files: those that
// hold nothing that Compose refuses, and extend nothing that could not be read.
func (p *Project) services() []*Service {
	if p.ended {
		return nil
	}
	var services []*Service
	clean := map[*model.Value]bool{}
	for _, entry := range entriesOf(p.model.Get("services")) {
		if entry.Value.Kind != model.Mapping || p.partial[entry.Name] || p.unclear[entry.Name] || p.faulty[entry.Key.Node] || !p.isClean(entry.Value, clean) {
			continue
		}
		if !p.spend(disk.Services, 1, entry.Key) || !p.spend(disk.Words, wordCount(entry.Value), entry.Key) {
			return services
		}
		service := &Service{Name: entry.Name, Project: p, Value: entry.Value, home: p.home(entry.Name, entry.Value), commands: map[*model.Value]Command{}}
		service.Config = p.config(service)
		services = append(services, service)
	}
	return services
}

// wordCount is about how many words a service brings: what it runs is worked
// out word by word, for each service anew.
func wordCount(service *model.Value) int {
	count := 0
	for _, value := range []*model.Value{service.Get("command"), service.Get("entrypoint"), service.Find("healthcheck", "test")} {
		if value != nil {
			count += 1 + len(value.Items) + strings.Count(value.Text, " ") + strings.Count(value.Text, "\n")
		}
	}
	return count
}

// isClean reports whether nothing at or below a value is refused.
func (p *Project) isClean(value *model.Value, known map[*model.Value]bool) bool {
	if len(p.faulty) == 0 {
		return true
	}
	if clean, ok := known[value]; ok {
		return clean
	}
	clean := !p.faulty[value.Origin.Node]
	for _, item := range value.Items {
		clean = clean && p.isClean(item, known)
	}
	for _, entry := range value.Entries {
		clean = clean && !p.faulty[entry.Key.Node] && p.isClean(entry.Value, known)
	}
	known[value] = clean
	return clean
}

// home is where a service is named: in the document that says what it runs,
// since an override that only adds a port is not where it is at home.
func (p *Project) home(name string, body *model.Value) model.Origin {
	origins := p.named[name]
	for _, key := range []string{"image", "build"} {
		entry := body.Entry(key)
		if entry == nil {
			continue
		}
		for _, origin := range origins {
			if origin.Document == entry.Key.Document {
				return origin
			}
		}
	}
	if len(origins) > 0 {
		return origins[len(origins)-1]
	}
	return body.Origin
}

// Span is where the service is named.
func (s *Service) Span() position.Span { return s.home.Span() }

// find returns the entry at a path of keys and indexes. NAME=value in a list
// is found by its name.
func (s *Service) find(path ...any) (model.Entry, bool) {
	entry := model.Entry{Name: s.Name, Key: s.home, Value: s.Value}
	for _, part := range path {
		next, ok := step(entry.Value, part)
		if !ok {
			return model.Entry{}, false
		}
		entry = next
	}
	return entry, true
}

// step is one step down from a value.
func step(value *model.Value, part any) (model.Entry, bool) {
	switch part := part.(type) {
	case string:
		if entry := value.Entry(part); entry != nil {
			return *entry, true
		}
		for _, item := range value.Items {
			if name, _, _ := strings.Cut(item.Text, "="); name == part && item.IsScalar() {
				return model.Entry{Name: part, Key: item.Origin, Value: item}, true
			}
		}
	case int:
		if part >= 0 && part < len(value.Items) {
			item := value.Items[part]
			return model.Entry{Name: strconv.Itoa(part), Key: item.Origin, Value: item}, true
		}
	}
	return model.Entry{}, false
}

// placeOf is where an entry is: the value where a person would point at it,
// the key of a mapping or a list.
func placeOf(entry model.Entry) position.Span {
	node := entry.Value.Origin.Node
	if written := resolve(node); written != nil && written.Kind == yaml.ScalarNode && written.Value != "" {
		return entry.Value.Origin.Span()
	}
	return entry.Key.Span()
}

// Has reports whether a path is written anywhere for the service.
func (s *Service) Has(path ...any) bool {
	_, ok := s.find(path...)
	return ok
}

// At returns where the value of a path stands, or its nearest ancestor that
// is written, or the service's name.
func (s *Service) At(path ...any) position.Span {
	for length := len(path); length > 0; length-- {
		if found, ok := s.find(path[:length]...); ok {
			return placeOf(found)
		}
	}
	return s.Span()
}

// KeyAt is At, but for the key of the path's last part.
func (s *Service) KeyAt(path ...any) position.Span {
	for length := len(path); length > 0; length-- {
		if found, ok := s.find(path[:length]...); ok {
			return found.Key.Span()
		}
	}
	return s.Span()
}

// Raw returns a scalar as it is written, before variables are put in.
func (s *Service) Raw(path ...any) (string, bool) {
	found, ok := s.find(path...)
	if !ok {
		return "", false
	}
	node := resolve(found.Value.Origin.Node)
	if node == nil || node.Kind != yaml.ScalarNode {
		return "", false
	}
	return node.Value, true
}

// Unresolved returns the variables without a value that a scalar, or any
// scalar below a path, depends on.
func (s *Service) Unresolved(path ...any) []unset.Variable {
	found, ok := s.find(path...)
	if !ok {
		return nil
	}
	return unresolved(found.Value, map[*model.Value]bool{})
}

func unresolved(value *model.Value, seen map[*model.Value]bool) (variables []unset.Variable) {
	if seen[value] {
		return nil
	}
	seen[value] = true
	if value.Marked {
		variables = unset.VariablesIn(value.Text)
	}
	for _, item := range value.Items {
		variables = append(variables, unresolved(item, seen)...)
	}
	for _, entry := range value.Entries {
		variables = append(variables, unresolved(entry.Value, seen)...)
	}
	return variables
}

// Entry returns what is written at a path, with the places of the key and the
// value. NAME=value in a list is found by its name.
func (s *Service) Entry(path ...any) (entry model.Entry, ok bool) { return s.find(path...) }

// Home is where the service is named.
func (s *Service) Home() model.Origin { return s.home }
