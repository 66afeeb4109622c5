package editor

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/redis"
)

// schema is a part of a JSON Schema, as far as a TOML file needs it.
type schema map[string]any

func (s schema) part(name string) schema {
	switch part := s[name].(type) {
	case map[string]any:
		return part
	case schema:
		return part
	}
	return nil
}

// below is what stands under a key.
func (s schema) below(key string) schema {
	if items := s.part("items"); items != nil {
		s = items
	}
	if properties := s.part("properties"); properties != nil {
		if found := schema(properties).part(key); found != nil {
			return found
		}
	}
	return s.part("additionalProperties")
}

// keys are the names that may stand here.
func (s schema) keys() []string {
	if items := s.part("items"); items != nil {
		s = items
	}
	names := slices.Collect(maps.Keys(s.part("properties")))
	if restricted := s.part("propertyNames"); restricted != nil {
		names = append(names, restricted.words("enum")...)
	}
	slices.Sort(names)
	return names
}

// words are the texts of a list.
func (s schema) words(name string) []string {
	var words []string
	switch list := s[name].(type) {
	case []string:
		words = list
	case []any:
		for _, one := range list {
			words = append(words, fmt.Sprint(one))
		}
	}
	return words
}

func (s schema) text(name string) string {
	text, _ := s[name].(string)
	return text
}

// schemaOf is the schema of a TOML file, nil for other files.
func (s *Server) schemaOf(document *document) schema {
	switch document.kind {
	case settingsFile:
		return s.tool.Settings
	case intentFile:
		return s.tool.Intent
	}
	return nil
}

// The lines of TOML that count here. A key is put in quotes where it holds
// what a bare one cannot.
var (
	tableHeader = regexp.MustCompile(`^[ \t]*\[{1,2}[ \t]*([^\]#]*?)[ \t]*\]{1,2}[ \t]*(#.*)?$`)
	assignment  = regexp.MustCompile(`^[ \t]*([\w."'-]+)[ \t]*=(.*)$`)
)

// table is the path of the table that a line of the file is in.
func (q *question) table() []string {
	lines := strings.Split(q.document.text.String()[:q.document.text.Offset(q.at)], "\n")
	for _, line := range slices.Backward(lines[:len(lines)-1]) {
		if header := tableHeader.FindStringSubmatch(strings.TrimRight(line, "\r")); header != nil {
			return keyParts(header[1])
		}
	}
	return nil
}

func keyParts(key string) []string {
	parts := strings.Split(key, ".")
	for i, part := range parts {
		parts[i] = strings.Trim(part, ` "'`)
	}
	return parts
}

// hoverKey says what a key of a TOML file is for.
func (s *Server) hoverKey(q *question) *protocol.Hover {
	node := s.schemaOf(q.document)
	word, at := q.wordAt(isWord)
	if node == nil || word == "" {
		return nil
	}
	line := strings.TrimRight(q.before+q.after, "\r")
	path := q.table()
	switch {
	case tableHeader.MatchString(line):
		parts := keyParts(tableHeader.FindStringSubmatch(line)[1])
		index := slices.Index(parts, word)
		if index < 0 {
			return nil
		}
		path = parts[:index+1]
	case assignment.MatchString(line):
		path = append(path, keyParts(assignment.FindStringSubmatch(line)[1])...)
		if path[len(path)-1] != word {
			return nil
		}
	default:
		return nil
	}
	if q.isRaw(path) && len(path) == 2 {
		if directive, known := redis.DefaultRelease(redis.Redis).Directive(word); known {
			return &protocol.Hover{Contents: markdown(headOf(directive), factsOf(directive, word), sinceOf(word)), Range: &at}
		}
		return nil
	}
	for _, key := range path {
		node = node.below(key)
	}
	if node == nil {
		return nil
	}
	return &protocol.Hover{Contents: aboutKey(strings.Join(path, "."), node), Range: &at}
}

// isRaw reports whether a path leads to what an intent says of redis.conf
// itself.
func (q *question) isRaw(path []string) bool {
	return q.document.kind == intentFile && len(path) > 0 && path[0] == "redis"
}

func aboutKey(name string, node schema) protocol.MarkupContent {
	var facts []string
	if value, given := node["default"]; given {
		facts = append(facts, "default "+code(fmt.Sprint(value)))
	}
	for _, bound := range []struct{ key, word string }{{"minimum", "from"}, {"maximum", "to"}} {
		if value, given := node[bound.key]; given {
			facts = append(facts, bound.word+" "+code(fmt.Sprint(value)))
		}
	}
	if words := node.words("enum"); len(words) > 0 && len(words) <= 12 {
		facts = append(facts, "one of "+strings.Join(words, ", "))
	}
	return markdown("**"+escaped(name)+"**", node.text("description"), strings.Join(facts, " · "))
}
