package compose

import (
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// Compose's loader says what is wrong but not where, and where several things
// are wrong, which one it names depends on the order of a Go map. So a refusal
// is searched for: the first service that Compose refuses when those behind it
// are reduced to their names, the first key of it, and so on down.

// suspect is the smallest part of a project that Compose refuses.
type suspect struct {
	document int
	path     []any // keys and indexes from the top of the document
	refusal  error
}

// service names the service that a suspect is, or is in.
func (s suspect) service() (name string, ok bool) {
	if len(s.path) < 2 || s.path[0] != "services" {
		return "", false
	}
	name, ok = s.path[1].(string)
	return name, ok
}

// search narrows the models of a project's documents down to a suspect.
type search struct {
	project *Project
	models  []map[string]any // of the documents
	found   suspect
	reduced []any // found.path in the models, where lists are shorter
}

// maxPlaceDepth bounds how far down a suspect is searched for.
const maxPlaceDepth = 8

// models decodes what each document says; undecodable has been asked before.
func (p *Project) models() []map[string]any {
	models := make([]map[string]any, len(p.documents))
	for i, document := range p.documents {
		if models[i] = map[string]any{}; document.Root != nil {
			_ = document.Root.Decode(&models[i])
		}
	}
	return models
}

// run searches for what Compose refuses. Where it is not to be found, the
// whole is the suspect. The models stay as they are.
func (s *search) run(refusal error) suspect {
	whole := s.models
	defer func() { s.models = whole }()
	s.found = suspect{document: len(s.project.documents), refusal: refusal}
	if !s.start() {
		return s.found
	}
	for len(s.found.path) < maxPlaceDepth && s.descend() {
	}
	s.hint()
	return s.found
}

// candidate is one child of the place that is searched.
type candidate struct {
	document int
	path     []any
}

// start finds the first top-level section, or else the first service, that
// Compose refuses.
func (s *search) start() bool {
	var sections, services []candidate
	for i, document := range s.project.documents {
		for _, key := range s.children(i) {
			if _, ok := s.models[i]["services"].(map[string]any); key == "services" && ok {
				continue
			}
			sections = append(sections, candidate{i, []any{key}})
		}
		_, section := entry(document.Root, "services")
		for _, name := range unique(names(section)) {
			services = append(services, candidate{i, []any{"services", name}})
		}
	}
	if s.refuses(s.withServices(nil)) == nil {
		return s.among(services, s.withServices)
	}
	s.models = s.withServices(nil)
	return s.among(sections, s.withSections)
}

// among takes the first candidate with which the models are refused.
func (s *search) among(candidates []candidate, with func([]candidate) []map[string]any) bool {
	count := sort.Search(len(candidates), func(k int) bool { return s.refuses(with(candidates[:k+1])) != nil })
	if count == len(candidates) {
		return false
	}
	models := with(candidates[count : count+1])
	refusal := s.refuses(models)
	if refusal == nil {
		models = with(candidates[:count+1])
		refusal = s.refuses(models)
	}
	s.models = models
	s.found = suspect{candidates[count].document, candidates[count].path, refusal}
	s.reduced = slices.Clone(s.found.path)
	return true
}

// withServices keeps some services whole; of the others only the names stay.
func (s *search) withServices(kept []candidate) []map[string]any {
	models := make([]map[string]any, len(s.models))
	for i, model := range s.models {
		models[i] = maps.Clone(model)
		services, ok := model["services"].(map[string]any)
		if !ok {
			continue
		}
		reduced := map[string]any{}
		for name := range services {
			reduced[name] = map[string]any{"image": "scratch"}
		}
		for _, candidate := range kept {
			if name := candidate.path[1].(string); candidate.document == i {
				reduced[name] = services[name]
			}
		}
		models[i]["services"] = reduced
	}
	return models
}

// withSections keeps some top-level sections, and the services.
func (s *search) withSections(kept []candidate) []map[string]any {
	models := make([]map[string]any, len(s.models))
	for i, model := range s.models {
		models[i] = map[string]any{}
		if services, ok := model["services"].(map[string]any); ok {
			models[i]["services"] = services
		}
		for _, candidate := range kept {
			if key := candidate.path[0].(string); candidate.document == i {
				models[i][key] = model[key]
			}
		}
	}
	return models
}

// descend goes one step further down: to the first child without which, and
// without those behind it, Compose takes the rest.
func (s *search) descend() bool {
	children := s.children(s.found.document, s.found.path...)
	if len(children) == 0 || s.refuses(s.keeping(nil)) != nil {
		return false
	}
	count := sort.Search(len(children), func(k int) bool { return s.refuses(s.keeping(children[:k+1])) != nil })
	if count == len(children) {
		return false
	}
	kept := children[count : count+1]
	refusal := s.refuses(s.keeping(kept))
	if refusal == nil {
		kept = children[:count+1]
		refusal = s.refuses(s.keeping(kept))
	}
	s.models = s.keeping(kept)
	s.found.path = append(slices.Clone(s.found.path), children[count])
	s.found.refusal = refusal
	if _, isIndex := children[count].(int); isIndex {
		s.reduced = append(s.reduced, len(kept)-1)
	} else {
		s.reduced = append(s.reduced, children[count])
	}
	return true
}

// children lists the keys or indexes below a path in the order of the file.
func (s *search) children(document int, path ...any) []any {
	node := s.project.documents[document].Root
	for _, part := range path {
		if _, node = step(node, part); node == nil {
			return nil
		}
	}
	var all []any
	for i := range elements(node) {
		all = append(all, i)
	}
	for _, name := range unique(names(node)) {
		all = append(all, name)
	}
	return all
}

func unique(names []string) []string {
	var all []string
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

// keeping copies the models with some children alone at the place found.
func (s *search) keeping(children []any) []map[string]any {
	models := slices.Clone(s.models)
	models[s.found.document], _ = keep(models[s.found.document], s.reduced, func(value any) any {
		kept := only(value, children)
		if body, ok := kept.(map[string]any); ok && s.isService() && body["image"] == nil && body["build"] == nil {
			body["image"] = "scratch"
		}
		return kept
	}).(map[string]any)
	return models
}

func (s *search) isService() bool {
	return len(s.found.path) == 2 && s.found.path[0] == "services"
}

// keep copies a value with a change at a path.
func keep(value any, path []any, change func(any) any) any {
	if len(path) == 0 {
		return change(value)
	}
	switch value := value.(type) {
	case map[string]any:
		name, _ := path[0].(string)
		changed := maps.Clone(value)
		changed[name] = keep(value[name], path[1:], change)
		return changed
	case []any:
		index, isIndex := path[0].(int)
		if !isIndex || index >= len(value) {
			return value
		}
		changed := slices.Clone(value)
		changed[index] = keep(value[index], path[1:], change)
		return changed
	}
	return value
}

// only copies a mapping or a list with some of its children.
func only(value any, children []any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for _, child := range children {
			name, _ := child.(string)
			if element, ok := value[name]; ok {
				kept[name] = element
			}
		}
		return kept
	case []any:
		kept := []any{}
		for _, child := range children {
			if index, isIndex := child.(int); isIndex && index < len(value) {
				kept = append(kept, value[index])
			}
		}
		return kept
	}
	return value
}

// hint follows the path that Compose itself names, where that goes further
// down than the search.
func (s *search) hint() {
	var parts []string
	for _, part := range s.reduced {
		if index, isIndex := part.(int); isIndex {
			part = strconv.Itoa(index)
		}
		parts = append(parts, part.(string))
	}
	prefix := strings.Join(parts, ".") + "."
	for _, word := range pathWord.FindAllString(s.found.refusal.Error(), -1) {
		rest, found := strings.CutPrefix(word, prefix)
		if !found {
			continue
		}
		for _, part := range strings.Split(strings.TrimRight(rest, "."), ".") {
			var next any = part
			if index, err := strconv.Atoi(part); err == nil {
				next = index
			}
			s.found.path = append(slices.Clone(s.found.path), next)
		}
		return
	}
}

// refuses returns why Compose refuses models, nil where it does not.
func (s *search) refuses(models []map[string]any) error {
	_, err := s.project.loads(s.files(models), false)
	return err
}

func (s *search) files(models []map[string]any) []types.ConfigFile {
	var files []types.ConfigFile
	for i, model := range models {
		config, _ := stripped(model).(map[string]any)
		files = append(files, types.ConfigFile{Filename: s.project.documents[i].Path, Config: config})
	}
	return files
}
