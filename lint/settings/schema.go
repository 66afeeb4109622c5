package settings

import (
	"reflect"
	"slices"
)

// Schema is the JSON Schema of the file, made from the structures that it is
// read into.
func Schema(words Vocabulary) map[string]any {
	schema := words.object(reflect.TypeFor[Settings]())
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = Name
	return schema
}

func (w Vocabulary) object(of reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, field := range reflect.VisibleFields(of) {
		name := field.Tag.Get("toml")
		if name == "" {
			continue
		}
		property := w.property(field.Type, field.Tag)
		property["description"] = field.Tag.Get("doc")
		properties[name] = property
		if field.Tag.Get("required") != "" {
			required = append(required, name)
		}
	}
	object := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		object["required"] = required
	}
	return object
}

func (w Vocabulary) property(of reflect.Type, tag reflect.StructTag) map[string]any {
	switch of.Kind() {
	case reflect.Map:
		property := map[string]any{"type": "object", "additionalProperties": w.property(of.Elem(), tag)}
		if tag.Get("keys") == "rule" {
			property["propertyNames"] = map[string]any{"enum": slices.Concat(w.Rules, w.Groups)}
		}
		return property
	case reflect.Slice:
		return map[string]any{"type": "array", "items": w.property(of.Elem(), "")}
	case reflect.Struct:
		return w.object(of)
	}
	text := map[string]any{"type": "string"}
	if words := w.of(tag.Get("kind")); words != nil {
		text["enum"] = words
	}
	return text
}
