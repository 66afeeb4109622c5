package lint

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"
)

// maxSources bounds how many files include and extends may bring.
const maxSources = 200

// collect reads the files that include and extends name, before Compose's
// loader does: their places are needed, and nothing outside the project may be
// read. It reports whether Compose's loader must keep away from them.
func (p *Project) collect() (closed bool) {
	queue := slices.Clone(p.documents)
	for len(queue) > 0 && len(p.others) < maxSources {
		document := queue[0]
		queue = queue[1:]
		for _, reference := range p.references(document) {
			if _, known := p.others[reference.path]; known {
				continue
			}
			documents, ok := p.follow(reference)
			if !ok {
				closed = true
				continue
			}
			p.others[reference.path] = documents
			if reference.kind == includedFile {
				p.included = append(p.included, documents...)
			}
			queue = append(queue, documents...)
		}
	}
	return closed
}

// fileReference is one mention of another compose file.
type fileReference struct {
	path string // absolute
	kind referenceKind
	at   Span
}

type referenceKind int

const (
	includedFile referenceKind = iota
	extendedFile
	variablesFile
)

// follow reads a file that another names. It is false where Compose's loader
// must not look there either.
func (p *Project) follow(reference fileReference) (documents []*Document, ok bool) {
	if !Known(reference.path) {
		p.note(reference.at, "", fmt.Sprintf("the file is not known: %s", variablesUnset(reference.path)))
		return nil, false
	}
	if _, err := p.tree.Stat(reference.path); errors.Is(err, ErrOutside) {
		p.note(reference.at, "", fmt.Sprintf("%q is not read: %v", p.tree.Show(reference.path), err))
		return nil, false
	}
	if reference.kind == variablesFile {
		return nil, true
	}
	// What is missing or no YAML, Compose refuses: its loader says so.
	documents, _ = p.read(reference.path)
	return documents, true
}

// variablesUnset says why a text is not known.
func variablesUnset(text string) string {
	return fmt.Sprintf("%s has no value here", VariablesIn(text)[0].Name)
}

// references lists the files that a document names in include and extends.
func (p *Project) references(document *Document) []fileReference {
	var found []fileReference
	add := func(node *yaml.Node, kind referenceKind) {
		node = resolve(node)
		if node == nil || node.Kind != yaml.ScalarNode || node.Value == "" {
			return
		}
		path := p.absolute(filepath.Dir(document.Path), p.interpolate(node.Value))
		found = append(found, fileReference{path: path, kind: kind, at: document.Span(node)})
	}
	_, include := entry(document.Root, "include")
	for _, element := range elements(include) {
		if resolve(element).Kind == yaml.ScalarNode {
			add(element, includedFile)
			continue
		}
		_, paths := entry(element, "path")
		for _, path := range elementsOrSelf(paths) {
			add(path, includedFile)
		}
		_, files := entry(element, "env_file")
		for _, file := range elementsOrSelf(files) {
			add(file, variablesFile)
		}
	}
	_, services := entry(document.Root, "services")
	for _, body := range values(services) {
		_, extends := entry(body, "extends")
		_, file := entry(extends, "file")
		add(file, extendedFile)
	}
	return found
}

// absolute makes a path of a compose file absolute.
func (p *Project) absolute(directory, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(directory, path)
}

// interpolate puts the values of variables into a text; those without a value
// leave a mark. A text that Compose refuses stays as it is.
func (p *Project) interpolate(text string) string {
	value, err := substitution{lookup: p.Variable, missing: Variable.mark}.apply(text)
	if err != nil {
		return text
	}
	return value
}

// elements returns the elements of a sequence, none of anything else.
func elements(node *yaml.Node) []*yaml.Node {
	node = resolve(node)
	if node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}

// elementsOrSelf returns the elements of a sequence, or the one scalar that
// stands in its place.
func elementsOrSelf(node *yaml.Node) []*yaml.Node {
	if resolved := resolve(node); resolved != nil && resolved.Kind == yaml.ScalarNode {
		return []*yaml.Node{resolved}
	}
	return elements(node)
}

// values returns the values of a mapping in the order of the file.
func values(node *yaml.Node) []*yaml.Node {
	node = resolve(node)
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	var all []*yaml.Node
	for i := 1; i < len(node.Content); i += 2 {
		all = append(all, node.Content[i])
	}
	return all
}
