package compose

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
)

// reading turns the nodes of one document into values: aliases and merge keys
// are followed, variables are put in, and texts become what Compose converts
// them to. A node that is used in many places is read once for each attribute
// that it stands for, so that what is read is as large as what is written.
type reading struct {
	project  *Project
	document *model.Document
	made     map[use]*model.Value
	open     map[*yaml.Node]bool // being read: an alias to one of them is a circle
	path     []string
}

// use is a node as a value of an attribute.
type use struct {
	node *yaml.Node
	as   *attribute
}

// values reads a document. What is wrong with it is refused.
func (p *Project) values(document *model.Document) *model.Value {
	if document.Root == nil {
		return nil
	}
	r := &reading{project: p, document: document, made: map[use]*model.Value{}, open: map[*yaml.Node]bool{}}
	return r.value(document.Root, top())
}

// value reads one node. The result is never nil.
func (r *reading) value(node *yaml.Node, as *attribute) *model.Value {
	if node.Kind == yaml.AliasNode {
		return r.alias(node, as)
	}
	if known := r.made[use{node, as}]; known != nil {
		return known
	}
	value := &model.Value{Origin: model.Origin{Document: r.document, Node: node}}
	if !r.project.spend(disk.Nodes, 1, value.Origin) {
		return value
	}
	switch node.Kind {
	case yaml.MappingNode:
		r.open[node] = true
		r.mapping(value, node, as)
		delete(r.open, node)
	case yaml.SequenceNode:
		r.open[node] = true
		r.sequence(value, node, as)
		delete(r.open, node)
	default:
		r.scalar(value, node, as)
	}
	r.made[use{node, as}] = value
	return value
}

// alias reads what an alias stands for. The value keeps the place of the
// alias where it is a scalar: a reader sees it there.
func (r *reading) alias(node *yaml.Node, as *attribute) *model.Value {
	if r.open[node.Alias] {
		origin := model.Origin{Document: r.document, Node: node}
		r.project.refuse(NotYAML, origin, nil, fmt.Sprintf("anchor %q contains itself", node.Value))
		return &model.Value{Origin: origin}
	}
	return r.value(node.Alias, as)
}

func (r *reading) sequence(value *model.Value, node *yaml.Node, as *attribute) {
	value.Kind = model.Sequence
	value.Items = make([]*model.Value, 0, len(node.Content))
	for i, child := range node.Content {
		if resolve(child).Tag == resetTag {
			continue
		}
		r.path = append(r.path, strconv.Itoa(i))
		value.Items = append(value.Items, r.item(child, as.at("[]")))
		r.path = r.path[:len(r.path)-1]
	}
}

// item is an element of a sequence, at the place where it is an alias.
func (r *reading) item(node *yaml.Node, as *attribute) *model.Value {
	value := r.value(node, as)
	if node.Kind == yaml.AliasNode && value.IsScalar() {
		at := *value
		at.Origin.Node = node
		return &at
	}
	return value
}

func (r *reading) mapping(value *model.Value, node *yaml.Node, as *attribute) {
	value.Kind = model.Mapping
	value.Entries = make([]model.Entry, 0, len(node.Content)/2)
	seen := make(map[string]*yaml.Node, len(node.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, child := node.Content[i], node.Content[i+1]
		if first := seen[key.Value]; first != nil {
			r.refuseKey(NotYAML, key, "mapping key %q already defined at line %d", key.Value, first.Line)
			continue
		}
		seen[key.Value] = key
		if isMerge(key) {
			merged = append(merged, child)
			if !mergeable(child) {
				r.refuseKey(NotYAML, key, "map merge requires map or sequence of maps as the value")
			}
			continue
		}
		name, ok := r.name(key)
		if !ok || resolve(child).Tag == resetTag {
			continue
		}
		r.path = append(r.path, name)
		entry := model.Entry{Name: name, Key: model.Origin{Document: r.document, Node: key}, Value: r.item(child, as.at(name))}
		value.Entries = append(value.Entries, entry)
		r.path = r.path[:len(r.path)-1]
	}
	for _, child := range merged {
		r.inherit(value, child, as)
	}
}

// inherit adds what a merge key brings and the mapping does not have itself.
func (r *reading) inherit(value *model.Value, node *yaml.Node, as *attribute) {
	for _, source := range mergeSources(node) {
		if resolve(source) == nil || resolve(source).Kind != yaml.MappingNode {
			continue
		}
		inherited := r.value(source, as)
		if !r.project.spend(disk.Nodes, len(inherited.Entries), value.Origin) {
			return
		}
		own := make(map[string]bool, len(value.Entries))
		for i := range value.Entries {
			own[value.Entries[i].Name] = true
		}
		for _, entry := range inherited.Entries {
			if !own[entry.Name] {
				value.Entries = append(value.Entries, entry)
			}
		}
	}
}

// name is the text of a key; Compose takes no numbers and the like.
func (r *reading) name(key *yaml.Node) (name string, ok bool) {
	scalar := resolve(key)
	if scalar.Kind != yaml.ScalarNode {
		r.refuseKey(NotYAML, key, "a key must be a text")
		return "", false
	}
	switch tag := scalar.ShortTag(); tag {
	case "!!int", "!!float", "!!bool", "!!null", "!!timestamp":
		r.refuseKey(Refused, key, "the key %s is no text: put it in quotes", brief(scalar.Value))
		return "", false
	case "!!binary":
		text, err := decodeBinary(scalar.Value)
		if err != nil {
			r.refuseKey(NotYAML, key, "!!binary value contains invalid base64 data")
		}
		return text, err == nil
	}
	return scalar.Value, true
}

func (r *reading) refuseKey(kind FailureKind, key *yaml.Node, format string, args ...any) {
	r.project.refuse(kind, model.Origin{Document: r.document, Node: key}, r.path, fmt.Sprintf(format, args...))
}

// scalar reads a text, a number or a truth value.
func (r *reading) scalar(value *model.Value, node *yaml.Node, as *attribute) {
	value.Text = node.Value
	switch tag := node.ShortTag(); tag {
	case "!!null":
		if err := node.Decode(new(any)); err != nil {
			r.project.refuse(NotYAML, value.Origin, r.path, fmt.Sprintf("%s stands before what is a text", tag))
		}
		value.Kind, value.Text = model.Null, ""
		return
	case "!!int", "!!float", "!!bool":
		r.number(value, node, tag)
		return
	case "!!binary":
		text, err := decodeBinary(node.Value)
		if err != nil {
			r.project.refuse(NotYAML, value.Origin, r.path, "!!binary value contains invalid base64 data")
		}
		value.Text = text
	case "!!timestamp":
		value.Date = true
		if err := node.Decode(new(time.Time)); err != nil {
			r.project.refuse(NotYAML, value.Origin, r.path, "!!timestamp stands before what is none")
		}
	}
	value.Kind = model.String
	r.interpolate(value)
	if as != nil && as.cast != nil && !value.Marked {
		r.cast(value, as.cast)
	}
}

func decodeBinary(text string) (string, error) {
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return string(data), err
}

// number reads what YAML takes for something other than a text, in the
// notation of Go.
func (r *reading) number(value *model.Value, node *yaml.Node, tag string) {
	var decoded any
	if err := node.Decode(&decoded); err != nil {
		r.project.refuse(NotYAML, value.Origin, r.path, fmt.Sprintf("cannot decode %s %q", tag, brief(node.Value)))
		return
	}
	switch decoded := decoded.(type) {
	case bool:
		value.Kind, value.Text = model.Bool, strconv.FormatBool(decoded)
	case float64:
		value.Kind, value.Text = model.Float, strconv.FormatFloat(decoded, 'g', -1, 64)
	case int, int64, uint64:
		value.Kind, value.Text = model.Int, fmt.Sprint(decoded)
	default:
		value.Kind, value.Text = model.String, fmt.Sprint(decoded)
	}
}

// interpolate puts variables into a text.
func (r *reading) interpolate(value *model.Value) {
	if !strings.Contains(value.Text, "$") {
		return
	}
	text, err := r.project.substitution(r.document).apply(value.Text)
	if err != nil {
		r.project.refuse(Refused, value.Origin, r.path, fmt.Sprintf("%s cannot be interpolated: %v", strings.Join(r.path, "."), err))
		return
	}
	r.project.spend(disk.BytesInterpolated, len(text), value.Origin)
	value.Text, value.Marked = text, !unset.Known(text)
}

// cast converts a text to what its attribute takes.
func (r *reading) cast(value *model.Value, to cast) {
	kind, text, err := to(value.Text)
	if err != nil {
		r.project.refuse(Refused, value.Origin, r.path, fmt.Sprintf("%s: %v", strings.Join(r.path, "."), err))
		return
	}
	value.Kind, value.Text = kind, text
}

// cast converts a text; its error says what is wanted.
type cast func(text string) (model.Kind, string, error)

func toBool(text string) (model.Kind, string, error) {
	switch strings.ToLower(text) {
	case "true", "y", "yes", "on":
		return model.Bool, "true", nil
	case "false", "n", "no", "off":
		return model.Bool, "false", nil
	}
	return 0, "", fmt.Errorf("%q is no boolean: write true or false", brief(text))
}

func toInt(text string) (model.Kind, string, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, "", fmt.Errorf("%q is no whole number", brief(text))
	}
	return model.Int, strconv.FormatInt(number, 10), nil
}

func toFloat(text string) (model.Kind, string, error) {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, "", fmt.Errorf("%q is no number", brief(text))
	}
	return model.Float, strconv.FormatFloat(number, 'g', -1, 64), nil
}
