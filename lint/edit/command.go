package edit

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose"
)

// AddWords puts words at the end of a command, which is a list or a text that
// Compose splits: no shell has to read it.
func (p *Plan) AddWords(service *compose.Service, words []string, path ...any) *Plan {
	p.Means(meaning(service, path...))
	entry, ok := service.Entry(path...)
	if !ok {
		return p.Set(service, Words(words...), path...)
	}
	origin := entry.Value.Origin
	node, document := origin.Node, origin.Document
	switch {
	case node == nil || document == nil:
		return p.Refuse("it is not seen where the command is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Kind == yaml.SequenceNode:
		var items []Value
		for _, word := range words {
			items = append(items, Text(word))
		}
		return p.appendTo(origin, items)
	case node.Kind != yaml.ScalarNode || node.Value == "":
		return p.Refuse("no command stands there")
	case strings.ContainsAny(node.Value, ";&|<>`\\") || strings.Contains(node.Value, "$(") || strings.ContainsAny(strings.Join(words, ""), " \"'\\$#"):
		return p.Refuse("the command has more than words")
	}
	added := " " + strings.Join(words, " ")
	block := node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if block {
		parent := parentOf(document.Root, node)
		if parent == nil {
			return p.Refuse("it is not seen where it ends")
		}
		last := goesOn(document, node, node.Line, ownIndent(parent))
		if last == node.Line {
			return p.Refuse("it is not seen where it ends")
		}
		at := endOfLine(document.Text, last)
		return p.replace(document.Text, at, at, added)
	}
	start, end, ok := extent(origin)
	if quoted := node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0; quoted {
		end--
	}
	if !ok || end <= start {
		return p.Refuse("the command goes over several lines")
	}
	return p.replace(document.Text, end, end, added)
}

// ReplaceWord writes another word in the place of one of a command.
func (p *Plan) ReplaceWord(word compose.Word, with string) *Plan {
	if word.Lines > 1 {
		return p.Refuse("the word goes over several lines")
	}
	return p.ReplaceAt(word.Span, word.Text, with)
}

// InsertWord puts a word behind one of a command.
func (p *Plan) InsertWord(service *compose.Service, behind compose.Word, word string, path ...any) *Plan {
	p.Means(meaning(service, path...))
	entry, ok := service.Entry(path...)
	if !ok || entry.Value.Origin.Node == nil || behind.Lines > 1 || behind.Span.Start.Line != behind.Span.End.Line {
		return p.Refuse("it is not seen where the command is written")
	}
	node, document := entry.Value.Origin.Node, entry.Value.Origin.Document
	at := document.Offset(behind.Span.End)
	switch {
	case node.Kind == yaml.ScalarNode:
		return p.replace(document.Text, at, at, " "+word)
	case node.Kind != yaml.SequenceNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Style&yaml.FlowStyle != 0:
		return p.replace(document.Text, at, at, ", "+likeItems(node, Text(word)))
	}
	return p.InsertBelow(document.Text, behind.Span.Start.Line, []string{strings.Repeat(" ", node.Column-1) + "- " + likeItems(node, Text(word))})
}
