package edit

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/position"
)

// replaceScalar writes a value where a scalar or nothing stands.
func (p *Plan) replaceScalar(origin model.Origin, value Value) *Plan {
	node := origin.Node
	switch {
	case node == nil || origin.Document == nil:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Kind != yaml.ScalarNode || len(value.entries) > 0:
		return p.Refuse("something else than one value stands there")
	case strings.Contains(strings.ReplaceAll(node.Value, "$$", ""), "$"):
		return p.Refuse("a variable of Compose stands there")
	}
	start, end, ok := extent(origin)
	if !ok || node.Value == "" && node.Style == 0 {
		return p.Refuse("nothing stands there that could be replaced")
	}
	if len(value.items) > 0 || value.written {
		return p.replace(origin.Document.Text, start, end, value.inline())
	}
	written, ok := like(node, value.text)
	if !ok {
		return p.Refuse("a text over several lines stands there")
	}
	return p.replace(origin.Document.Text, start, end, written)
}

// ReplaceScalar writes a text where a scalar stands, in its quotes.
func (p *Plan) ReplaceScalar(origin model.Origin, value Value) *Plan {
	return p.replaceScalar(origin, value)
}

// Replace writes a value in the place of what stands at a path of a service,
// be it one line or more.
func (p *Plan) Replace(service *compose.Service, value Value, path ...any) *Plan {
	p.Means(meaning(service, path...))
	entry, ok := service.Entry(path...)
	if !ok {
		return p.Refuse("it is not seen where it is written")
	}
	origin := entry.Value.Origin
	document, node := origin.Document, origin.Node
	switch {
	case node == nil || document == nil || entry.Key.Node == nil || entry.Key.Document != document:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Anchor != "":
		return p.Refuse("it has an anchor, &%s", node.Anchor)
	}
	if start, end, ok := extent(origin); ok {
		return p.replace(document.Text, start, end, value.inline())
	}
	key := entry.Key.Node
	if node.Line == key.Line && node.Kind == yaml.ScalarNode {
		return p.replaceBlock(document, key, node, value)
	}
	last, ok := lastLine(document, node)
	if !ok || node.Line <= key.Line || node.Kind == yaml.ScalarNode {
		return p.Refuse("it is not seen where it ends")
	}
	return p.replaceLines(document, key, last, value)
}

// replaceBlock is Replace for a text over several lines.
func (p *Plan) replaceBlock(document *model.Document, key, node *yaml.Node, value Value) *Plan {
	last := goesOn(document, node, node.Line, key.Column-1)
	if last == node.Line {
		return p.Refuse("it is not seen where it ends")
	}
	return p.replaceLines(document, key, last, value)
}

// replaceLines writes an entry anew from behind its key to its last line.
func (p *Plan) replaceLines(document *model.Document, key *yaml.Node, last int, value Value) *Plan {
	for number := key.Line; number <= last; number++ {
		if strings.Contains(document.Line(number), " #") || isComment(document.Line(number)) {
			return p.Refuse("comments stand in it")
		}
	}
	line := document.Line(key.Line)
	colon := strings.Index(line[min(key.Column-1, len(line)):], ":")
	if colon < 0 {
		return p.Refuse("it is not seen where it begins")
	}
	start := document.Offset(position.At(key.Line, key.Column)) + colon + 1
	return p.replace(document.Text, start, endOfLine(document.Text, last), " "+value.inline())
}
