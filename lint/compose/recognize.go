package compose

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// composeName is what people call a compose file: it is judged even where it
// does not parse. Other names have to read like one.
var (
	composeName  = regexp.MustCompile(`(?i)^(.*[._-])?(docker-?)?compose([._-].*)?\.ya?ml$`)
	yamlName     = regexp.MustCompile(`(?i)\.ya?ml$`)
	templateName = regexp.MustCompile(`(?i)^(.*[._-])?(docker-?)?compose([._-].*)?\.ya?ml\.(dist|example|sample|template|tmpl)$`)
	// rancherName is what Rancher 1 kept beside a compose file: scales and
	// health checks of its services.
	rancherName = regexp.MustCompile(`(?i)^rancher-compose\b`)
)

// workflows is where GitHub keeps its own YAML, under whatever name.
var workflows = string(filepath.Separator) + filepath.Join(".github", "workflows") + string(filepath.Separator)

// isNamedCompose reports whether a file is a compose file by its name.
func isNamedCompose(path string) bool {
	name := filepath.Base(path)
	return composeName.MatchString(name) && !rancherName.MatchString(name) && !strings.Contains(path, workflows)
}

// mayBeCompose reports whether a file is one that may read like a compose file.
func mayBeCompose(path string) bool {
	name := filepath.Base(path)
	return !rancherName.MatchString(name) && (isTemplate(name) || yamlName.MatchString(name))
}

// Recognize reports whether a file is a compose file, by its name or by how it
// reads.
func Recognize(path string, source []byte) bool {
	return isNamedCompose(path) || mayBeCompose(path) && readsLikeCompose(source, isTemplate(path))
}

// isTemplate reports whether a file is named like a template of a compose file.
func isTemplate(path string) bool { return templateName.MatchString(filepath.Base(path)) }

var (
	servicesKey = regexp.MustCompile(`(?m)^(\x{FEFF})?["']?services["']?[ \t]*:`)
	serviceBody = regexp.MustCompile(`(?m)^[ \t]+(image|build|extends):`)
)

// readsLikeCompose tells a compose file from other YAML that has a top-level
// "services", such as the configuration of a web framework or of a CI server.
func readsLikeCompose(source []byte, mustParse bool) bool {
	// To look for the bare word first is many times quicker.
	if !bytes.Contains(source, []byte("services")) || !servicesKey.Match(source) {
		return false
	}
	roots, err := parseYAML(position.NewText("", source))
	if err != nil {
		return !mustParse && serviceBody.Match(source)
	}
	return slices.ContainsFunc(roots, isComposeModel)
}

// foreign are top-level keys of other programs that have services too.
var foreign = []string{
	"apiVersion", "kind", // Kubernetes
	"clone", "pipeline", "steps", "when", "workspace", // Woodpecker, Drone
	"image", "stages", "definitions", "pipelines", // GitLab, Bitbucket
	"jobs", "on", "workflows", // GitHub, CircleCI
	"parameters", "_format_version", "recipe", // Symfony, Kong, Lando
}

func isComposeModel(root *yaml.Node) bool {
	for _, key := range foreign {
		if hasKey(root, key) {
			return false
		}
	}
	services := resolve(keyed(root, "services", 0))
	if services == nil || services.Kind != yaml.MappingNode {
		return false
	}
	for i := 1; i < len(services.Content); i += 2 {
		for _, key := range []string{"image", "build", "extends"} {
			if hasKey(services.Content[i], key) {
				return true
			}
		}
	}
	return false
}
