package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// undecodable finds the first document that is YAML but cannot be taken for a
// mapping: a key that stands twice, a merge of something that is no mapping.
func (p *Project) undecodable() *Failure {
	for _, document := range p.documents {
		if document.Root == nil {
			continue
		}
		var model map[string]any
		if err := document.Root.Decode(&model); err != nil {
			failure := yamlFailure(document.File, document.Path, document.Source, err)
			if key := badMerge(document.Root); key != nil && strings.Contains(failure.Message, "map merge") {
				failure.Span = document.Span(key)
			}
			return failure
		}
	}
	return nil
}

// badMerge returns the first merge key whose value is no mapping and no list
// of mappings: the YAML library does not say where that is.
func badMerge(node *yaml.Node) *yaml.Node {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 && isMerge(child) && !mergeable(node.Content[i+1]) {
			return child
		}
		if found := badMerge(child); found != nil {
			return found
		}
	}
	return nil
}

func mergeable(node *yaml.Node) bool {
	for _, source := range mergeSources(node) {
		if source = resolve(source); source == nil || source.Kind != yaml.MappingNode {
			return false
		}
	}
	return true
}

// refused turns what Compose refuses into a failure at its place.
func (p *Project) refused(found suspect) *Failure {
	if p.broken != nil {
		return p.broken
	}
	failure := &Failure{Kind: Refused, Span: p.suspectSpan(found), Message: p.plainRefusal(found.refusal)}
	if name, ok := found.service(); ok {
		failure.Service = name
		if strings.Contains(found.refusal.Error(), "neither an image nor a build context") {
			service := &Service{Name: failure.Service, Project: p, layers: p.layersOf(failure.Service)}
			failure.Kind, failure.Span = Fragment, service.Span()
		}
	}
	if strings.Contains(found.refusal.Error(), "no such file") {
		failure.Span = p.absentNear(failure.Span)
	}
	return failure
}

// absentNear returns the first mention of a file that is not there, at or
// behind a place.
func (p *Project) absentNear(at position.Span) position.Span {
	for _, mention := range p.absent {
		if mention.File == at.File && mention.Start.Compare(at.Start) >= 0 {
			return mention
		}
	}
	return at
}

// unwanted is what Compose says of a key that it does not know.
const unwanted = "additional propert"

func isUnwanted(refusal error) bool {
	return strings.Contains(refusal.Error(), unwanted) || strings.HasSuffix(refusal.Error(), "false schema")
}

// suspectSpan is where a suspect stands: its key where the key is what
// Compose does not want, else its value.
func (p *Project) suspectSpan(found suspect) position.Span {
	if found.document >= len(p.documents) {
		return p.Lookup("services")
	}
	document := p.documents[found.document]
	at := place{document: document, value: document.Root}
	for _, part := range found.path {
		key, value := step(at.value, part)
		if key == nil {
			break
		}
		at.key, at.value = key, value
	}
	if at.key == nil {
		return p.Lookup("services")
	}
	if isUnwanted(found.refusal) {
		return document.Span(at.key)
	}
	return at.span()
}

var (
	// falseSchema is how the schema names a key that it does not know.
	falseSchema = regexp.MustCompile(`(\S+)\.([^.\s]+) false schema$`)
	validating  = regexp.MustCompile(`validating \S+?: `)
	pathWord    = regexp.MustCompile(`[A-Za-z0-9_.\[\]/-]+`)
)

// plainRefusal is Compose's own message on one line, without absolute paths.
func (p *Project) plainRefusal(err error) string {
	text := validating.ReplaceAllString(strings.Join(strings.Fields(err.Error()), " "), "")
	for _, path := range []string{p.Directory + "/", p.tree.Path() + "/"} {
		text = strings.ReplaceAll(text, path, "")
	}
	text = strings.TrimSuffix(text, ": invalid compose project")
	text = falseSchema.ReplaceAllString(text, "$1 "+unwanted+"ies '$2' not allowed")
	if strings.HasPrefix(text, "Circular reference") { // where it begins is a matter of chance
		text = "services extend each other in a circle"
	}
	return brief(fmt.Sprintf("Compose refuses it: %s", unset.Plain(text)))
}

// maxMessage bounds what is repeated of a file in a message, in characters.
const maxMessage = 400

func brief(text string) string {
	if characters := []rune(text); len(characters) > maxMessage {
		return string(characters[:maxMessage]) + "…"
	}
	return text
}

// unsettled reports whether a suspect depends on a variable without a value:
// then what Compose says of it here is not what it says where it runs.
func (p *Project) unsettled(found suspect) bool {
	if found.document >= len(p.documents) || len(found.path) < 2 || isUnwanted(found.refusal) {
		return false
	}
	document := p.documents[found.document]
	node := document.Root
	for _, part := range found.path {
		if _, node = step(node, part); node == nil {
			return false
		}
	}
	return slices.ContainsFunc(scalars(node), func(text string) bool {
		return !unset.Known(document.scope.interpolate(text))
	})
}
