package intent

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/units"
)

// Type is what values a key takes. T is what the table of the key is read into.
type Type[T any] struct {
	read   func(*T, any) *Fault
	schema map[string]any // of the JSON Schema, without the description
}

// isText tells that values of the type stand in quotes.
func (t Type[T]) isText() bool { return t.schema["type"] == "string" || t.schema["enum"] != nil }

// text takes a string. The pattern is for editors: set judges, and says what is wrong.
func text[T any](pattern string, set func(*T, string) *Fault) Type[T] {
	return Type[T]{schema: textSchema(pattern), read: func(into *T, value any) *Fault {
		s, ok := value.(string)
		if !ok {
			return unquoted(value, func(s string) *Fault { return set(into, s) })
		}
		if f := unprintable(s); f != nil {
			return f
		}
		return set(into, s)
	}}
}

// unquoted refuses what lacks its quotes. Where these alone would not do, it is
// said what would.
func unquoted(value any, judge func(string) *Fault) *Fault {
	switch value.(type) {
	case int64, float64, bool:
		if f := judge(fmt.Sprint(value)); f != nil {
			return f
		}
	}
	return Faultf("put it in quotes", "must be a string, not %s", typeName(value))
}

func textSchema(pattern string) map[string]any {
	if pattern == "" {
		return map[string]any{"type": "string"}
	}
	return map[string]any{"type": "string", "pattern": pattern}
}

// word takes one of several strings.
func word[T any](field func(*T) *string, words ...string) Type[T] {
	made := text("", func(into *T, s string) *Fault {
		*field(into) = s
		return OneOf(s, words)
	})
	made.schema = map[string]any{"enum": words}
	return made
}

// texts takes a list of strings, which is not empty.
func texts[T any](pattern string, set func(*T, []string) *Fault) Type[T] {
	schema := map[string]any{"type": "array", "items": textSchema(pattern), "minItems": 1}
	return Type[T]{schema: schema, read: func(into *T, value any) *Fault {
		list, ok := value.([]any)
		if !ok {
			return Faultf("put it in brackets", "must be a list of strings, not %s", typeName(value))
		}
		var values []string
		for _, item := range list {
			s, ok := item.(string)
			if !ok {
				return Faultf("put every item in quotes", "must be a list of strings, not of %s", typeName(item))
			}
			if f := unprintable(s); f != nil {
				return f
			}
			values = append(values, s)
		}
		if len(values) == 0 {
			return Faultf("leave the key out for the default", "must not be an empty list")
		}
		return set(into, values)
	}}
}

// truth takes true or false.
func truth[T any](name string, field func(*T) *bool) Type[T] {
	return Type[T]{schema: map[string]any{"type": "boolean"}, read: func(into *T, value any) *Fault {
		is, ok := value.(bool)
		if !ok {
			return Faultf("write "+name+" = true", "must be true or false, not %s", typeName(value))
		}
		*field(into) = is
		return nil
	}}
}

// whole takes a whole number of a range.
func whole[T any](least, most int64, hint string, field func(*T) *int64) Type[T] {
	return Type[T]{schema: rangeSchema(least, most), read: func(into *T, value any) *Fault {
		number, ok := value.(int64)
		if !ok || number < least || number > most {
			return Faultf(hint, "must be a whole number between %d and %d", least, most)
		}
		*field(into) = number
		return nil
	}}
}

// counted takes a whole number of a range, of which judge says why it ends where it does.
func counted[T any](name string, least, most, usual int64, judge func(int64) *Fault, field func(*T) *int64) Type[T] {
	return Type[T]{schema: rangeSchema(least, most), read: func(into *T, value any) *Fault {
		number, ok := value.(int64)
		if !ok {
			return Faultf(fmt.Sprintf("write it without quotes, as in %s = %d", name, usual), "must be a whole number, not %s", typeName(value))
		}
		if f := judge(number); f != nil {
			return f
		}
		*field(into) = number
		return nil
	}}
}

func rangeSchema(least, most int64) map[string]any {
	return map[string]any{"type": "integer", "minimum": least, "maximum": most}
}

// sizePattern is what units.Parse reads.
const sizePattern = `^[0-9]+(\.[0-9]+)? ?([KMGTkmgt][Ii]?[Bb]?|[Bb])$`

// LargestMemory is beyond any machine: a larger size is a slip.
const LargestMemory = 65536 * units.GiB

// size takes bytes with a unit. What is too small for its use is said by judge,
// where there is one.
func size[T any](field func(*T) *int64, judge func(bytes int64, s string) *Fault) Type[T] {
	return text(sizePattern, func(into *T, s string) *Fault {
		bytes, err := units.Parse(s)
		if err != nil {
			return Faultf(`write a size as in "512M"; units count in 1024s, as Compose reads them`, "%s, not %q", err, s)
		}
		if bytes > LargestMemory {
			return Faultf(`write a size as in "512M"`, "%q is more than any machine has", s)
		}
		*field(into) = bytes
		if judge != nil {
			return judge(bytes, s)
		}
		return nil
	})
}

// durationPattern is what time.ParseDuration reads, in whole seconds.
const durationPattern = `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`

// duration takes whole seconds of a range.
func duration[T any](judge func(d time.Duration, err error, s string) *Fault, field func(*T) *time.Duration) Type[T] {
	return text(durationPattern, func(into *T, s string) *Fault {
		d, err := time.ParseDuration(s)
		if f := judge(d, err, s); f != nil {
			return f
		}
		*field(into) = d
		return nil
	})
}

func typeName(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case int64:
		return "an integer"
	case float64:
		return "a fraction"
	case bool:
		return "true or false"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a time"
}

// Quoted writes names for a message: "a", "b" or "c".
func Quoted(names []string) string {
	quoted := make([]string, len(names))
	for n, name := range names {
		quoted[n] = fmt.Sprintf("%q", name)
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}

// find returns the key of a name.
func find[T any](table []Key[T], name string) (Key[T], bool) {
	at := slices.IndexFunc(table, func(k Key[T]) bool { return k.Name == name })
	if at < 0 {
		return Key[T]{}, false
	}
	return table[at], true
}

func namesOf[T any](table []Key[T]) []string {
	names := make([]string, len(table))
	for n, k := range table {
		names[n] = k.Name
	}
	return names
}
