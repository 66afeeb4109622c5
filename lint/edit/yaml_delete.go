package edit

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/model"
)

// Delete removes the entry at a path of a service, or the item of a list.
func (p *Plan) Delete(service *compose.Service, path ...any) *Plan {
	p.Means(meaning(service, path...))
	entry, ok := service.Entry(path...)
	if !ok {
		return p.Refuse("it is not seen where it is written")
	}
	return p.deleteEntry(entry)
}

// DeleteTop removes a key of the top level from every file that has it.
func (p *Plan) DeleteTop(key string) *Plan {
	p.Means(key)
	for _, file := range p.project.Files {
		for _, root := range p.project.Documents(file) {
			document := &model.Document{Text: p.project.Text(file), Root: root}
			for i := 0; i+1 < len(root.Content) && root.Kind == yaml.MappingNode; i += 2 {
				if root.Content[i].Value == key {
					at := func(node *yaml.Node) model.Origin { return model.Origin{Document: document, Node: node} }
					p.deleteEntry(model.Entry{Name: key, Key: at(root.Content[i]), Value: &model.Value{Origin: at(root.Content[i+1])}})
				}
			}
		}
	}
	return p
}

func (p *Plan) deleteEntry(entry model.Entry) *Plan {
	document, key := entry.Key.Document, entry.Key.Node
	if document == nil || key == nil {
		return p.Refuse("it is not seen where it is written")
	}
	parent := parentOf(document.Root, key)
	value := entry.Value.Origin.Node
	switch {
	case parent == nil:
		return p.Refuse("it is not seen where it is written")
	case parent.Style&yaml.FlowStyle != 0:
		return p.Refuse("it stands in a collection on one line")
	case parent.Kind == yaml.SequenceNode && len(parent.Content) == 1, parent.Kind == yaml.MappingNode && len(parent.Content) == 2:
		return p.Refuse("nothing would be left beside it")
	case parent.Kind == yaml.MappingNode:
		value = valueOf(parent, key)
	}
	before := document.Line(key.Line)
	before = before[:min(key.Column-1, len(before))]
	if strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(before, " "), "-"), " ") != "" || parent.Kind == yaml.MappingNode && strings.Contains(before, "-") {
		return p.Refuse("it does not stand on lines of its own")
	}
	last, ok := lastLine(document, value)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	return p.DeleteLines(document.Text, key.Line, max(last, key.Line))
}

// parentOf is the collection that a node stands in.
func parentOf(root, node *yaml.Node) *yaml.Node {
	if root == nil {
		return nil
	}
	for i, below := range root.Content {
		if below == node {
			return root
		}
		if mayHold(root.Content, i, node) {
			if found := parentOf(below, node); found != nil {
				return found
			}
		}
	}
	return nil
}

// mayHold reports whether a node may stand in one of some that follow each
// other, by its line: a file may have thousands of services.
func mayHold(all []*yaml.Node, i int, node *yaml.Node) bool {
	return all[i].Line <= node.Line && (i+1 == len(all) || all[i+1].Line >= node.Line)
}
