package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// message says a flaw in Compose's words. Where it names the first of several
// types that would do, all of them are named here.
func message(value *model.Value, f *flaw) string {
	if f.kind == wrongType && value.Date {
		return "is a date to YAML: put it in quotes"
	}
	switch f.kind {
	case wrongType:
		return "must be " + f.wanted.String()
	case notFinite:
		return "must be a finite number"
	case notInEnum:
		if len(f.node.enum) == 1 {
			return "value must be " + quote(f.node.enum[0])
		}
		return "value must be one of " + quoteAll(f.node.enum)
	case noMatch:
		return quote(value.Text) + " does not match pattern " + quote(f.node.pattern.expression)
	case outOfBounds:
		return f.node.bounds[f.index].String()
	case missing:
		if len(f.missing) == 1 {
			return "missing property " + quote(f.missing[0])
		}
		return "missing properties " + quoteAll(f.missing)
	case unwanted:
		return fmt.Sprintf("additional properties %s not allowed", quote(f.entry.Name))
	case repeated:
		return fmt.Sprintf("items at %d and %d are equal", f.first, f.index)
	}
	return "fits more than one of the forms that Compose knows"
}

func (b bound) String() string {
	than := "greater than or equal to "
	if b.upper {
		than = "less than or equal to "
	}
	return "must be " + than + strconv.FormatFloat(b.value, 'f', -1, 64)
}

// typeNames are Compose's names of types, in the order that it names them.
var typeNames = [...]struct {
	types types
	name  string
}{
	{array, "array"}, {boolean, "boolean"}, {integer, "integer"}, {object, "mapping"},
	{null, "null"}, {number, "number"}, {text, "string"},
}

func (t types) String() string {
	var names []string
	for _, known := range typeNames {
		if t&known.types != 0 {
			names = append(names, known.name)
		}
	}
	last := len(names) - 1
	list := names[last]
	if last > 0 {
		list = strings.Join(names[:last], ", ") + " or " + list
	}
	if strings.ContainsRune("aeiou", rune(list[0])) {
		return "an " + list
	}
	return "a " + list
}

// quote is how Compose quotes a text.
func quote(text string) string {
	text = strconv.Quote(text)
	text = strings.ReplaceAll(text[1:len(text)-1], `\"`, `"`)
	return "'" + strings.ReplaceAll(text, `'`, `\'`) + "'"
}

func quoteAll(texts []string) string {
	quoted := slices.Clone(texts)
	for i := range quoted {
		quoted[i] = quote(quoted[i])
	}
	return strings.Join(quoted, ", ")
}
