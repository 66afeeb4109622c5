package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// identities gives equal values equal numbers, as JSON compares them: the
// order of keys does not count, and 1 is 1.0. Each value is looked at once.
type identities struct {
	values map[*model.Value]int
	forms  map[string]int
}

// equalBefore returns for each item the index of the first that is equal to
// it, its own where none stands before it. What depends on a variable without
// a value is equal to nothing.
func (d *identities) equalBefore(items []*model.Value) []int {
	if len(items) < 2 {
		return nil
	}
	first := make([]int, len(items))
	seen := make(map[int]int, len(items))
	for i, item := range items {
		first[i] = i
		id := d.of(item)
		if at, known := seen[id]; known {
			first[i] = at
		} else {
			seen[id] = i
		}
	}
	return first
}

func (d *identities) of(value *model.Value) int {
	if id, known := d.values[value]; known {
		return id
	}
	if d.values == nil {
		d.values, d.forms = map[*model.Value]int{}, map[string]int{}
	}
	id := d.number(d.form(value))
	d.values[value] = id
	return id
}

func (d *identities) number(form string) int {
	id, known := d.forms[form]
	if !known {
		id = len(d.forms)
		d.forms[form] = id
	}
	return id
}

// form is a text that two values share if and only if they are equal.
func (d *identities) form(value *model.Value) string {
	switch {
	case value.Marked:
		return "?" + strconv.Itoa(len(d.forms))
	case value.Kind == model.Null:
		return "null"
	case value.Kind == model.Bool:
		return strings.ToLower(value.Text)
	case value.Kind == model.Int, value.Kind == model.Float:
		return "n" + strconv.FormatFloat(numberOf(value), 'g', -1, 64)
	case value.Kind == model.String:
		return `"` + value.Text
	}
	parts := make([]string, 0, len(value.Entries)+len(value.Items))
	for i := range value.Entries {
		entry := &value.Entries[i]
		parts = append(parts, strconv.Itoa(d.number(`"`+entry.Name))+":"+strconv.Itoa(d.of(entry.Value)))
	}
	slices.Sort(parts)
	for _, item := range value.Items {
		parts = append(parts, strconv.Itoa(d.of(item)))
	}
	if value.Kind == model.Mapping {
		return "{" + strings.Join(parts, ",")
	}
	return "[" + strings.Join(parts, ",")
}
