package schema

import (
	"math/rand/v2"

	"go.yaml.in/yaml/v4"
)

// mutate makes one to three changes to a document.
func mutate(r *rand.Rand, root *yaml.Node) {
	for range 1 + r.IntN(3) {
		nodes := collections(root, nil)
		if len(nodes) == 0 {
			return
		}
		mutateIn(r, nodes[r.IntN(len(nodes))], nodes)
	}
}

// collections are the mappings and sequences of a document that hold anything.
func collections(node *yaml.Node, found []*yaml.Node) []*yaml.Node {
	if len(node.Content) > 0 {
		found = append(found, node)
	}
	for _, child := range node.Content {
		found = collections(child, found)
	}
	return found
}

func mutateIn(r *rand.Rand, in *yaml.Node, all []*yaml.Node) {
	step := 1
	if in.Kind == yaml.MappingNode {
		step = 2
	}
	at := r.IntN(len(in.Content)/step) * step
	if in.Content[at].Tag == "!!merge" {
		return
	}
	value := &in.Content[at+step-1]
	switch r.IntN(9) {
	case 0:
		in.Content = append(in.Content[:at:at], in.Content[at+step:]...)
	case 1:
		rename(r, in, in.Content[at])
	case 2, 3:
		*value = replacements[r.IntN(len(replacements))]()
	case 4:
		*value = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{*value}}
	case 5:
		*value = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{word("source"), *value}}
	case 6: // what is there twice
		if in.Kind == yaml.SequenceNode {
			in.Content = append(in.Content, clone(*value))
		}
	case 7: // a key or item of another place
		other := all[r.IntN(len(all))]
		if other.Kind != in.Kind || other.Content[0].Tag == "!!merge" || step == 2 && has(in, other.Content[0].Value) {
			return
		}
		var copies []*yaml.Node
		for _, node := range other.Content[:step] {
			copies = append(copies, clone(node))
		}
		in.Content = append(in.Content, copies...)
	case 8: // the value of another place
		other := all[r.IntN(len(all))]
		*value = clone(other)
	}
}

func rename(r *rand.Rand, in, key *yaml.Node) {
	if in.Kind != yaml.MappingNode {
		return
	}
	name := names[r.IntN(len(names))](key.Value)
	if name != "" && !has(in, name) {
		key.Value, key.Tag, key.Style = name, "!!str", yaml.DoubleQuotedStyle
	}
}

var names = []func(string) string{
	func(s string) string { return s + "s" },
	func(s string) string { return s[:len(s)-1] },
	func(s string) string { return "x-" + s },
	func(s string) string { return s + " a" },
	func(string) string { return "image" },
	func(string) string { return "memory" },
	func(string) string { return "name" },
	func(string) string { return "condition" },
	func(string) string { return "\n" },
}

func has(mapping *yaml.Node, name string) bool {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return true
		}
	}
	return false
}

func word(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

func tagged(tag, text string) func() *yaml.Node {
	return func() *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text} }
}

// replacements are values of every kind.
var replacements = []func() *yaml.Node{
	tagged("!!null", ""), tagged("!!bool", "true"), tagged("!!bool", "false"),
	tagged("!!int", "0"), tagged("!!int", "-1"), tagged("!!int", "5000000000"), tagged("!!int", "18446744073709551615"), tagged("!!int", "0x10"),
	tagged("!!float", "1.0"), tagged("!!float", "0.5"), tagged("!!float", "1e3"), tagged("!!float", "-2000.5"), tagged("!!float", ".inf"), tagged("!!float", ".nan"),
	tagged("!!str", ""), tagged("!!str", "all"), tagged("!!str", "x"), tagged("!!str", "every_day"), tagged("!!str", "a\nb"), tagged("!!str", "'quoted'"),
	func() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} },
	func() *yaml.Node { return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"} },
	func() *yaml.Node {
		return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{word("a"), tagged("!!int", "1")(), tagged("!!float", "1.0")(), word("a")}}
	},
	func() *yaml.Node {
		return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{word("type"), word("bind"), word("b"), tagged("!!int", "1")()}}
	},
}

// clone copies a tree with what its aliases stand for, so that none can come
// to stand in what it names.
func clone(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return clone(node.Alias)
	}
	copied := *node
	copied.Anchor = ""
	copied.Content = nil
	for _, child := range node.Content {
		copied.Content = append(copied.Content, clone(child))
	}
	return &copied
}
