package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/disk"
)

// merger brings two values of one attribute together, the second over the
// first.
type merger func(m *merging, base, over *model.Value, as *attribute) *model.Value

// merging is one file, or one service, going over another.
type merging struct {
	project *Project
	path    []string
}

// merge returns what two values come to. Neither changes.
func (m *merging) merge(base, over *model.Value, as *attribute) *model.Value {
	if base == over || m.project.ended {
		return base
	}
	if as != nil && as.merge != nil {
		return as.merge(m, base, over, as)
	}
	switch {
	case over.Kind == model.Null:
		return base
	case base.Kind == model.Mapping:
		if over.Kind != model.Mapping {
			return m.refuse(over)
		}
		return m.mappings(base, over, as)
	case base.Kind == model.Sequence:
		if over.Kind != model.Sequence {
			return m.refuse(over)
		}
		return together(base, over)
	}
	return over
}

func (m *merging) refuse(over *model.Value) *model.Value {
	m.project.refuse(Refused, over.Origin, m.path, fmt.Sprintf("cannot override %s: it is of another kind in the file below", strings.Join(m.path, ".")))
	return over
}

// mappings merges key by key. Keys of the base keep their order; a key that
// both have stands where the last one wrote it.
func (m *merging) mappings(base, over *model.Value, as *attribute) *model.Value {
	if !m.project.spend(disk.Nodes, len(base.Entries), over.Origin) {
		return over
	}
	merged := base.Copy()
	merged.Origin = over.Origin
	merged.Entries = slices.Clone(base.Entries)
	where := make(map[string]int, len(base.Entries))
	for i := range base.Entries {
		where[base.Entries[i].Name] = i
	}
	for _, entry := range over.Entries {
		i, both := where[entry.Name]
		if !both {
			merged.Entries = append(merged.Entries, entry)
			continue
		}
		m.path = append(m.path, entry.Name)
		entry.Value = m.merge(base.Entries[i].Value, entry.Value, as.at(entry.Name))
		m.path = m.path[:len(m.path)-1]
		merged.Entries[i] = entry
	}
	return merged
}

// together is one list behind the other, without what is there already.
func together(base, over *model.Value) *model.Value {
	merged := base.Copy()
	merged.Origin = over.Origin
	merged.Items = slices.Clone(base.Items)
	there := map[uint64]bool{}
	for _, item := range base.Items {
		there[item.Key()] = true
	}
	for _, item := range over.Items {
		if !there[item.Key()] {
			there[item.Key()] = true
			merged.Items = append(merged.Items, item)
		}
	}
	return merged
}

func mergeReplace(_ *merging, _, over *model.Value, _ *attribute) *model.Value { return over }

// mergeList merges what may be one text, a list of texts, or a mapping.
func mergeList(_ *merging, base, over *model.Value, _ *attribute) *model.Value {
	return together(asList(base), asList(over))
}

// asList is the list form of a text or of a mapping of assignments.
func asList(value *model.Value) *model.Value {
	list := &model.Value{Kind: model.Sequence, Origin: value.Origin, Made: true}
	switch {
	case value.Kind == model.Sequence:
		return value
	case value.Kind == model.Mapping:
		for _, entry := range slices.SortedFunc(slices.Values(value.Entries), func(a, b model.Entry) int { return cmp.Compare(a.Name, b.Name) }) {
			list.Items = append(list.Items, assigned(entry)...)
		}
	case value.IsScalar():
		list.Items = []*model.Value{value}
	}
	return list
}

// assigned writes an entry as NAME=value, once for each value that it has.
func assigned(entry model.Entry) []*model.Value {
	text := func(of *model.Value) *model.Value {
		item := &model.Value{Kind: model.String, Text: entry.Name, Origin: of.Origin, Marked: of.Marked, Made: true}
		item.Text += "=" + written(of)
		return item
	}
	switch entry.Value.Kind {
	case model.Null:
		return []*model.Value{{Kind: model.String, Text: entry.Name, Origin: entry.Value.Origin, Made: true}}
	case model.Sequence:
		var all []*model.Value
		for _, value := range entry.Value.Items {
			all = append(all, text(value))
		}
		return all
	}
	return []*model.Value{text(entry.Value)}
}

// mergeAssignments merges NAME=value lists and mappings by name.
func mergeAssignments(m *merging, base, over *model.Value, as *attribute) *model.Value {
	left, right := asAssignments(base), asAssignments(over)
	if left == nil || right == nil {
		return over
	}
	return m.mappings(assignedTexts(left), assignedTexts(right), nil)
}

// assignedTexts is a mapping of assignments whose values are the texts that
// they become when Compose merges: of a list, each of its items in the order of
// their texts, so that the last of those counts.
func assignedTexts(value *model.Value) *model.Value {
	if !slices.ContainsFunc(value.Entries, func(entry model.Entry) bool { return !isAssignable(entry.Value) }) {
		return value
	}
	texts := value.Copy()
	texts.Entries = nil
	for _, entry := range value.Entries {
		if !isAssignable(entry.Value) {
			items := assigned(entry)
			if len(items) == 0 {
				continue
			}
			last := *slices.MaxFunc(items, func(a, b *model.Value) int { return cmp.Compare(a.Text, b.Text) })
			last.Text = strings.TrimPrefix(last.Text, entry.Name+"=")
			entry.Value = &last
		}
		texts.Entries = append(texts.Entries, entry)
	}
	return texts
}

// isAssignable reports whether a value is what it says also as a text.
func isAssignable(value *model.Value) bool {
	return value.Kind <= model.String && value.Kind != model.Float && !value.Date
}

// written is a value as Go prints it, which is what Compose makes of it where
// it wants a text.
func written(value *model.Value) string {
	var parts []string
	switch value.Kind {
	case model.Null:
		return "<nil>"
	case model.Sequence:
		for _, item := range value.Items {
			parts = append(parts, written(item))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case model.Mapping:
		for _, entry := range slices.SortedFunc(slices.Values(value.Entries), func(a, b model.Entry) int { return cmp.Compare(a.Name, b.Name) }) {
			parts = append(parts, entry.Name+":"+written(entry.Value))
		}
		return "map[" + strings.Join(parts, " ") + "]"
	}
	date := time.Time{}
	if value.Date && resolve(value.Origin.Node).Decode(&date) == nil {
		return date.String()
	}
	return value.Text
}

// asAssignments is the mapping that a list of NAME=value means; nil for what
// is neither.
func asAssignments(value *model.Value) *model.Value {
	switch value.Kind {
	case model.Mapping:
		return value
	case model.Null:
		return &model.Value{Kind: model.Mapping, Origin: value.Origin, Made: true}
	case model.Sequence:
	default:
		value = asList(value)
	}
	mapping := &model.Value{Kind: model.Mapping, Origin: value.Origin, Made: true}
	where := map[string]int{}
	for _, item := range value.Items {
		if !item.IsScalar() {
			return nil
		}
		name, text, found := strings.Cut(item.Text, "=")
		entry := model.Entry{Name: name, Key: item.Origin, Value: &model.Value{Kind: model.Null, Origin: item.Origin, Made: true}}
		if found {
			entry.Value = &model.Value{Kind: model.String, Text: text, Origin: item.Origin, Made: true, Marked: !unset.Known(text)}
		}
		if i, again := where[name]; again {
			mapping.Entries[i] = entry
			continue
		}
		where[name] = len(mapping.Entries)
		mapping.Entries = append(mapping.Entries, entry)
	}
	return mapping
}

// mergeNames merges lists and mappings of names.
func mergeNames(m *merging, base, over *model.Value, as *attribute) *model.Value {
	return m.mappings(asNames(m.project, base, m.path, nil), asNames(m.project, over, m.path, nil), as)
}

func mergeDependencies(m *merging, base, over *model.Value, as *attribute) *model.Value {
	return m.mappings(asNames(m.project, base, m.path, dependency), asNames(m.project, over, m.path, dependency), as)
}

// dependency is what depends_on means for a name alone.
func dependency(at model.Origin) *model.Value {
	return mapping(at, "condition", text(at, "service_started"), "required", truth(at, true))
}

// asNames is the mapping that a list of names means.
func asNames(p *Project, value *model.Value, path []string, meaning func(model.Origin) *model.Value) *model.Value {
	names := &model.Value{Kind: model.Mapping, Origin: value.Origin, Made: true}
	items := value.Items
	switch {
	case value.Kind == model.Mapping:
		return value
	case value.Kind == model.Null:
		return names
	case value.IsScalar():
		items = []*model.Value{value}
	}
	seen := map[string]bool{}
	for _, item := range items {
		if item.Kind != model.String {
			p.refuse(Refused, item.Origin, path, fmt.Sprintf("%s takes names", strings.Join(path, ".")))
			continue
		}
		if seen[item.Text] {
			continue
		}
		seen[item.Text] = true
		entry := model.Entry{Name: item.Text, Key: item.Origin, Value: &model.Value{Kind: model.Null, Origin: item.Origin, Made: true}}
		if meaning != nil {
			entry.Value = meaning(item.Origin)
		}
		names.Entries = append(names.Entries, entry)
	}
	return names
}

func mergeBuild(m *merging, base, over *model.Value, as *attribute) *model.Value {
	if left, right := asBuild(base), asBuild(over); left != nil && right != nil {
		return m.mappings(left, right, as)
	}
	return over
}

func asBuild(value *model.Value) *model.Value {
	switch {
	case value.Kind == model.Mapping:
		return value
	case value.Kind == model.String:
		return mapping(value.Origin, "context", value)
	}
	return nil
}

// mergeLogging merges the options of one driver; another driver replaces all.
func mergeLogging(m *merging, base, over *model.Value, as *attribute) *model.Value {
	if base.Kind != model.Mapping || over.Kind != model.Mapping {
		return m.refuse(over)
	}
	first, second := base.Get("driver"), over.Get("driver")
	if first == nil || second == nil || first.Text == second.Text {
		return m.mappings(base, over, as)
	}
	return over
}

func mergeUlimit(m *merging, base, over *model.Value, as *attribute) *model.Value {
	if base.Kind == model.Mapping && over.Kind == model.Mapping {
		return m.mappings(base, over, as)
	}
	return over
}

// mergeSubnets merges the address ranges of a network by their subnet.
func mergeSubnets(m *merging, base, over *model.Value, as *attribute) *model.Value {
	if base.Kind != model.Sequence || over.Kind != model.Sequence {
		return m.refuse(over)
	}
	merged := base.Copy()
	merged.Items = nil
	where := map[string]int{}
	add := func(item *model.Value) {
		subnet := textOf(item.Get("subnet"))
		if i, ok := where[subnet]; ok {
			merged.Items[i] = m.mappings(merged.Items[i], item, as.at("[]"))
			return
		}
		where[subnet] = len(merged.Items)
		merged.Items = append(merged.Items, item)
	}
	for _, item := range slices.Concat(base.Items, over.Items) {
		if item.Kind == model.Mapping {
			add(item)
		}
	}
	return merged
}
