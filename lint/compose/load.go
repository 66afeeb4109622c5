package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/schema"
)

// files are compose files that are read together, base first.
type files struct {
	paths []string
	scope scope
	chain []string // the files on whose behalf these are included
}

// load reads files one over the other, as Compose does document by document.
// It is nil where they hold nothing.
func (p *Project) load(of files) *model.Value {
	var whole *model.Value
	for _, path := range of.paths {
		for _, document := range p.documents(path, of.scope) {
			value := p.values(document)
			if value == nil {
				continue
			}
			if value.Kind != model.Mapping {
				p.refuse(Refused, value.Origin, nil, "the top level must be a mapping")
				continue
			}
			p.nameServices(value)
			resets := resetsOf(document.Root)
			value = p.include(value, document, of, resets)
			value = p.extend(value, document, resets)
			whole = p.over(without(whole, resets), value)
			p.validate(whole)
			whole = p.canonical(whole)
		}
	}
	return whole
}

// over merges a document over those before it.
func (p *Project) over(base, value *model.Value) *model.Value {
	if base != nil {
		value = (&merging{project: p}).merge(base, value, top())
	}
	return p.rewrite(value, top(), withoutRepeats)
}

// canonical writes out what is short. That can show two items to be one.
func (p *Project) canonical(value *model.Value) *model.Value {
	return p.rewrite(p.rewrite(value, top(), writtenOut), top(), withoutRepeats)
}

// validate holds a value to Compose's own schema.
func (p *Project) validate(value *model.Value) {
	result := schema.Check(value)
	for _, fault := range result.Faults {
		message := strings.TrimSpace(strings.Join(fault.Path, ".") + " " + fault.Message)
		if fault.Meant != "" {
			message += fmt.Sprintf("; did you mean %q?", fault.Meant)
		}
		p.refuseAs(Refused, fault.Origin, fault.Service, message)
	}
	maps.Copy(p.unclear, result.Services)
	p.unlisted = max(p.unlisted, result.More)
}

// nameServices remembers where the services of a document are named.
func (p *Project) nameServices(value *model.Value) {
	for _, entry := range entriesOf(value.Get("services")) {
		p.named[entry.Name] = append(p.named[entry.Name], entry.Key)
	}
}

// hasShape looks for what is no compose file of today: a top level that is no
// mapping, the format of Compose v1.
func (p *Project) hasShape(paths []string) bool {
	var first *model.Document
	for _, path := range paths {
		for _, document := range p.documents(path, p.scope) {
			switch {
			case document.Root == nil:
				continue
			case document.Root.Kind != yaml.MappingNode:
				return true
			case hasKey(document.Root, "services"), hasKey(document.Root, "include"):
				return true
			case first == nil:
				first = document
			}
		}
	}
	if first == nil {
		return true
	}
	key := version1Service(first.Root)
	if key == nil {
		return true
	}
	p.refuseAs(Version1, model.Origin{Document: first, Node: key}, key.Value,
		fmt.Sprintf("%q stands at the top level, as in the format of Compose v1, which Compose refuses today: put the services under services", key.Value))
	p.readVersion1(first)
	return false
}

// lookForServices says where there is nothing to run.
func (p *Project) lookForServices() {
	switch {
	case len(p.Refusals) > 0:
	case len(entriesOf(p.model)) == 0:
		p.Refusals = append(p.Refusals, Refusal{Kind: Refused, Span: p.Lookup(), Message: "Compose refuses it: the file is empty"})
	case p.model.Get("services") == nil:
		p.refuseAs(NoServices, p.model.Origin, "", "the file has no services")
	}
}

// readVersion1 reads the top level of a file as its services: what they say is
// clear, although Compose does not run them.
func (p *Project) readVersion1(document *model.Document) {
	r := &reading{project: p, document: document, made: map[use]*model.Value{}, open: map[*yaml.Node]bool{}}
	services := r.value(document.Root, top().at("services"))
	p.model = p.canonical(p.over(nil, mapping(services.Origin, "services", services)))
	p.nameServices(p.model)
}

// version1Service returns the first top-level key that looks like a service.
func version1Service(root *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if strings.HasPrefix(root.Content[i].Value, "x-") {
			continue
		}
		if body := resolve(root.Content[i+1]); hasKey(body, "image") || hasKey(body, "build") {
			return root.Content[i]
		}
	}
	return nil
}

// hasKey reports whether a mapping has a key itself or by a merge key.
func hasKey(node *yaml.Node, name string) bool { return keyed(node, name, 0) != nil }

// scalarAt is the text that a mapping has under a name, "" where there is none.
func scalarAt(node *yaml.Node, name string) string {
	if value := resolve(keyed(node, name, 0)); value != nil && value.Kind == yaml.ScalarNode {
		return value.Value
	}
	return ""
}

// maxMergeDepth bounds merge keys that lead to merge keys.
const maxMergeDepth = 20

func keyed(node *yaml.Node, name string, depth int) *yaml.Node {
	node = resolve(node)
	if node == nil || node.Kind != yaml.MappingNode || depth > maxMergeDepth {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name && !isMerge(node.Content[i]) {
			return node.Content[i+1]
		}
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if !isMerge(node.Content[i]) {
			continue
		}
		for _, source := range mergeSources(node.Content[i+1]) {
			if found := keyed(source, name, depth+1); found != nil {
				return found
			}
		}
	}
	return nil
}

const (
	resetTag    = "!reset"
	overrideTag = "!override"
)

// resetsOf lists the paths that a document takes away from what it goes over:
// those of !reset, and those of !override, which it writes anew.
func resetsOf(root *yaml.Node) (paths [][]string) {
	var path []string
	visits := 0
	var visit func(node *yaml.Node)
	visit = func(node *yaml.Node) {
		node = resolve(node)
		if visits++; node == nil || visits > maxResetVisits {
			return
		}
		if node.Tag == resetTag || node.Tag == overrideTag {
			paths = append(paths, slices.Clone(path))
			return
		}
		if node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if isMerge(node.Content[i]) {
				for _, source := range mergeSources(node.Content[i+1]) {
					visit(source)
				}
				continue
			}
			path = append(path, node.Content[i].Value)
			visit(node.Content[i+1])
			path = path[:len(path)-1]
		}
	}
	if hasResets(root) {
		visit(root)
	}
	return paths
}

// maxResetVisits is what Compose itself allows.
const maxResetVisits = 100_000

// hasResets reports whether a tag of Compose's own stands anywhere.
func hasResets(root *yaml.Node) bool {
	for nodes := []*yaml.Node{root}; len(nodes) > 0; {
		node := nodes[len(nodes)-1]
		if node.Tag == resetTag || node.Tag == overrideTag {
			return true
		}
		nodes = append(nodes[:len(nodes)-1], node.Content...)
	}
	return false
}

// without is a value without what stands at paths.
func without(value *model.Value, paths [][]string) *model.Value {
	for _, path := range paths {
		value = value.WithoutPath(path)
	}
	return value
}
