package edit

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/model"
)

// Set writes a value at a path of a service: in the place of the scalar that
// stands there, or as a new entry of the mapping above it, which is made where
// it is missing.
func (p *Plan) Set(service *compose.Service, value Value, path ...any) *Plan {
	p.Means(meaning(service, path...))
	if entry, ok := service.Entry(path...); ok {
		return p.replaceScalar(entry.Value.Origin, value)
	}
	key, named := path[len(path)-1].(string)
	above, ok := service.Entry(path[:len(path)-1]...)
	switch {
	case !named:
		return p.Refuse("the list is not so long")
	case !ok:
		return p.Set(service, Map(Entry{key, value}), path[:len(path)-1]...)
	case len(path) > 1:
		return p.insert(above.Value.Origin, Entry{key, value})
	}
	origin, ok := body(service)
	if !ok {
		return p.Refuse("it is not seen where %q is written", service.Name)
	}
	return p.insert(origin, Entry{key, value})
}

// meaning names a path of a service, as far as the list that an item is in:
// those behind it may move.
func meaning(service *compose.Service, path ...any) string {
	parts := []string{"services", service.Name}
	for _, part := range path {
		name, named := part.(string)
		if !named {
			break
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ".")
}

// body is the mapping of a service in the file where it is at home.
func body(service *compose.Service) (model.Origin, bool) {
	home := service.Home()
	if home.Document == nil || home.Document.Root == nil {
		return model.Origin{}, false
	}
	if node := valueOf(home.Document.Root, home.Node); node != nil {
		return model.Origin{Document: home.Document, Node: node}, true
	}
	return model.Origin{}, false
}

// valueOf finds the value of a key, which is one node of a document.
func valueOf(root, key *yaml.Node) *yaml.Node {
	for i, node := range root.Content {
		if node == key && root.Kind == yaml.MappingNode && i%2 == 0 {
			return root.Content[i+1]
		}
		if mayHold(root.Content, i, key) {
			if found := valueOf(node, key); found != nil {
				return found
			}
		}
	}
	return nil
}

// insert adds an entry to a mapping, behind its last one.
func (p *Plan) insert(origin model.Origin, entry Entry) *Plan {
	node, document := origin.Node, origin.Document
	switch {
	case node == nil || document == nil:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Kind != yaml.MappingNode || len(node.Content) == 0:
		return p.Refuse("no mapping with entries stands there")
	case node.Style&yaml.FlowStyle != 0:
		return p.insertFlow(origin, Map(entry).inline()[1:len(Map(entry).inline())-1])
	}
	last, ok := lastLine(document, node)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	// Keys that begin on the line of a dash have the column of their own.
	indent := node.Content[0].Column - 1
	if strings.Contains(document.Line(node.Content[0].Line)[:min(indent, len(document.Line(node.Content[0].Line)))], "\t") {
		return p.Refuse("it is indented with tabs")
	}
	return p.InsertBelow(document.Text, last, styleOf(document).lines(entry, indent))
}

// insertFlow adds to a collection on one line, before its end.
func (p *Plan) insertFlow(origin model.Origin, written string) *Plan {
	node, text := origin.Node, origin.Document.Text
	start, end, ok := extent(origin)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	inner := string(text.Source[start+1 : end-1])
	kept := strings.TrimRight(inner, " \t\r\n")
	at := start + 1 + len(kept)
	switch {
	case len(node.Content) == 0:
	case strings.HasSuffix(kept, ","):
		written = " " + written
	case strings.Contains(inner, "#"):
		return p.Refuse("comments stand in it")
	default:
		written = ", " + written
	}
	return p.replace(text, at, at, written)
}

// Top adds entries to a section of the top level, which is made at the end of
// the file of a service where it is missing.
func (p *Plan) Top(service *compose.Service, section string, entries ...Entry) *Plan {
	var missing []Entry
	for _, entry := range entries {
		p.Means(section + "." + entry.Key)
		if p.project.Value(section, entry.Key) == nil {
			missing = append(missing, entry)
		}
	}
	if len(missing) == 0 {
		return p
	}
	document := service.Home().Document
	if document == nil || document.Root == nil {
		return p.Refuse("it is not seen where %q is written", service.Name)
	}
	root := document.Root
	if root.Kind == yaml.DocumentNode && len(root.Content) > 0 {
		root = root.Content[0]
	}
	if p.project.Value("services") == nil || !slices.ContainsFunc(root.Content, func(node *yaml.Node) bool { return node.Value == "services" }) {
		return p.Refuse("the file has no top level of today's format")
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != section {
			continue
		}
		value := root.Content[i+1]
		for _, entry := range missing {
			if value.Kind == yaml.ScalarNode && value.Value == "" {
				p.InsertBelow(document.Text, root.Content[i].Line, styleOf(document).lines(entry, root.Content[i].Column-1+styleOf(document).step))
				continue
			}
			p.insert(model.Origin{Document: document, Node: value}, entry)
		}
		return p
	}
	if len(root.Content) == 0 || root.Style&yaml.FlowStyle != 0 {
		return p.Refuse("the file is written on one line")
	}
	last, ok := lastLine(document, root)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	return p.InsertBelow(document.Text, last, append(blankBetween(document, root), styleOf(document).lines(Entry{section, Map(missing...)}, root.Content[0].Column-1)...))
}

// SetVariable gives a container a variable, in the list or the mapping that its
// environment is.
func (p *Plan) SetVariable(service *compose.Service, name, value string) *Plan {
	entry, ok := service.Entry("environment")
	if ok && entry.Value.Origin.Node != nil && entry.Value.Origin.Node.Kind == yaml.SequenceNode {
		return p.Append(service, []Value{Text(name + "=" + value)}, "environment")
	}
	return p.Set(service, Text(value), "environment", name)
}
