package schema

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/position"
)

// parse reads one YAML document.
func parse(t testing.TB, source string) *yaml.Node {
	t.Helper()
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(source), &document))
	return document.Content[0]
}

// values makes values of YAML nodes as the loader does: what an anchor names
// is one value, and merge keys are gone.
type values struct {
	document *model.Document
	made     map[*yaml.Node]*model.Value
}

func valueOf(source string, root *yaml.Node) *model.Value {
	v := values{made: map[*yaml.Node]*model.Value{}}
	v.document = &model.Document{Text: position.NewText("compose.yaml", []byte(source)), Root: root}
	return v.of(root)
}

func (v *values) of(node *yaml.Node) *model.Value {
	if node.Kind == yaml.AliasNode {
		return v.of(node.Alias)
	}
	if value := v.made[node]; value != nil {
		return value
	}
	value := &model.Value{Origin: v.origin(node)}
	v.made[node] = value
	switch node.Kind {
	case yaml.MappingNode:
		value.Kind = model.Mapping
		v.entries(value, node)
	case yaml.SequenceNode:
		value.Kind = model.Sequence
		for _, item := range node.Content {
			value.Items = append(value.Items, v.of(item))
		}
	default:
		value.Kind, value.Text = scalarOf(node)
	}
	return value
}

func (v *values) origin(node *yaml.Node) model.Origin {
	return model.Origin{Document: v.document, Node: node}
}

func (v *values) entries(value *model.Value, node *yaml.Node) {
	seen := map[string]bool{}
	add := func(entry model.Entry) {
		if !seen[entry.Name] {
			seen[entry.Name] = true
			value.Entries = append(value.Entries, entry)
		}
	}
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; key.Tag != "!!merge" {
			add(model.Entry{Name: key.Value, Key: v.origin(key), Value: v.of(node.Content[i+1])})
		}
	}
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Tag != "!!merge" {
			continue
		}
		source := v.of(node.Content[i+1])
		for _, mapping := range append([]*model.Value{source}, source.Items...) {
			for _, entry := range mapping.Entries {
				add(entry)
			}
		}
	}
}

func scalarOf(node *yaml.Node) (model.Kind, string) {
	switch node.ShortTag() {
	case "!!null":
		return model.Null, ""
	case "!!bool":
		return model.Bool, node.Value
	case "!!int":
		return model.Int, decodedText(node)
	case "!!float":
		return model.Float, decodedText(node)
	}
	return model.String, node.Value
}

// decodedText is a number in Go's notation.
func decodedText(node *yaml.Node) string {
	var number any
	if err := node.Decode(&number); err != nil {
		panic(err)
	}
	return fmt.Sprint(number)
}
