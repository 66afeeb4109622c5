package edit

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Value is what is written into a compose file.
type Value struct {
	text    string
	written bool // text is YAML already
	items   []Value
	entries []Entry
	flow    bool
}

// Entry is a key and its value.
type Entry struct {
	Key   string
	Value Value
}

// Text is a scalar, quoted where it has to be. Of a $ Compose makes a variable:
// who means the character writes two.
func Text(text string) Value { return Value{text: text} }

// Plain is a number, a size or a truth value, written as it is.
func Plain(text string) Value { return Value{text: text, written: true} }

// Words is a list on one line.
func Words(words ...string) Value {
	list := Value{flow: true}
	for _, word := range words {
		list.items = append(list.items, Value{text: quoted(word), written: true})
	}
	return list
}

// List is a list, an item a line.
func List(items ...Value) Value { return Value{items: items} }

// Map is a mapping, an entry a line.
func Map(entries ...Entry) Value { return Value{entries: entries} }

// Nothing is the empty value.
func Nothing() Value { return Value{written: true} }

// style is how a file is indented.
type style struct {
	step int // of a mapping in a mapping
	item int // of a list below its key
}

// lines writes an entry at an indentation.
func (s style) lines(entry Entry, indent int) []string {
	key := strings.Repeat(" ", indent) + scalar(entry.Key) + ":"
	value := entry.Value
	switch {
	case len(value.entries) > 0:
		lines := []string{key}
		for _, below := range value.entries {
			lines = append(lines, s.lines(below, indent+s.step)...)
		}
		return lines
	case len(value.items) > 0 && !value.flow:
		lines := []string{key}
		for _, item := range value.items {
			lines = append(lines, s.listItem(item, indent+s.item)...)
		}
		return lines
	}
	if inline := value.inline(); inline != "" {
		key += " " + inline
	}
	return []string{key}
}

// listItem writes an item of a list at an indentation.
func (s style) listItem(item Value, indent int) []string {
	dash := strings.Repeat(" ", indent) + "- "
	if len(item.entries) == 0 {
		return []string{dash + item.inline()}
	}
	var lines []string
	for _, entry := range item.entries {
		lines = append(lines, s.lines(entry, indent+2)...)
	}
	lines[0] = dash + lines[0][indent+2:]
	return lines
}

// inline writes a value on one line.
func (v Value) inline() string {
	switch {
	case len(v.entries) > 0:
		var parts []string
		for _, entry := range v.entries {
			inline := entry.Value.inline()
			if inline == "" {
				inline = "{}"
			}
			parts = append(parts, scalar(entry.Key)+": "+inline)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case len(v.items) > 0:
		var parts []string
		for _, item := range v.items {
			parts = append(parts, item.inline())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case v.written:
		return v.text
	}
	return scalar(v.text)
}

// plainScalar is what means itself without quotes, in a flow collection too.
var plainScalar = regexp.MustCompile(`^[A-Za-z_./$][A-Za-z0-9_./@%+=$~-]*(:[A-Za-z0-9_./@%+=$~-]+)*$`)

// scalar writes a text so that it is one again.
func scalar(text string) string {
	if plainScalar.MatchString(text) && isText(text) {
		return text
	}
	return quoted(text)
}

// isText reports whether YAML takes a plain scalar for a text: not for a truth
// value, a number or nothing.
func isText(text string) bool {
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return false
	}
	_, ok := value.(string)
	switch strings.ToLower(text) {
	case "yes", "no", "on", "off", "y", "n": // of YAML 1.1
		return false
	}
	return ok
}

// quoted writes a text between double quotes.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text) + `"`
}

// like writes a text in the quotes of a scalar that stands there; ok is false
// where those cannot hold it.
func like(node *yaml.Node, text string) (written string, ok bool) {
	switch {
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return "", false
	case node.Style&yaml.DoubleQuotedStyle != 0:
		return quoted(text), true
	case node.Style&yaml.SingleQuotedStyle != 0:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'", !strings.Contains(text, "\n")
	case node.Tag == "!!int" || node.Tag == "!!float" || node.Tag == "!!bool":
		if plainNumber.MatchString(text) {
			return text, true
		}
	case isPlain(text):
		return text, true
	}
	return scalar(text), true
}

var plainNumber = regexp.MustCompile(`^[0-9.]+$`)

// isPlain reports whether a longer text means itself without quotes.
func isPlain(text string) bool {
	return text != "" && strings.TrimSpace(text) == text && !strings.ContainsAny(text[:1], "&*!|>%@`\"'#,[]{}?:") && !strings.HasPrefix(text, "- ") &&
		!strings.Contains(text, ": ") && !strings.HasSuffix(text, ":") && !strings.Contains(text, " #") && !strings.ContainsAny(text, "\n\t") && isText(text)
}
