package main

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// apart makes sure that one schema applies to a key: no pattern matches a name
// that has a schema of its own.
func apart(name string, schema document) error {
	patterns, _ := schema["patternProperties"].(document)
	for expression := range patterns {
		matcher, err := regexp.Compile(expression)
		if err != nil {
			return err
		}
		if matcher.MatchString(name) {
			return fmt.Errorf("the tables cannot express that both %q and the pattern %q apply to a key", name, expression)
		}
	}
	return nil
}

func (c *compiler) patternProperties(schema document) (string, error) {
	patterns, _ := schema["patternProperties"].(document)
	if len(patterns) > 1 {
		return "", fmt.Errorf("the tables cannot express more than one pattern of keys")
	}
	for expression, value := range patterns {
		reference, err := c.reference(value)
		if err != nil {
			return "", fmt.Errorf("%s: %w", expression, err)
		}
		return fmt.Sprintf("patterns: []patternProperty{{&%s, %s}}", c.patternVariable(expression), reference), nil
	}
	return "", nil
}

// closed is whether other keys are refused. Beside allOf they are those that
// no part knows, which only unevaluatedProperties can say.
func (c *compiler) closed(schema document) (string, error) {
	keyword := "additionalProperties"
	if schema["allOf"] != nil {
		keyword = "unevaluatedProperties"
	}
	for _, other := range []string{"additionalProperties", "unevaluatedProperties"} {
		if schema[other] != nil && other != keyword {
			return "", fmt.Errorf("the tables cannot express %s here", other)
		}
	}
	switch schema[keyword] {
	case nil, true:
		return "", nil
	case false:
		return "closed: true", nil
	}
	return "", fmt.Errorf("the tables cannot express a schema in %s", keyword)
}

func (c *compiler) required(schema document) (string, error) {
	if schema["required"] == nil {
		return "", nil
	}
	names, ok := texts(schema["required"])
	if !ok {
		return "", fmt.Errorf("the tables cannot express required %v", schema["required"])
	}
	return fmt.Sprintf("required: %#v", names), nil
}

func (c *compiler) items(schema document) (string, error) {
	if schema["items"] == nil {
		return "", nil
	}
	reference, err := c.reference(schema["items"])
	return "items: " + reference, err
}

func (c *compiler) unique(schema document) (string, error) {
	if schema["uniqueItems"] != true {
		return "", nil
	}
	return "unique: true", nil
}

// partKeywords are those of a schema that allOf may name: an open object.
var partKeywords = []string{"type", "properties", "patternProperties"}

// allOf is expressed where its parts are open objects that share no key with
// each other, and have the same patterns: then a key has one schema, wherever
// it stands.
func (c *compiler) allOf(schema document) (string, error) {
	values, _ := schema["allOf"].([]any)
	if values == nil {
		return "", nil
	}
	parts := []document{schema}
	for _, value := range values {
		part, err := c.part(value)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	for i, part := range parts {
		for _, other := range parts[i+1:] {
			if err := disjoint(part, other); err != nil {
				return "", err
			}
		}
	}
	references, err := c.references(values)
	return "allOf: " + references, err
}

func disjoint(part, other document) error {
	properties, _ := part["properties"].(document)
	others, _ := other["properties"].(document)
	for name := range properties {
		if others[name] != nil {
			return fmt.Errorf("the tables cannot express that two parts of allOf have the key %q", name)
		}
		if err := apart(name, other); err != nil {
			return err
		}
	}
	for name := range others {
		if err := apart(name, part); err != nil {
			return err
		}
	}
	first, second := part["patternProperties"], other["patternProperties"]
	if first != nil && second != nil && !reflect.DeepEqual(first, second) {
		return fmt.Errorf("the tables cannot express that parts of allOf have different patterns")
	}
	return nil
}

// part is a part of allOf: a reference to an open object.
func (c *compiler) part(value any) (document, error) {
	schema, _ := value.(document)
	target, _ := schema["$ref"].(string)
	part, _ := c.definitions[strings.TrimPrefix(target, "#/$defs/")].(document)
	if part["type"] != "object" {
		return nil, fmt.Errorf("the tables cannot express a part of allOf that is no object: %v", value)
	}
	for keyword := range part {
		if !slices.Contains(partKeywords, keyword) && !slices.Contains(annotations, keyword) {
			return nil, fmt.Errorf("the tables cannot express %q in a part of allOf", keyword)
		}
	}
	return part, nil
}

func (c *compiler) anyOf(schema document) (string, error) {
	return c.alternatives(schema, "anyOf")
}

func (c *compiler) oneOf(schema document) (string, error) {
	return c.alternatives(schema, "oneOf")
}

func (c *compiler) alternatives(schema document, keyword string) (string, error) {
	if schema[keyword] == nil {
		return "", nil
	}
	references, err := c.references(schema[keyword])
	return keyword + ": " + references, err
}

func (c *compiler) references(values any) (string, error) {
	list, ok := values.([]any)
	if !ok {
		return "", fmt.Errorf("the tables cannot express the list of schemas %v", values)
	}
	var references []string
	for _, value := range list {
		reference, err := c.reference(value)
		if err != nil {
			return "", err
		}
		references = append(references, reference)
	}
	return "[]*node{" + strings.Join(references, ", ") + "}", nil
}

func texts(value any) ([]string, bool) {
	list, ok := value.([]any)
	var result []string
	for _, item := range list {
		name, isText := item.(string)
		ok = ok && isText
		result = append(result, name)
	}
	return result, ok
}
