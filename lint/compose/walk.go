package compose

import (
	"slices"
	"strconv"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// walk goes through a value and changes some of it. What does not change stays
// the same value, and what is used in many places is gone through once for
// each attribute that it stands for.
type walk struct {
	project *Project
	change  func(w *walk, value *model.Value, as *attribute) *model.Value
	path    []string
	done    map[visit]*model.Value
}

type visit struct {
	value *model.Value
	as    *attribute
}

// rewrite returns a value with changes made to it and to all below.
func (p *Project) rewrite(value *model.Value, as *attribute, change func(*walk, *model.Value, *attribute) *model.Value) *model.Value {
	w := &walk{project: p, change: change, done: map[visit]*model.Value{}}
	return w.value(value, as)
}

func (w *walk) value(value *model.Value, as *attribute) *model.Value {
	if as == nil || value == nil {
		return value
	}
	if known := w.done[visit{value, as}]; known != nil {
		return known
	}
	changed := w.change(w, value, as)
	switch changed.Kind {
	case model.Mapping:
		changed = w.entries(changed, as)
	case model.Sequence:
		changed = w.items(changed, as)
	}
	w.done[visit{value, as}] = changed
	return changed
}

func (w *walk) entries(value *model.Value, as *attribute) *model.Value {
	result := value
	for i := range value.Entries {
		entry := &value.Entries[i]
		w.path = append(w.path, entry.Name)
		changed := w.value(entry.Value, as.at(entry.Name))
		w.path = w.path[:len(w.path)-1]
		if changed == entry.Value {
			continue
		}
		if result == value {
			result = value.Copy()
			result.Entries = slices.Clone(value.Entries)
		}
		result.Entries[i].Value = changed
	}
	return result
}

func (w *walk) items(value *model.Value, as *attribute) *model.Value {
	below := as.at("[]")
	if below == nil {
		return value
	}
	result := value
	for i, item := range value.Items {
		w.path = append(w.path, strconv.Itoa(i))
		changed := w.value(item, below)
		w.path = w.path[:len(w.path)-1]
		if changed == item {
			continue
		}
		if result == value {
			result = value.Copy()
			result.Items = slices.Clone(value.Items)
		}
		result.Items[i] = changed
	}
	return result
}
