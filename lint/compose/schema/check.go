package schema

import (
	"math"
	"slices"
	"strconv"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// verdict is what is wrong with one value by one schema. Values are shared,
// and so are verdicts.
type verdict struct {
	value *model.Value
	node  *node
	flaws []flaw
	depth int // how far below the value its deepest flaw stands
}

// flaw is one thing that is wrong with a value, or in what it holds.
type flaw struct {
	kind    flawKind
	node    *node        // the schema that is not met
	wanted  types        // wrongType: what would do
	missing []string     // missing: the keys
	entry   *model.Entry // inEntry: where; unwanted: the key
	index   int          // inItem: where; repeated: the item that is equal to another
	first   int          // repeated: the other
	inner   *verdict     // inEntry, inItem: what is wrong there
}

type flawKind uint8

const (
	wrongType flawKind = iota
	notFinite
	notInEnum
	noMatch
	outOfBounds
	missing
	severalFit
	unwanted
	repeated
	inEntry
	inItem
)

// depth is how far below the value a flaw stands. Compose takes the deepest
// for what is meant, and an unwanted key for as deep as its value.
func (f *flaw) depth() int {
	switch f.kind {
	case unwanted:
		return 1
	case inEntry, inItem:
		return 1 + f.inner.depth
	}
	return 0
}

type visit struct {
	value *model.Value
	node  *node
}

type checker struct {
	seen       map[visit]*verdict // of mappings and sequences: nil where nothing is wrong
	identities identities
}

// check returns what is wrong with a value by a schema, nil where nothing is.
func (c *checker) check(value *model.Value, n *node) *verdict {
	if value.Kind != model.Mapping && value.Kind != model.Sequence {
		return c.inspect(value, n)
	}
	key := visit{value, n}
	found, known := c.seen[key]
	if !known {
		found = c.inspect(value, n)
		c.seen[key] = found
	}
	return found
}

// inspect applies the keywords of a schema as JSON Schema does: a value of the
// wrong type, or none of those listed, is not looked at any further.
func (c *checker) inspect(value *model.Value, n *node) *verdict {
	if !n.admits(value) {
		return judgeOne(value, n, flaw{kind: wrongType, node: n, wanted: n.types})
	}
	if len(n.enum) > 0 && !value.Marked && !slices.Contains(n.enum, value.Text) {
		return judgeOne(value, n, flaw{kind: notInEnum, node: n})
	}
	var flaws []flaw
	switch value.Kind {
	case model.Mapping:
		flaws = c.mapping(value, n)
	case model.Sequence:
		flaws = c.sequence(value, n)
	default:
		flaws = scalarFlaws(value, n)
	}
	flaws = append(flaws, c.anyOf(value, n)...)
	flaws = append(flaws, c.oneOf(value, n)...)
	return judge(value, n, flaws)
}

func judgeOne(value *model.Value, n *node, f flaw) *verdict {
	return judge(value, n, []flaw{f})
}

func judge(value *model.Value, n *node, flaws []flaw) *verdict {
	if len(flaws) == 0 {
		return nil
	}
	v := &verdict{value: value, node: n, flaws: flaws}
	for i := range flaws {
		v.depth = max(v.depth, flaws[i].depth())
	}
	return v
}

func scalarFlaws(value *model.Value, n *node) []flaw {
	if value.Marked {
		return nil
	}
	switch {
	case value.Kind == model.String && n.pattern != nil && !n.pattern.matches(value.Text):
		return []flaw{{kind: noMatch, node: n}}
	case value.Kind == model.Float && !isFinite(value):
		return []flaw{{kind: notFinite, node: n}}
	case value.Kind == model.Int || value.Kind == model.Float:
		for i := range n.bounds {
			if !n.bounds[i].holds(numberOf(value)) {
				return []flaw{{kind: outOfBounds, node: n, index: i}}
			}
		}
	}
	return nil
}

// numberOf is a number as Compose checks it: it takes all for floating point.
func numberOf(value *model.Value) float64 {
	n, _ := strconv.ParseFloat(value.Text, 64)
	return n
}

func isFinite(value *model.Value) bool {
	n := numberOf(value)
	return !math.IsInf(n, 0) && !math.IsNaN(n)
}

func isWhole(value *model.Value) bool {
	n := numberOf(value)
	return n == math.Trunc(n) && !math.IsInf(n, 0)
}

func (c *checker) mapping(value *model.Value, n *node) []flaw {
	var flaws []flaw
	if absent := absentKeys(value, n.required); absent != nil {
		flaws = append(flaws, flaw{kind: missing, node: n, missing: absent})
	}
	for i := range value.Entries {
		entry := &value.Entries[i]
		wanted := n.property(entry.Name)
		if wanted == nil {
			wanted = n.matching(entry.Name)
		}
		switch {
		case wanted != nil:
		case n.closed:
			flaws = append(flaws, flaw{kind: unwanted, node: n, entry: entry})
			continue
		default:
			wanted = &anything
		}
		if inner := c.check(entry.Value, wanted); inner != nil {
			flaws = append(flaws, flaw{kind: inEntry, entry: entry, inner: inner})
			if n == &anything {
				return flaws // one is enough of those that need no schema
			}
		}
	}
	return flaws
}

func absentKeys(value *model.Value, names []string) []string {
	var absent []string
	for _, name := range names {
		if value.Entry(name) == nil {
			absent = append(absent, name)
		}
	}
	return absent
}

func (c *checker) sequence(value *model.Value, n *node) []flaw {
	wanted := n.items
	if wanted == nil {
		wanted = &anything
	}
	var equal []int
	if n.unique {
		equal = c.identities.equalBefore(value.Items)
	}
	var flaws []flaw
	for i, item := range value.Items {
		if inner := c.check(item, wanted); inner != nil {
			flaws = append(flaws, flaw{kind: inItem, index: i, inner: inner})
			if n == &anything {
				return flaws
			}
		}
		if equal != nil && equal[i] != i {
			flaws = append(flaws, flaw{kind: repeated, node: n, first: equal[i], index: i})
		}
	}
	return flaws
}

func (c *checker) anyOf(value *model.Value, n *node) []flaw {
	if len(n.anyOf) == 0 {
		return nil
	}
	fitting, flaws := c.alternatives(value, n.anyOf)
	if fitting > 0 {
		return nil
	}
	return flaws
}

func (c *checker) oneOf(value *model.Value, n *node) []flaw {
	if len(n.oneOf) == 0 {
		return nil
	}
	fitting, flaws := c.alternatives(value, n.oneOf)
	switch {
	case fitting == 1, fitting > 1 && value.Marked:
		return nil
	case fitting > 1:
		return []flaw{{kind: severalFit, node: n}}
	}
	return flaws
}

// alternatives counts the schemas that a value meets. Where it meets none, the
// one that was meant takes its type and fails at the deepest place; where none
// takes its type, all types would do.
func (c *checker) alternatives(value *model.Value, nodes []*node) (fitting int, flaws []flaw) {
	var wanted types
	var meant *verdict
	for _, n := range nodes {
		if !n.admits(value) {
			wanted |= n.types
			continue
		}
		switch found := c.check(value, n); {
		case found == nil:
			fitting++
		case meant == nil || found.depth > meant.depth:
			meant = found
		}
	}
	if meant != nil {
		return fitting, meant.flaws
	}
	if wanted != null {
		wanted &^= null // nobody is told to write nothing
	}
	return fitting, []flaw{{kind: wrongType, wanted: wanted}}
}
