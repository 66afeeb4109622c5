package edit

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/position"
)

// blankBetween is the blank line between two sections, where the file has some.
func blankBetween(document *model.Document, root *yaml.Node) []string {
	for i := 2; i < len(root.Content); i += 2 {
		if isBlank(document.Line(root.Content[i].Line - 1)) {
			return []string{""}
		}
	}
	if len(root.Content) == 2 {
		return []string{""}
	}
	return nil
}

// styleOf is how a document is indented: as its first mapping in a mapping and
// its first list below a key are.
func styleOf(document *model.Document) style {
	s := style{step: 2, item: -1}
	stepSeen := false
	var look func(node *yaml.Node)
	look = func(node *yaml.Node) {
		if stepSeen && s.item >= 0 {
			return
		}
		if node.Kind == yaml.MappingNode && node.Style&yaml.FlowStyle == 0 {
			for i := 0; i+1 < len(node.Content); i += 2 {
				key, value := node.Content[i], node.Content[i+1]
				switch in := value.Column - key.Column; {
				case len(value.Content) == 0 || value.Style&yaml.FlowStyle != 0 || value.Line <= key.Line:
				case value.Kind == yaml.MappingNode && !stepSeen && value.Content[0].Column > key.Column:
					s.step, stepSeen = value.Content[0].Column-key.Column, true
				case value.Kind == yaml.SequenceNode && s.item < 0 && in >= 0:
					s.item = in
				}
			}
		}
		for _, below := range node.Content {
			look(below)
		}
	}
	look(document.Root)
	if s.item < 0 {
		s.item = s.step
	}
	return s
}

// lastLine is the last line that a node is written on, without the comments
// and blank lines behind it.
func lastLine(document *model.Document, node *yaml.Node) (number int, ok bool) {
	switch {
	case node == nil || node.Line == 0:
		return 0, false
	case node.Style&yaml.FlowStyle != 0 && node.Kind != yaml.ScalarNode:
		_, end, ok := extent(model.Origin{Document: document, Node: node})
		return document.LineAt(end), ok
	case len(node.Content) > 0 && node.Kind != yaml.AliasNode:
		last := node.Content[len(node.Content)-1]
		if node.Kind == yaml.MappingNode && last.Kind == yaml.ScalarNode && last.Value == "" && last.Style == 0 {
			last = node.Content[len(node.Content)-2] // nothing stands behind the key
		}
		number, ok = lastLine(document, last)
		if last.Kind == yaml.ScalarNode && last.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
			number = goesOn(document, last, number, ownIndent(node))
		}
		return number, ok
	}
	end := document.Span(node).End.Line
	if end > document.Lines() {
		return 0, false
	}
	return end, true
}

// ownIndent is the indentation of the entries of a collection.
func ownIndent(node *yaml.Node) int {
	if node.Kind == yaml.MappingNode {
		return node.Content[0].Column - 1
	}
	return node.Column - 1
}

// goesOn is the last line of a text that may stand on several: those that are
// further in. In a block what looks like a comment is text.
func goesOn(document *model.Document, node *yaml.Node, number, indent int) int {
	block := node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	for next := number + 1; next <= document.Lines(); next++ {
		text := document.Line(next)
		switch {
		case isBlank(text):
		case indentOf(text) <= indent || isComment(text) && !block:
			return number
		default:
			number = next
		}
	}
	return number
}

// extent is where a node begins and ends, in bytes; ok is false for blocks and
// plain texts over several lines.
func extent(origin model.Origin) (start, end int, ok bool) {
	document, node := origin.Document, origin.Node
	span := document.Span(node)
	start = document.Offset(span.Start)
	if node.Kind == yaml.ScalarNode {
		end = document.Offset(span.End)
		switch {
		case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
			return start, end, false
		case node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
			return start, end, true
		}
		return start, end, string(document.Source[start:end]) == node.Value
	}
	if node.Style&yaml.FlowStyle == 0 {
		return start, start, false
	}
	end, ok = closing(document.Text, start)
	return start, end, ok
}

// closing finds the end of a collection that begins with a bracket.
func closing(text *position.Text, start int) (end int, ok bool) {
	depth, quote := 0, byte(0)
	for i := start; i < len(text.Source); i++ {
		c := text.Source[i]
		switch {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if strings.IndexByte(" \t\r\n,[{:", text.Source[i-1]) >= 0 {
				quote = c
			}
		case c == '#' && strings.IndexByte(" \t\n", text.Source[i-1]) >= 0:
			for i < len(text.Source) && text.Source[i] != '\n' {
				i++
			}
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return 0, false
}
