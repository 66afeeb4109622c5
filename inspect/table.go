package inspect

import "maps"

// table is a map that several ways share until one of them writes to it. Its
// zero value is empty.
type table[V any] struct {
	values *map[string]V
	shared bool
}

func (t *table[V]) all() map[string]V {
	if t.values == nil {
		return nil
	}
	return *t.values
}

func (t *table[V]) get(name string) V { return t.all()[name] }

func (t *table[V]) lookup(name string) (V, bool) {
	value, ok := t.all()[name]
	return value, ok
}

func (t *table[V]) has(name string) bool {
	_, ok := t.all()[name]
	return ok
}

func (t *table[V]) put(name string, value V) {
	t.own()
	(*t.values)[name] = value
}

func (t *table[V]) delete(name string) {
	if t.has(name) {
		t.own()
		delete(*t.values, name)
	}
}

// own makes a copy of what is shared.
func (t *table[V]) own() {
	if t.values != nil && !t.shared {
		return
	}
	values := maps.Clone(t.all())
	if values == nil {
		values = map[string]V{}
	}
	t.values, t.shared = &values, false
}

// share returns the table for another way.
func (t *table[V]) share() table[V] {
	t.shared = true
	return *t
}

// same compares two tables. Those that were not written to since they were
// shared are the same without a look.
func (t *table[V]) same(other *table[V], equal func(V, V) bool) bool {
	return t.values == other.values || maps.EqualFunc(t.all(), other.all(), equal)
}
