package secrets

import (
	"encoding/base64"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// tree is the nodes of a compose file with the region of each.
type tree struct {
	*finder
	text    *text
	regions func() map[*yaml.Node]region
}

// lookAtDocuments finds the secrets of a compose file.
func (f *finder) lookAtDocuments(t *text) {
	d := tree{finder: f, text: t, regions: sync.OnceValue(func() map[*yaml.Node]region { return regionsOf(t) })}
	for _, document := range t.documents {
		d.node(document, nil)
	}
	for number, line := range t.lines {
		if _, comment, found := strings.Cut(line, "#"); found {
			end := t.starts[number] + len(line)
			f.hide(region{t, end - len(comment), end}, doubted(f.scan(comment)))
		}
	}
}

// regionsOf gives each scalar the text up to the next node.
func regionsOf(t *text) map[*yaml.Node]region {
	var all []*yaml.Node
	var collect func(node *yaml.Node)
	collect = func(node *yaml.Node) {
		all = append(all, node)
		for _, child := range node.Content {
			collect(child)
		}
	}
	for _, document := range t.documents {
		collect(document)
	}
	regions := map[*yaml.Node]region{}
	end := len(t.joined)
	for _, node := range slices.Backward(all) {
		start := t.offset(node.Line, node.Column)
		if start > end { // of a flow that is no mapping, the library is not exact
			start = end
		}
		regions[node] = region{t, start, end}
		end = start
	}
	return regions
}

// node finds the secrets below a node, to which keys lead.
func (d tree) node(node *yaml.Node, keys []string) {
	switch node.Kind {
	case yaml.DocumentNode:
		for _, child := range node.Content {
			d.node(child, keys)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			d.entry(node.Content[i], node.Content[i+1], keys)
		}
	case yaml.SequenceNode:
		d.sequence(node, keys)
	case yaml.ScalarNode:
		d.hideIn(node, d.scan(textOf(node)))
	}
}

// hideIn notes the secrets that were found in a node.
func (d tree) hideIn(node *yaml.Node, hits []hit) {
	if len(hits) > 0 {
		d.hide(d.regions()[node], hits)
	}
}

// textOf is what a scalar says.
func textOf(node *yaml.Node) string {
	if node.Tag == "!!binary" {
		if decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(node.Value), "")); err == nil {
			return string(decoded)
		}
	}
	return node.Value
}

// entry finds the secrets of a key and its value.
func (d tree) entry(key, value *yaml.Node, keys []string) {
	name := textOf(key)
	if value.Kind == yaml.AliasNode && value.Alias != nil {
		// What the anchor names is a secret if the alias stands for one.
		if target := value.Alias; target.Kind == yaml.ScalarNode && d.isSecretAt(name, keys) {
			d.secret(target)
		}
		return
	}
	if value.Kind == yaml.ScalarNode {
		d.assigned[name] = true
		if slices.Contains(keys, "secrets") && name == "environment" {
			d.refer(textOf(value)) // its value becomes the secret
		}
		if d.isSecretAt(name, keys) {
			d.secret(value)
			return
		}
	}
	if value.Kind == yaml.SequenceNode && d.isSecret(name) {
		for _, element := range value.Content {
			if element.Kind == yaml.ScalarNode {
				d.secret(element)
			}
		}
	}
	d.node(value, append(slices.Clip(keys), name))
}

// isSecretAt reports whether the scalar under a key is a secret.
func (d tree) isSecretAt(name string, keys []string) bool {
	return d.isSecret(name) || name == "content" && slices.Contains(keys, "secrets")
}

// secret notes that a scalar is one as a whole.
func (d tree) secret(node *yaml.Node) {
	hits := []hit{{text: textOf(node)}}
	if textOf(node) != node.Value {
		hits = append(hits, hit{text: node.Value})
	}
	// To YAML a password that begins with a sigil is a tag, or the name of an anchor.
	if strings.HasPrefix(node.Tag, "!") && !strings.HasPrefix(node.Tag, "!!") {
		hits = append(hits, hit{text: node.Tag})
	}
	if node.Anchor != "" && node.Value == "" {
		hits = append(hits, hit{text: node.Anchor})
	}
	d.hideIn(node, hits)
	d.noteWritten(node)
}

// noteWritten adds a secret as it is written, with its escapes.
func (d tree) noteWritten(node *yaml.Node) {
	if node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		for _, literal := range d.literals(unquote(d.regions()[node].written())) {
			d.note(literal)
		}
	}
}

// sequence finds the secrets of a list: those of its elements, and what one
// element says of the next, as in ["--requirepass", "hunter2"].
func (d tree) sequence(node *yaml.Node, keys []string) {
	var words []string
	for _, element := range node.Content {
		d.node(element, keys)
		scalar := element
		if element.Kind == yaml.AliasNode && element.Alias != nil {
			scalar = element.Alias
		}
		if scalar.Kind == yaml.ScalarNode {
			words = append(words, textOf(scalar))
		} else {
			words = append(words, "")
		}
	}
	if !slices.ContainsFunc(words, d.isPromising) {
		return
	}
	for _, h := range d.scanWords(words) {
		element := node.Content[h.word]
		if element.Kind == yaml.AliasNode {
			element = element.Alias
		}
		d.hideIn(element, []hit{{text: h.text, doubtful: h.doubtful}})
		if h.text == textOf(element) && !h.doubtful {
			d.noteWritten(element)
		}
	}
}
