package inspect

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/model"
)

// Meaning is all that a project means, part by part: the model of Compose under
// its paths, and what each server is configured to under "SERVICE: DIRECTIVE".
func Meaning(project *compose.Project) map[string]string {
	parts := map[string]string{}
	flatten(parts, "", project.Value())
	for _, service := range Services(project) {
		about := func(what, text string) { parts[service.Name+": "+what] = text }
		about("kind", string(service.Kind))
		about("engine", fmt.Sprint(service.Image.Engine, " ", service.Version()))
		about("opaque", service.Opaque)
		about("ends", reasonsOf(service))
		for _, setting := range service.All() {
			about(setting.Name, fmt.Sprint(setting.Known, " ", setting.Value))
		}
		for _, conf := range service.Confs {
			about("conf "+conf.Path, string(conf.State))
		}
	}
	return parts
}

func reasonsOf(service *Service) string {
	var reasons []string
	for _, end := range service.Ends() {
		reasons = append(reasons, string(end.Reason))
	}
	return strings.Join(reasons, " ")
}

// flatten writes down every value under its path. An empty collection is a
// value of its own.
func flatten(parts map[string]string, path string, value *model.Value) {
	if value == nil {
		return
	}
	below := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch value.Kind {
	case model.Mapping:
		for _, entry := range value.Entries {
			flatten(parts, below(entry.Name), entry.Value)
		}
	case model.Sequence:
		for i, item := range value.Items {
			flatten(parts, below(strconv.Itoa(i)), item)
		}
	default:
		parts[path] = fmt.Sprint(value.Kind, " ", value.Text)
		return
	}
	if len(value.Entries)+len(value.Items) == 0 && path != "" {
		parts[path] = "empty"
	}
}
