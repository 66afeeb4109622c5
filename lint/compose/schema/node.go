package schema

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// node is one schema. The zero node takes anything.
type node struct {
	types      types
	enum       []string
	pattern    *pattern // of a string
	bounds     []bound  // of a number
	properties []property
	patterns   []patternProperty
	closed     bool     // no key but those of properties and patterns
	required   []string // keys
	items      *node    // of each item of a sequence
	unique     bool     // no two items are equal
	allOf      []*node  // open objects that add their properties and patterns
	anyOf      []*node
	oneOf      []*node
}

// types is a set of JSON's types; the empty set stands for all of them.
type types uint8

const (
	null types = 1 << iota
	boolean
	integer
	number
	text
	array
	object
)

const scalar = boolean | integer | number | text

// property is the schema of a key; those of a node are sorted by name.
type property struct {
	name string
	node *node
}

// patternProperty is the schema of all keys that a pattern matches.
type patternProperty struct {
	pattern *pattern
	node    *node
}

// bound is the least or, if upper, the greatest number.
type bound struct {
	upper bool
	value float64
}

func (b bound) holds(n float64) bool {
	if b.upper {
		return n <= b.value
	}
	return n >= b.value
}

// pattern is a regular expression that is compiled when it is first asked.
type pattern struct {
	expression string
	once       sync.Once
	compiled   *regexp.Regexp
}

func (p *pattern) matches(text string) bool {
	p.once.Do(func() { p.compiled = regexp.MustCompile(p.expression) })
	return p.compiled.MatchString(text)
}

// property returns the schema of a key that has a schema by its name.
func (n *node) property(name string) *node {
	i, found := slices.BinarySearchFunc(n.properties, name, func(p property, name string) int {
		return strings.Compare(p.name, name)
	})
	if found {
		return n.properties[i].node
	}
	for _, part := range n.allOf {
		if found := part.property(name); found != nil {
			return found
		}
	}
	return nil
}

// matching returns the schema of a key that has no schema by its name. The
// generator holds that no two patterns of a node ask for different things.
func (n *node) matching(name string) *node {
	for _, p := range n.patterns {
		if p.pattern.matches(name) {
			return p.node
		}
	}
	for _, part := range n.allOf {
		if found := part.matching(name); found != nil {
			return found
		}
	}
	return nil
}

// admits reports whether a schema takes values of a value's type. A date has
// none (2.40.3; Compose has learned to take some since). Nobody knows the type
// of a scalar whose variable has no value.
func (n *node) admits(value *model.Value) bool {
	return n.types == 0 || n.types&typesOf(value) != 0 && !value.Date
}

func typesOf(value *model.Value) types {
	if value.Marked {
		return scalar
	}
	switch value.Kind {
	case model.Bool:
		return boolean
	case model.Int:
		return integer | number
	case model.Float:
		if isWhole(value) {
			return integer | number
		}
		return number
	case model.String:
		return text
	case model.Mapping:
		return object
	case model.Sequence:
		return array
	}
	return null
}
