package intent

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Tables are the tables of docs/intent.md, by the names of their places in it.
func Tables() map[string]string {
	return map[string]string{
		"roles":   rolesTable(),
		"keys":    keysTable(Keys),
		"users":   keysTable(userKeys),
		"presets": presetsTable(),
		"tls":     keysTable(tlsKeys),
		"owned":   ownedTable(),
	}
}

func keysTable[T any](table []Key[T]) string {
	rows := [][]string{{"key", "value", "without it"}}
	for _, k := range table {
		rows = append(rows, []string{code(k.Name), k.Value, k.without()})
	}
	return markdown(rows)
}

// without is what holds where a key is not given.
func (k Key[T]) without() string {
	switch {
	case k.Required:
		return "required"
	case k.Default != nil:
		written, _ := json.Marshal(k.Default) // which is how TOML has the few kinds that there are
		return code(string(written))
	}
	return k.Without
}

func rolesTable() string {
	rows := [][]string{{"role", "when memory is full", "persistence", "lost in a crash"}}
	for _, r := range roles {
		rows = append(rows, []string{code(r.Name), fmt.Sprintf("%s (%s)", r.Short.Full, code(r.Policy)), r.Short.Kept, r.Short.Lost})
	}
	return markdown(rows)
}

func presetsTable() string {
	rows := [][]string{{"preset", "may"}}
	for _, p := range presets {
		rows = append(rows, []string{code(p.Name), p.May})
	}
	return markdown(rows)
}

func ownedTable() string {
	rows := [][]string{{"directives", "where", "instead, or why"}}
	for _, part := range []struct {
		where string
		list  []ownership
	}{{"everywhere", owned}, {"in a set or cluster", ownedInSet}, {"in a cluster", ownedInCluster}} {
		for _, o := range part.list {
			var names []string
			for _, name := range o.names {
				names = append(names, code(name))
			}
			rows = append(rows, []string{strings.Join(names, ", "), part.where, o.why})
		}
	}
	return markdown(append(rows, []string{code(tlsPrefix) + "…", "everywhere", ownedByTLS}))
}

func code(text string) string { return "`" + text + "`" }

// markdown prints a table, the first row of which is its head.
func markdown(rows [][]string) string {
	var out strings.Builder
	for n, row := range rows {
		out.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if n == 0 {
			out.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	return out.String()
}

// Schema is the JSON Schema of an intent, for editors. It knows less than Read
// does: what follows from other keys, and from the release, is not in it.
func Schema() map[string]any {
	schema := tableSchema(Keys)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "redis.toml"
	properties := schema["properties"].(map[string]any)
	properties[tlsTable] = tableSchema(tlsKeys)
	properties[usersTable] = map[string]any{"type": "array", "items": tableSchema(userKeys)}
	line := []any{map[string]any{"type": "string"}, map[string]any{"type": "integer"}, map[string]any{"type": "boolean"}}
	properties[redisTable] = map[string]any{
		"type": "object", "description": "directives of redis.conf for which there is no key",
		"additionalProperties": map[string]any{"anyOf": append([]any{map[string]any{"type": "array", "items": map[string]any{"anyOf": line}, "minItems": 1}}, line...)},
	}
	return schema
}

func tableSchema[T any](table []Key[T]) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, k := range table {
		property := map[string]any{"description": k.Value}
		for name, value := range k.Type.schema {
			property[name] = value
		}
		if k.Default != nil {
			property["default"] = k.Default
		}
		properties[k.Name] = property
		if k.Required {
			required = append(required, k.Name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}
