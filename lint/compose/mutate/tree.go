package mutate

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// document is the YAML of a text, to be changed.
type document struct {
	roots  []*yaml.Node
	values []site
}

// site is the place of one value: the child at an index of a mapping or a list.
type site struct {
	path   []string
	parent *yaml.Node
	index  int
}

func (s site) String() string { return strings.Join(s.path, ".") }

func (s site) value() *yaml.Node { return s.parent.Content[s.index] }

func (s site) set(value *yaml.Node) { s.parent.Content[s.index] = value }

func (s site) isEntry() bool { return s.parent.Kind == yaml.MappingNode }

// key is the key of an entry of a mapping.
func (s site) key() *yaml.Node { return s.parent.Content[s.index-1] }

// drop takes the value, and its key where it has one, out.
func (s site) drop() {
	first := s.index
	if s.isEntry() {
		first--
	}
	s.parent.Content = append(append([]*yaml.Node{}, s.parent.Content[:first]...), s.parent.Content[s.index+1:]...)
}

// name is the last part of the path that is no index.
func (s site) name() string {
	for i := len(s.path) - 1; i >= 0; i-- {
		if _, err := strconv.Atoi(s.path[i]); err != nil {
			return s.path[i]
		}
	}
	return ""
}

// matches reports whether the site has a path in which * stands for anything.
func (s site) matches(pattern string) bool {
	parts := strings.Split(pattern, ".")
	if len(parts) != len(s.path) {
		return false
	}
	for i, part := range parts {
		if part != "*" && part != s.path[i] {
			return false
		}
	}
	return true
}

func parse(text string) (*document, error) {
	parsed := &document{}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var root yaml.Node
		err := decoder.Decode(&root)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		parsed.roots = append(parsed.roots, &root)
		for _, top := range root.Content {
			parsed.collect(top, nil)
		}
	}
	return parsed, nil
}

// collect lists the sites below a node, none behind an alias.
func (d *document) collect(node *yaml.Node, path []string) {
	for i, child := range node.Content {
		part := strconv.Itoa(i)
		if node.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			part = node.Content[i-1].Value
		}
		below := append(append([]string{}, path...), part)
		d.values = append(d.values, site{below, node, i})
		d.collect(child, below)
	}
}

// where are the sites for which a condition holds.
func (d *document) where(condition func(site) bool) []site {
	var found []site
	for _, s := range d.values {
		if condition(s) {
			found = append(found, s)
		}
	}
	return found
}

// mapping is the mapping at the top, nil where there is none.
func (d *document) mapping() *yaml.Node {
	for _, root := range d.roots {
		if len(root.Content) > 0 && root.Content[0].Kind == yaml.MappingNode {
			return root.Content[0]
		}
	}
	return nil
}

func (d *document) text() (string, error) {
	var buffer bytes.Buffer
	encoder := yaml.NewEncoder(&buffer)
	encoder.SetIndent(2)
	for _, root := range d.roots {
		if err := encoder.Encode(root); err != nil {
			return "", err
		}
	}
	return buffer.String(), encoder.Close()
}

// onTree is a change of the tree of a text. It says "" where it does not apply.
func onTree(edit func(*rand.Rand, *document) string) change {
	return func(r *rand.Rand, text string) (string, string) {
		parsed, err := parse(text)
		if err != nil {
			return text, ""
		}
		said := edit(r, parsed)
		if said == "" {
			return text, ""
		}
		changed, err := parsed.text()
		if err != nil {
			return text, ""
		}
		return changed, said
	}
}

// onSite is a change of one of the sites for which a condition holds.
func onSite(condition func(site) bool, edit func(*rand.Rand, *document, site) string) change {
	return onTree(func(r *rand.Rand, d *document) string {
		sites := d.where(condition)
		if len(sites) == 0 {
			return ""
		}
		at := pick(r, sites)
		said := edit(r, d, at)
		if said == "" {
			return ""
		}
		return at.String() + " " + said
	})
}

func anywhere(site) bool { return true }

func isEntry(s site) bool { return s.isEntry() }

func isItem(s site) bool { return !s.isEntry() }

func isScalar(s site) bool { return s.value().Kind == yaml.ScalarNode }

// node reads a value that is written in YAML.
func node(text string) *yaml.Node {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil || len(root.Content) == 0 {
		panic("a value that is no YAML: " + text)
	}
	unplaced(root.Content[0])
	return root.Content[0]
}

// unplaced forgets where nodes stood, so that they can stand elsewhere.
func unplaced(n *yaml.Node) {
	n.Line, n.Column = 0, 0
	for _, child := range n.Content {
		unplaced(child)
	}
}

// clone copies a node and what is below it; aliases stay what they are.
func clone(n *yaml.Node) *yaml.Node {
	copied := *n
	copied.Anchor = ""
	copied.Content = nil
	for _, child := range n.Content {
		copied.Content = append(copied.Content, clone(child))
	}
	return &copied
}
