// Package model holds what compose files say as values that carry their
// places: each knows the document and the node that it was read from, through
// interpolation, merging and the long forms of short ones.
package model

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/position"
)

// Kind is what YAML makes of a value.
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Mapping
	Sequence
)

// Value is one value of a compose file. Values do not change once they are
// made, and what an anchor names is one value wherever it is used: a tree of
// values is as large as what is written.
type Value struct {
	Kind    Kind
	Text    string   // of a scalar: its variables are put in, those without a value leave marks; an Int or Float in Go's notation
	Date    bool     // a String that YAML takes for a date: JSON has none, and most places want none
	Marked  bool     // the text holds marks: what it is in the end nobody knows here, so it fits any scalar
	Entries []Entry  // of a Mapping, in the order of the file; no name twice
	Items   []*Value // of a Sequence
	Origin  Origin
	key     uint64         // what Key returned
	index   map[string]int // of a large mapping: where each name is in Entries
	Made    bool           // nobody wrote it: it is what a short form means, and stands where that is written
}

// Entry is one key of a mapping and its value.
type Entry struct {
	Name  string
	Key   Origin
	Value *Value
}

// Origin is where something is written.
type Origin struct {
	Document *Document
	Node     *yaml.Node // the node itself: an alias where one stands there
}

// Span is the place of an origin: of a scalar all of it, of anything else
// where it begins.
func (o Origin) Span() position.Span { return o.Document.Span(o.Node) }

// Get returns the value that a mapping has under a name, nil where it has none
// or is no mapping.
func (v *Value) Get(name string) *Value {
	if entry := v.Entry(name); entry != nil {
		return entry.Value
	}
	return nil
}

// Entry returns the entry of a mapping under a name, nil where there is none.
func (v *Value) Entry(name string) *Entry {
	if v == nil {
		return nil
	}
	if len(v.Entries) > smallMapping {
		return v.indexed(name)
	}
	for i := range v.Entries {
		if v.Entries[i].Name == name {
			return &v.Entries[i]
		}
	}
	return nil
}

// smallMapping is up to how many entries are looked through one by one.
const smallMapping = 16

func (v *Value) indexed(name string) *Entry {
	if v.index == nil {
		v.index = make(map[string]int, len(v.Entries))
		for i := range v.Entries {
			v.index[v.Entries[i].Name] = i
		}
	}
	if i, ok := v.index[name]; ok {
		return &v.Entries[i]
	}
	return nil
}

// IsScalar reports whether a value is a text, a number or a truth value.
func (v *Value) IsScalar() bool {
	return v != nil && v.Kind >= Bool && v.Kind <= String
}

// Find follows names down from a value; nil where one is missing.
func (v *Value) Find(names ...string) *Value {
	for _, name := range names {
		if v = v.Get(name); v == nil {
			return nil
		}
	}
	return v
}

// Copy returns a value that may be changed until somebody else sees it.
func (v *Value) Copy() *Value {
	copied := *v
	copied.index, copied.key = nil, 0
	return &copied
}

// Key is a number that two values have in common if they say the same, the
// order of keys apart.
func (v *Value) Key() uint64 {
	if v.key != 0 {
		return v.key
	}
	var hash maphash.Hash
	hash.SetSeed(seed)
	hash.WriteByte(byte(v.Kind))
	hash.WriteString(v.Text)
	for _, item := range v.Items {
		writeNumber(&hash, item.Key())
	}
	entries := uint64(0)
	for _, entry := range v.Entries {
		var one maphash.Hash
		one.SetSeed(seed)
		one.WriteString(entry.Name)
		writeNumber(&one, entry.Value.Key())
		entries += one.Sum64()
	}
	writeNumber(&hash, entries)
	v.key = hash.Sum64() | 1 // 0 is for not known yet
	return v.key
}

var seed = maphash.MakeSeed()

func writeNumber(hash *maphash.Hash, number uint64) {
	hash.Write(binary.LittleEndian.AppendUint64(nil, number))
}

// Without is a mapping without one of its names.
func (v *Value) Without(name string) *Value { return v.WithoutPath([]string{name}) }

// WithoutPath is a value without what stands at a path below it.
func (v *Value) WithoutPath(path []string) *Value {
	if v == nil || len(path) == 0 {
		return v
	}
	i := slices.IndexFunc(entries(v), func(entry Entry) bool { return entry.Name == path[0] })
	if i < 0 {
		return v
	}
	less := v.Copy()
	if len(path) == 1 {
		less.Entries = slices.Delete(slices.Clone(v.Entries), i, i+1)
		return less
	}
	below := v.Entries[i].Value.WithoutPath(path[1:])
	if below == v.Entries[i].Value {
		return v
	}
	less.Entries = slices.Clone(v.Entries)
	less.Entries[i].Value = below
	return less
}

func entries(v *Value) []Entry {
	if v.Kind != Mapping {
		return nil
	}
	return v.Entries
}
