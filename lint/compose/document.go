package compose

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// Document is one YAML document of a compose file, with the places of its nodes.
type Document struct {
	File   string // as shown to the user
	Path   string // on disk, absolute
	Source []byte
	Root   *yaml.Node // the top-level mapping; nil where the file holds none
	lines  [][]byte
	scope  scope
}

// parseDocuments reads every YAML document of a file, first to last.
func parseDocuments(file, path string, source []byte) ([]*Document, error) {
	lines := linesOf(source)
	starts := yamlLines(lines)
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	var documents []*Document
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return documents, err
		}
		document := &Document{File: file, Path: path, Source: source, lines: lines}
		if len(node.Content) > 0 {
			renumber(&node, starts)
			document.Root = resolve(node.Content[0])
		}
		documents = append(documents, document)
	}
}

// line returns the text of a line, counted from 1, without its line end.
func (d *Document) line(number int) string {
	if number < 1 || number > len(d.lines) {
		return ""
	}
	return strings.TrimSuffix(string(d.lines[number-1]), "\r")
}

// at returns what is left of a line from a column on, counted in characters.
func (d *Document) at(pos position.Pos) string {
	text := d.line(pos.Line)
	for column := 1; column < pos.Column && text != ""; column++ {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	return text
}

// Span returns where a node stands: the whole of a scalar, else the place
// where the node begins.
func (d *Document) Span(node *yaml.Node) position.Span {
	if node == nil {
		return d.lineSpan(1)
	}
	if node.Line > len(d.lines) {
		return d.lineSpan(len(d.lines)) // an empty node behind the end
	}
	start := d.skipProperties(position.At(node.Line, node.Column))
	end := position.At(start.Line, start.Column+1)
	if node.Kind == yaml.ScalarNode || node.Kind == yaml.AliasNode {
		end = d.scalarEnd(node, start)
	}
	return position.Span{File: d.File, Start: start, End: end}
}

// lineSpan returns the text of a line without the blanks around it.
func (d *Document) lineSpan(number int) position.Span {
	text := d.line(number)
	trimmed := strings.TrimLeft(text, " \t")
	first := 1 + utf8.RuneCountInString(text) - utf8.RuneCountInString(trimmed)
	width := max(1, utf8.RuneCountInString(strings.TrimRight(trimmed, " \t")))
	return position.Span{File: d.File, Start: position.At(number, first), End: position.At(number, first+width)}
}

// skipProperties moves past an anchor and a tag: the YAML library places a
// node at those, a reader looks for the value.
func (d *Document) skipProperties(pos position.Pos) position.Pos {
	for {
		text := d.at(pos)
		if !strings.HasPrefix(text, "&") && !strings.HasPrefix(text, "!") {
			return pos
		}
		property, rest, found := strings.Cut(text, " ")
		if !found || strings.TrimSpace(rest) == "" {
			return pos
		}
		blanks := len(rest) - len(strings.TrimLeft(rest, " "))
		pos.Column += utf8.RuneCountInString(property) + 1 + blanks
	}
}

// scalarEnd finds the end of a scalar that begins at start.
func (d *Document) scalarEnd(node *yaml.Node, start position.Pos) position.Pos {
	text := d.at(start)
	switch {
	case node.Kind == yaml.AliasNode:
		return position.At(start.Line, start.Column+1+utf8.RuneCountInString(node.Value))
	case strings.HasPrefix(text, `"`), strings.HasPrefix(text, `'`):
		return d.quotedEnd(start, text[0])
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return position.At(start.Line, start.Column+utf8.RuneCountInString(strings.TrimRight(text, " \t")))
	case strings.HasPrefix(text, node.Value):
		return position.At(start.Line, start.Column+max(1, utf8.RuneCountInString(node.Value)))
	}
	return position.At(start.Line, start.Column+utf8.RuneCountInString(strings.TrimRight(text, " \t")))
}

// quotedEnd finds the closing quote of a scalar, over several lines if need be.
func (d *Document) quotedEnd(start position.Pos, quote byte) position.Pos {
	text, pos := d.at(start)[1:], position.At(start.Line, start.Column+1)
	for pos.Line <= len(d.lines) {
		for text != "" {
			r, size := utf8.DecodeRuneInString(text)
			rest := text[size:]
			switch {
			case r == '\\' && quote == '"' && rest != "":
				_, next := utf8.DecodeRuneInString(rest)
				rest, pos.Column = rest[next:], pos.Column+1
			case byte(r) == quote && r < utf8.RuneSelf && quote == '\'' && strings.HasPrefix(rest, "'"):
				rest, pos.Column = rest[1:], pos.Column+1
			case byte(r) == quote && r < utf8.RuneSelf:
				return position.At(pos.Line, pos.Column+1)
			}
			text, pos.Column = rest, pos.Column+1
		}
		pos = position.At(pos.Line+1, 1)
		text = d.line(pos.Line)
	}
	return d.lineSpan(start.Line).End
}

// resolve follows an alias to what it stands for.
func resolve(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// entry returns the key and the value that a mapping has under a name, its
// own first and then those that its merge keys bring.
func entry(node *yaml.Node, name string) (key, value *yaml.Node) {
	for mapping := range mappings(node) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if mapping.Content[i].Value == name && !isMerge(mapping.Content[i]) {
				return mapping.Content[i], mapping.Content[i+1]
			}
		}
	}
	return nil, nil
}

// names returns the keys of a mapping in the order of the file, with those
// that merge keys bring after its own.
func names(node *yaml.Node) []string {
	var all []string
	for mapping := range mappings(node) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !isMerge(mapping.Content[i]) {
				all = append(all, mapping.Content[i].Value)
			}
		}
	}
	return all
}

// mappings are a mapping and those that its merge keys bring, in the order in
// which they count. Each comes once, however often it is merged.
func mappings(node *yaml.Node) iter.Seq[*yaml.Node] {
	return func(yield func(*yaml.Node) bool) {
		seen := map[*yaml.Node]bool{}
		var visit func(*yaml.Node) bool
		visit = func(node *yaml.Node) bool {
			node = resolve(node)
			if node == nil || node.Kind != yaml.MappingNode || seen[node] {
				return true
			}
			seen[node] = true
			if !yield(node) {
				return false
			}
			for i := 0; i+1 < len(node.Content); i += 2 {
				if !isMerge(node.Content[i]) {
					continue
				}
				for _, source := range mergeSources(node.Content[i+1]) {
					if !visit(source) {
						return false
					}
				}
			}
			return true
		}
		visit(node)
	}
}

func isMerge(key *yaml.Node) bool {
	return key.Tag == "!!merge" || key.Value == "<<" && key.Style == 0
}

func mergeSources(node *yaml.Node) []*yaml.Node {
	if node := resolve(node); node != nil && node.Kind == yaml.SequenceNode {
		return node.Content
	}
	return []*yaml.Node{node}
}

// item returns the element of a sequence that says something about a name:
// `NAME=value` or `NAME`.
func item(node *yaml.Node, name string) *yaml.Node {
	for _, element := range node.Content {
		element := resolve(element)
		if element.Kind != yaml.ScalarNode {
			continue
		}
		if before, _, _ := strings.Cut(element.Value, "="); before == name {
			return element
		}
	}
	return nil
}

// step is one step down from a node: the key it went through and where it led.
func step(node *yaml.Node, part any) (key, value *yaml.Node) {
	node = resolve(node)
	if node == nil {
		return nil, nil
	}
	switch part := part.(type) {
	case string:
		if node.Kind == yaml.SequenceNode {
			element := item(node, part)
			return element, element
		}
		return entry(node, part)
	case int:
		if node.Kind == yaml.SequenceNode && part >= 0 && part < len(node.Content) {
			return node.Content[part], node.Content[part]
		}
	}
	return nil, nil
}
