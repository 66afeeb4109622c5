package model

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/position"
)

// Document is one YAML document of a compose file, as it is read in one place:
// a file that two others include is two documents, since its paths and
// variables may differ.
type Document struct {
	*position.Text
	Path      string                                     // on disk, absolute
	Directory string                                     // where its relative paths start, absolute
	Root      *yaml.Node                                 // what it holds; nil where that is nothing
	Lookup    func(name string) (value string, set bool) // the variables that it is interpolated with
}

// Span returns where a node stands: the whole of a scalar, else the place
// where the node begins.
func (d *Document) Span(node *yaml.Node) position.Span {
	if node == nil {
		return d.LineSpan(1)
	}
	if node.Line > d.Lines() {
		return d.LineSpan(d.Lines()) // an empty node behind the end
	}
	start := d.skipProperties(position.At(node.Line, node.Column))
	end := position.At(start.Line, start.Column+1)
	if node.Kind == yaml.ScalarNode || node.Kind == yaml.AliasNode {
		end = d.scalarEnd(node, start)
	}
	return position.Span{File: d.File, Start: start, End: end}
}

// skipProperties moves past an anchor and a tag: the YAML library places a
// node at those, a reader looks for the value.
func (d *Document) skipProperties(pos position.Pos) position.Pos {
	for {
		text := d.From(pos)
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
	text := d.From(start)
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
	text, pos := d.From(start)[1:], position.At(start.Line, start.Column+1)
	for pos.Line <= d.Lines() {
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
		text = d.Line(pos.Line)
	}
	return d.LineSpan(start.Line).End
}
