package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// document is a JSON schema, or a part of one.
type document = map[string]any

// compiler writes schemas as literals of package schema's type node.
type compiler struct {
	definitions document
	compiling   []string          // definitions that are being written, outermost first
	literals    map[string]string // of definitions, and of schemas that say only a type, by the variable
	patterns    map[string]string // variables by the regular expression
}

// compile returns the Go file that says what a schema says. What the tables
// cannot express is an error, never left out.
func compile(source []byte, version string) ([]byte, error) {
	var root document
	if err := json.Unmarshal(source, &root); err != nil {
		return nil, err
	}
	c := &compiler{literals: map[string]string{}, patterns: map[string]string{}}
	c.definitions, _ = root["$defs"].(document)
	delete(root, "$defs")
	literal, err := c.literal(root)
	if err != nil {
		return nil, err
	}
	c.literals["composeFile"] = literal
	c.literals["anything"] = "node{}"

	var code bytes.Buffer
	fmt.Fprintf(&code, "// Code generated from the schema of compose-go %s by go generate. DO NOT EDIT.\n\n", version)
	fmt.Fprintf(&code, "package schema\n\n")
	for _, expression := range slices.Sorted(maps.Keys(c.patterns)) {
		fmt.Fprintf(&code, "var %s = pattern{expression: %q}\n", c.patterns[expression], expression)
	}
	for _, name := range slices.Sorted(maps.Keys(c.literals)) {
		fmt.Fprintf(&code, "\nvar %s = %s\n", name, c.literals[name])
	}
	return format.Source(code.Bytes())
}

// annotations say nothing of what is accepted.
var annotations = []string{"$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated"}

// field writes the keywords that make one field of a node.
type field struct {
	keywords []string
	write    func(schema document) (string, error)
}

// fields are in the order of node's fields.
func (c *compiler) fields() []field {
	return []field{
		{[]string{"type"}, c.types},
		{[]string{"enum"}, c.enum},
		{[]string{"pattern"}, c.pattern},
		{[]string{"minimum", "maximum"}, c.bounds},
		{[]string{"properties"}, c.properties},
		{[]string{"patternProperties"}, c.patternProperties},
		{[]string{"additionalProperties", "unevaluatedProperties"}, c.closed},
		{[]string{"required"}, c.required},
		{[]string{"items"}, c.items},
		{[]string{"uniqueItems"}, c.unique},
		{[]string{"allOf"}, c.allOf},
		{[]string{"anyOf"}, c.anyOf},
		{[]string{"oneOf"}, c.oneOf},
	}
}

// literal writes a schema as a value of type node.
func (c *compiler) literal(schema document) (string, error) {
	rest := maps.Clone(schema)
	for _, keyword := range annotations {
		delete(rest, keyword)
	}
	var written []string
	for _, field := range c.fields() {
		text, err := field.write(schema)
		if err != nil {
			return "", err
		}
		if text != "" {
			written = append(written, text)
		}
		for _, keyword := range field.keywords {
			delete(rest, keyword)
		}
	}
	for _, keyword := range slices.Sorted(maps.Keys(rest)) {
		return "", fmt.Errorf("the tables cannot express the keyword %q", keyword)
	}
	return "node{" + strings.Join(written, ", ") + "}", nil
}

// reference writes a schema as a pointer: to a variable where it is a
// definition or says only a type, so that it is in the program once.
func (c *compiler) reference(value any) (string, error) {
	if value == true {
		return "&anything", nil
	}
	schema, ok := value.(document)
	if !ok {
		return "", fmt.Errorf("the tables cannot express the schema %v", value)
	}
	if target, ok := schema["$ref"].(string); ok {
		if err := onlyReference(schema); err != nil {
			return "", err
		}
		return c.definition(target)
	}
	literal, err := c.literal(schema)
	if err != nil {
		return "", err
	}
	switch name := c.typeVariable(schema, literal); {
	case literal == "node{}":
		return "&anything", nil
	case name != "":
		c.literals[name] = literal
		return "&" + name, nil
	}
	return "&" + literal, nil
}

func onlyReference(schema document) error {
	for keyword := range schema {
		if keyword != "$ref" && !slices.Contains(annotations, keyword) {
			return fmt.Errorf("the tables cannot express %q beside $ref", keyword)
		}
	}
	return nil
}

// typeVariable names a schema that says only a type: onlyBooleanString.
func (c *compiler) typeVariable(schema document, literal string) string {
	if !strings.HasPrefix(literal, "node{types: ") || strings.ContainsAny(literal, ",") {
		return ""
	}
	name := "only"
	for _, part := range slices.Sorted(slices.Values(typesOf(schema))) {
		name += capital(part)
	}
	return name
}

// definition writes a definition of the schema as a variable of its own.
func (c *compiler) definition(target string) (string, error) {
	name, ok := strings.CutPrefix(target, "#/$defs/")
	schema, known := c.definitions[name].(document)
	if !ok || !known {
		return "", fmt.Errorf("the tables cannot express the reference %q", target)
	}
	variable := camel(name)
	if _, written := c.literals[variable]; written {
		return "&" + variable, nil
	}
	if slices.Contains(c.compiling, name) {
		return "", fmt.Errorf("the tables cannot express a schema that holds itself: %s", name)
	}
	c.compiling = append(c.compiling, name)
	literal, err := c.literal(schema)
	c.compiling = c.compiling[:len(c.compiling)-1]
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	c.literals[variable] = literal
	return "&" + variable, nil
}

// camel turns service_hook into serviceHookSchema.
func camel(name string) string {
	parts := strings.Split(name, "_")
	for i := range parts[1:] {
		parts[i+1] = capital(parts[i+1])
	}
	return strings.Join(parts, "") + "Schema"
}

func capital(word string) string {
	return strings.ToUpper(word[:1]) + word[1:]
}

func typesOf(schema document) []string {
	switch wanted := schema["type"].(type) {
	case string:
		return []string{wanted}
	case []any:
		names, _ := texts(wanted)
		return names
	}
	return nil
}

var typeConstants = map[string]string{
	"null": "null", "boolean": "boolean", "integer": "integer", "number": "number",
	"string": "text", "array": "array", "object": "object",
}

func (c *compiler) types(schema document) (string, error) {
	switch {
	case schema["allOf"] != nil && (schema["type"] == nil || schema["type"] == "object"):
		return "types: object", nil // as its parts ask
	case schema["type"] == nil:
		return "", nil
	}
	var constants []string
	for _, name := range typesOf(schema) {
		constant, known := typeConstants[name]
		if !known {
			return "", fmt.Errorf("the tables cannot express the type %q", name)
		}
		constants = append(constants, constant)
	}
	if len(constants) == 0 {
		return "", fmt.Errorf("the tables cannot express the type %v", schema["type"])
	}
	return "types: " + strings.Join(constants, "|"), nil
}

// enum holds texts only: then a value that is in it is a string.
func (c *compiler) enum(schema document) (string, error) {
	if schema["enum"] == nil {
		return "", nil
	}
	names, ok := texts(schema["enum"])
	if !ok || schema["type"] != "string" {
		return "", fmt.Errorf("the tables cannot express the enum %v of what is not only a string", schema["enum"])
	}
	return fmt.Sprintf("enum: %#v", names), nil
}

func (c *compiler) pattern(schema document) (string, error) {
	if schema["pattern"] == nil {
		return "", nil
	}
	expression, _ := schema["pattern"].(string)
	return "pattern: &" + c.patternVariable(expression), nil
}

func (c *compiler) patternVariable(expression string) string {
	if c.patterns[expression] == "" {
		c.patterns[expression] = "pattern" + strconv.Itoa(len(c.patterns))
	}
	return c.patterns[expression]
}

func (c *compiler) bounds(schema document) (string, error) {
	var bounds []string
	for _, b := range []struct{ keyword, upper string }{{"minimum", ""}, {"maximum", "upper: true, "}} {
		if schema[b.keyword] != nil {
			value, ok := schema[b.keyword].(float64)
			if !ok {
				return "", fmt.Errorf("the tables cannot express the %s %v", b.keyword, schema[b.keyword])
			}
			bounds = append(bounds, fmt.Sprintf("{%svalue: %s}", b.upper, strconv.FormatFloat(value, 'f', -1, 64)))
		}
	}
	if bounds == nil {
		return "", nil
	}
	return "bounds: []bound{" + strings.Join(bounds, ", ") + "}", nil
}

func (c *compiler) properties(schema document) (string, error) {
	properties, _ := schema["properties"].(document)
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		reference, err := c.reference(properties[name])
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if err := apart(name, schema); err != nil {
			return "", err
		}
		lines = append(lines, fmt.Sprintf("{%q, %s},\n", name, reference))
	}
	if lines == nil {
		return "", nil
	}
	return "properties: []property{\n" + strings.Join(lines, "") + "}", nil
}
