package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// Service is one service of a project: what Compose makes of it, and where
// each of its values is written.
type Service struct {
	Name    string
	Config  types.ServiceConfig
	Project *Project
	layers  []layer
}

// layer is one mapping that contributes to a service. The layers of a service
// run from the last override back to the base, each followed by what it extends.
type layer struct {
	document *Document
	key      *yaml.Node
	body     *yaml.Node
}

// services lists what Compose found, in the order of the files.
func (p *Project) services() []*Service {
	var services []*Service
	for _, document := range p.everything() {
		_, section := entry(document.Root, "services")
		for _, name := range names(section) {
			config, ok := p.Model.Services[name]
			if !ok || p.known(services, name) || p.incomplete(name) {
				continue
			}
			service := &Service{Name: name, Config: config, Project: p}
			service.layers = p.layersOf(name)
			services = append(services, service)
		}
	}
	return services
}

func (p *Project) known(services []*Service, name string) bool {
	return slices.ContainsFunc(services, func(s *Service) bool { return s.Name == name })
}

// layersOf finds every mapping that contributes to a service.
func (p *Project) layersOf(name string) []layer {
	var layers []layer
	for _, document := range slices.Backward(p.everything()) {
		layers = append(layers, p.layersIn(document, name, 0)...)
	}
	return layers
}

// maxExtends bounds a chain of extends; Compose itself refuses circles.
const maxExtends = 50

func (p *Project) layersIn(document *Document, name string, depth int) []layer {
	_, section := entry(document.Root, "services")
	key, body := entry(section, name)
	if key == nil || depth > maxExtends {
		return nil
	}
	layers := []layer{{document, key, body}}
	_, extends := entry(body, "extends")
	extends = resolve(extends)
	if extends == nil {
		return layers
	}
	if extends.Kind == yaml.ScalarNode {
		return append(layers, p.layersIn(document, document.scope.interpolate(extends.Value), depth+1)...)
	}
	_, service := entry(extends, "service")
	_, file := entry(extends, "file")
	if service == nil {
		return layers
	}
	sources := []*Document{document}
	if file != nil {
		sources = p.others[document.extended(resolve(file).Value)]
	}
	for _, source := range slices.Backward(sources) {
		layers = append(layers, p.layersIn(source, document.scope.interpolate(resolve(service).Value), depth+1)...)
	}
	return layers
}

// incomplete reports whether a service extends what could not be read: what
// it says itself is not all that it is.
func (p *Project) incomplete(name string) bool {
	for _, layer := range p.layersOf(name) {
		_, extends := entry(layer.body, "extends")
		_, file := entry(extends, "file")
		if file = resolve(file); file == nil {
			continue
		}
		if _, known := p.others[layer.document.extended(file.Value)]; !known {
			return true
		}
	}
	return false
}

// place is a value, and the document in which it is written.
type place struct {
	document   *Document
	key, value *yaml.Node
}

// span is where a place is: the key of a mapping or a sequence, the value
// itself of anything else.
func (p place) span() position.Span {
	if value := resolve(p.value); value != nil && value.Kind == yaml.ScalarNode && value.Value != "" {
		if p.value.Kind == yaml.AliasNode {
			return p.document.Span(p.value)
		}
		return p.document.Span(value)
	}
	return p.document.Span(p.key)
}

// find returns the place of a path in the first layer that has all of it.
func (s *Service) find(path ...any) (place, bool) {
	for _, layer := range s.layers {
		found := place{document: layer.document, key: layer.key, value: layer.body}
		for _, part := range path {
			found.key, found.value = step(found.value, part)
			if found.key == nil {
				break
			}
		}
		if found.key != nil {
			return found, true
		}
	}
	return place{}, false
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
			return found.span()
		}
	}
	return s.Span()
}

// KeyAt is At, but for the key of the path's last part.
func (s *Service) KeyAt(path ...any) position.Span {
	for length := len(path); length > 0; length-- {
		if found, ok := s.find(path[:length]...); ok {
			return found.document.Span(found.key)
		}
	}
	return s.Span()
}

// Span is where the service is named: in the layer that says what it runs,
// since an override that only adds a port is not where it is at home.
func (s *Service) Span() position.Span {
	for _, layer := range s.layers {
		_, image := entry(layer.body, "image")
		_, build := entry(layer.body, "build")
		if image != nil || build != nil {
			return s.nameIn(layer)
		}
	}
	return s.nameIn(s.layers[0])
}

// nameIn is the service's name in a file of the project, even where the layer
// is one that it extends.
func (s *Service) nameIn(found layer) position.Span {
	if found.key.Value == s.Name {
		return found.document.Span(found.key)
	}
	return s.layers[0].document.Span(s.layers[0].key)
}

// Raw returns a scalar as it is written, before variables are put in.
func (s *Service) Raw(path ...any) (string, bool) {
	found, ok := s.find(path...)
	if !ok {
		return "", false
	}
	value := resolve(found.value)
	if value == nil || value.Kind != yaml.ScalarNode {
		return "", false
	}
	return value.Value, true
}

// Unresolved returns the variables without a value that a scalar, or any
// scalar below a path, depends on.
func (s *Service) Unresolved(path ...any) []unset.Variable {
	found, ok := s.find(path...)
	if !ok {
		return nil
	}
	var variables []unset.Variable
	for _, text := range scalars(found.value) {
		variables = append(variables, unset.VariablesIn(found.document.scope.interpolate(text))...)
	}
	return variables
}

// scalars lists the texts of all scalars below a node, those of an anchor once.
func scalars(node *yaml.Node) []string {
	var texts []string
	seen := map[*yaml.Node]bool{}
	for nodes := []*yaml.Node{node}; len(nodes) > 0; {
		node := resolve(nodes[len(nodes)-1])
		nodes = nodes[:len(nodes)-1]
		if node == nil || seen[node] {
			continue
		}
		seen[node] = true
		if node.Kind == yaml.ScalarNode {
			texts = append(texts, node.Value)
		}
		for _, child := range slices.Backward(node.Content) {
			nodes = append(nodes, child)
		}
	}
	return texts
}

// Item is one element of a list of a service, wherever it is written.
type Item struct {
	Span position.Span
	node *yaml.Node
	from *Document
}

// Text is a scalar element with its variables put in; "" for a mapping.
func (i Item) Text() string {
	if i.node.Kind != yaml.ScalarNode {
		return ""
	}
	return i.from.scope.interpolate(i.node.Value)
}

// Field returns a scalar of an element that is a mapping, its variables put
// in, and its place.
func (i Item) Field(name string) (value string, at position.Span, ok bool) {
	_, node := entry(i.node, name)
	if node = resolve(node); node == nil || node.Kind != yaml.ScalarNode {
		return "", i.Span, false
	}
	return i.from.scope.interpolate(node.Value), i.from.Span(node), true
}

// Items returns the elements of a list from every layer, the base first.
func (s *Service) Items(path ...any) []Item {
	var items []Item
	for _, layer := range slices.Backward(s.layers) {
		node := layer.body
		for _, part := range path {
			_, node = step(node, part)
		}
		for _, element := range elementsOrSelf(node) {
			items = append(items, Item{Span: layer.document.Span(element), node: resolve(element), from: layer.document})
		}
	}
	return items
}

// Environment is one variable of a service's environment.
type Environment struct {
	Name  string
	Value string // may hold marks of variables without a value
	Set   bool   // false: handed through from where Compose runs, so unknown
	Span  position.Span
}

// Environment returns the environment that a container gets, from env_file
// and environment, sorted by name. What cannot be read is noted.
func (s *Service) Environment() []Environment {
	all := map[string]Environment{}
	for _, file := range s.Config.EnvFiles {
		s.addEnvFile(all, file)
	}
	for name, value := range s.Config.Environment {
		variable := Environment{Name: name, Span: s.At("environment", name)}
		if value != nil {
			variable.Value, variable.Set = *value, true
		}
		all[name] = variable
	}
	var sorted []Environment
	for _, variable := range all {
		sorted = append(sorted, variable)
	}
	slices.SortFunc(sorted, func(a, b Environment) int { return strings.Compare(a.Name, b.Name) })
	return sorted
}

func (s *Service) addEnvFile(all map[string]Environment, file types.EnvFile) {
	shown, source, err := s.Project.ReadFile(file.Path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) || bool(file.Required) {
			s.Project.Note(s.At("env_file"), s.Name, fmt.Sprintf("the environment file %q is not known: %v", unset.Plain(shown), err))
		}
		return
	}
	values, err := parseDotenv(source, func(name string) (string, bool) {
		if value, set := s.Project.Variable(name); set {
			return value, true
		}
		if value := s.Config.Environment[name]; value != nil {
			return *value, true
		}
		return all[name].Value, all[name].Set
	})
	if err != nil {
		s.Project.Note(s.At("env_file"), s.Name, fmt.Sprintf("the environment file %q cannot be used: %v", shown, err))
		return
	}
	for name, value := range values {
		all[name] = Environment{Name: name, Value: value, Set: true, Span: assignment(shown, source, name)}
	}
}

// assignment is the place of NAME= in an env file.
func assignment(shown string, source []byte, name string) position.Span {
	document := &Document{File: shown, lines: linesOf(source)}
	for number := len(document.lines); number > 0; number-- {
		text := strings.TrimPrefix(strings.TrimSpace(document.line(number)), "export ")
		if before, _, found := strings.Cut(text, "="); found && strings.TrimSpace(before) == name {
			return document.lineSpan(number)
		}
	}
	return document.lineSpan(1)
}
