package compose

import (
	"slices"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// setAside takes a suspect out of the models.
func (s *search) setAside(found suspect) {
	last := len(found.path) - 1
	s.models[found.document], _ = keep(s.models[found.document], found.path[:last], func(value any) any {
		switch value := value.(type) {
		case map[string]any:
			if name, ok := found.path[last].(string); ok {
				delete(value, name)
			}
		case []any:
			if index, ok := found.path[last].(int); ok && index < len(value) {
				changed := slices.Clone(value)
				changed[index] = dropped{}
				return changed
			}
		}
		return value
	}).(map[string]any)
}

// referring are the keys of a service that name other parts of the project.
var referring = []string{"configs", "depends_on", "links", "networks", "secrets", "volumes", "volumes_from"}

// dropUnknownReferences takes what names another part of the project by a
// variable without a value out of the models.
func (s *search) dropUnknownReferences() {
	for _, model := range s.models {
		services, _ := model["services"].(map[string]any)
		for _, service := range services {
			body, _ := service.(map[string]any)
			for _, key := range referring {
				if list, ok := body[key].([]any); ok {
					body[key] = s.withoutUnknown(list)
				}
			}
		}
	}
}

// dropped stands in a list for what is left out: the others keep their index.
type dropped struct{}

func (s *search) withoutUnknown(list []any) []any {
	changed := slices.Clone(list)
	for i, element := range list {
		if s.unknown(element) {
			changed[i] = dropped{}
		}
	}
	return changed
}

// stripped copies a value without what is left out of its lists.
func stripped(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := make(map[string]any, len(value))
		for key, element := range value {
			kept[key] = stripped(element)
		}
		return kept
	case []any:
		kept := []any{}
		for _, element := range value {
			if element != (dropped{}) {
				kept = append(kept, stripped(element))
			}
		}
		return kept
	}
	return value
}

// unknown reports whether a value depends on a variable without a value.
func (s *search) unknown(value any) bool {
	switch value := value.(type) {
	case string:
		return !unset.Known(s.project.scope.interpolate(value))
	case map[string]any:
		for _, element := range value {
			if s.unknown(element) {
				return true
			}
		}
	}
	return false
}
