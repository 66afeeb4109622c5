package edit

import (
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/model"
)

// Append adds items to the list at a path of a service, which is made where it
// is missing. They are quoted as the item before them is.
func (p *Plan) Append(service *compose.Service, items []Value, path ...any) *Plan {
	entry, ok := service.Entry(path...)
	if !ok {
		return p.Set(service, List(items...), path...)
	}
	p.Means(meaning(service, path...))
	return p.appendTo(entry.Value.Origin, items)
}

func (p *Plan) appendTo(origin model.Origin, items []Value) *Plan {
	node, document := origin.Node, origin.Document
	switch {
	case node == nil || document == nil:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Kind != yaml.SequenceNode:
		return p.Refuse("no list stands there")
	}
	if node.Style&yaml.FlowStyle != 0 {
		for _, item := range items {
			// Each is put before the end: those that follow find what the first left.
			written := likeItems(node, item)
			if len(node.Content) == 0 && len(p.fix.Edits) > 0 {
				written = ", " + written
			}
			p.insertFlow(origin, written)
		}
		return p
	}
	if len(node.Content) == 0 {
		return p.Refuse("the list has no items to go behind")
	}
	last, ok := lastLine(document, node)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	indent := node.Column - 1
	for _, item := range items {
		if len(item.entries) == 0 {
			item = Plain(likeItems(node, item))
		}
		p.InsertBelow(document.Text, last, styleOf(document).listItem(item, indent))
	}
	return p
}

// likeItems writes an item in the quotes of the last one.
func likeItems(list *yaml.Node, item Value) string {
	if item.written || len(item.entries) > 0 || len(item.items) > 0 || len(list.Content) == 0 {
		return item.inline()
	}
	last := list.Content[len(list.Content)-1]
	if last.Kind == yaml.ScalarNode && last.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		if written, ok := like(last, item.text); ok {
			return written
		}
	}
	return item.inline()
}
