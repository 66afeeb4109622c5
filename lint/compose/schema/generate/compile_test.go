package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheTablesAreMadeFromTheSchemaOfCompose(t *testing.T) {
	want, err := tables()
	require.NoError(t, err)
	got, err := os.ReadFile("../tables.go")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run go generate ./lint/compose/schema")
}

func TestWhatTheTablesCannotExpressStopsTheGeneration(t *testing.T) {
	for _, c := range []struct{ name, schema, want string }{
		{"an unknown keyword", `{"minItems": 1}`, `the tables cannot express the keyword "minItems"`},
		{"a keyword far inside", `{"properties": {"a": {"oneOf": [{"format": "ports"}]}}}`, `a: the tables cannot express the keyword "format"`},
		{"a keyword in a definition", `{"$defs": {"b": {"const": 1}}, "items": {"$ref": "#/$defs/b"}}`, `b: the tables cannot express the keyword "const"`},
		{"a schema for other keys", `{"additionalProperties": {"type": "string"}}`, `the tables cannot express a schema in additionalProperties`},
		{"unevaluated keys without allOf", `{"unevaluatedProperties": false}`, `the tables cannot express unevaluatedProperties here`},
		{"two patterns", `{"patternProperties": {"a": {}, "b": {}}}`, `the tables cannot express more than one pattern of keys`},
		{"a pattern and a name", `{"properties": {"xy": {}}, "patternProperties": {"^x": {}}}`, `the tables cannot express that both "xy" and the pattern "^x" apply to a key`},
		{"a keyword beside a reference", `{"$defs": {"b": {}}, "items": {"$ref": "#/$defs/b", "type": "string"}}`, `the tables cannot express "type" beside $ref`},
		{"a reference into another file", `{"items": {"$ref": "other.json"}}`, `the tables cannot express the reference "other.json"`},
		{"a schema that holds itself", `{"$defs": {"b": {"items": {"$ref": "#/$defs/b"}}}, "items": {"$ref": "#/$defs/b"}}`, `b: the tables cannot express a schema that holds itself: b`},
		{"an enum of numbers", `{"type": "integer", "enum": [1, 2]}`, `the tables cannot express the enum [1 2] of what is not only a string`},
		{"a type that JSON has not", `{"type": "date"}`, `the tables cannot express the type "date"`},
		{"a closed part", `{"$defs": {"b": {"type": "object", "additionalProperties": false}}, "allOf": [{"$ref": "#/$defs/b"}]}`, `the tables cannot express "additionalProperties" in a part of allOf`},
		{"parts that share a key", `{"$defs": {"b": {"type": "object", "properties": {"a": {}}}}, "properties": {"a": {}}, "allOf": [{"$ref": "#/$defs/b"}]}`, `the tables cannot express that two parts of allOf have the key "a"`},
		{"the schema false", `{"items": false}`, `the tables cannot express the schema false`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compile([]byte(c.schema), "v0")
			assert.EqualError(t, err, c.want)
		})
	}
}
