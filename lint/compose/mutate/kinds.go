package mutate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// treeKinds are changes of what the YAML says.
var treeKinds = []kind{
	{"misspelt key", onSite(isEntry, misspell)},
	{"other type", onSite(anywhere, replaceBy(anything))},
	{"other type of a service's key", onSite(isServiceKey, replaceBy(anything))},
	{"null body", onSite(isEntry, replaceBy([]string{"null", "", "{}", "[]", `""`}))},
	{"empty service", onSite(isService, replaceBy([]string{"null", "{}", "[]", `""`, "{image: }", "{image: null}", `{image: ""}`, "{build: }", "{build: {}}", "{restart: always}", "text", "7"}))},
	{"part lost", onSite(isEntry, func(_ *rand.Rand, _ *document, s site) string { s.drop(); return "is gone" })},
	{"key twice", onSite(isEntry, keyTwice)},
	{"item twice", onSite(isItem, func(_ *rand.Rand, _ *document, s site) string {
		s.parent.Content = slices.Insert(s.parent.Content, s.index, clone(s.value()))
		return "stands there twice"
	})},
	{"odd item", onSite(isItem, replaceBy(anything))},
	{"broken reference", onSite(refers, func(_ *rand.Rand, _ *document, s site) string { return breakReference(s) })},
	{"broken declaration", onSite(declares, func(_ *rand.Rand, _ *document, s site) string {
		s.key().Value += "-else"
		return "has another name"
	})},
	{"quantity", onSite(holdsQuantity, replaceBy(quantities))},
	{"port", onSite(within("ports", "expose"), replaceBy(ports))},
	{"volume", onSite(isVolume, replaceBy(volumes))},
	{"list or mapping", onSite(anywhere, otherForm)},
	{"interpolation", onSite(isScalar, interpolate)},
	{"command", onSite(isCommand, replaceBy(commands))},
	{"circle", onTree(circle)},
	{"added at the top", onTree(func(r *rand.Rand, d *document) string { return add(r, d.mapping(), topAdditions) })},
	{"added to a service", onSite(isService, addTo(serviceAdditions))},
	{"added to a resource", onSite(declares, addTo(resourceAdditions))},
	{"added to what runs it", onSite(named("deploy", "healthcheck", "build", "develop", "logging", "extends", "resources", "limits", "restart_policy", "update_config"), addTo(partAdditions))},
	{"odd key", onSite(isEntry, oddKey)},
	{"tag", onSite(anywhere, tag)},
	{"value from elsewhere", onSite(anywhere, fromElsewhere)},
	{"entry moved", onSite(isEntry, moveEntry)},
	{"wrapped", onSite(anywhere, wrap)},
	{"alias", onSite(anywhere, alias)},
	{"merge", onSite(isService, merge)},
	{"extends", onSite(isService, extend)},
	{"include", onTree(include)},
}

func isService(s site) bool { return s.matches("services.*") && s.isEntry() }

func isServiceKey(s site) bool { return s.matches("services.*.*") && s.isEntry() }

func isCommand(s site) bool {
	return s.isEntry() && slices.Contains([]string{"command", "entrypoint", "test"}, s.name())
}

func isVolume(s site) bool {
	return s.matches("services.*.volumes.*")
}

// declares holds for what the sections at the top name.
func declares(s site) bool {
	return len(s.path) == 2 && s.isEntry() && slices.Contains([]string{"services", "volumes", "networks", "secrets", "configs"}, s.path[0])
}

// within holds for the items of lists of some names.
func within(names ...string) func(site) bool {
	return func(s site) bool {
		return len(s.path) > 1 && slices.Contains(names, s.path[len(s.path)-2])
	}
}

func named(names ...string) func(site) bool {
	return func(s site) bool { return s.isEntry() && slices.Contains(names, s.name()) }
}

// referring are the keys below which services name other parts of a project.
var referring = []string{"volumes", "networks", "depends_on", "secrets", "configs", "links", "volumes_from", "extends", "include", "network_mode", "ipc", "pid", "env_file", "path", "file", "service", "source"}

func refers(s site) bool {
	if s.path[0] == "include" {
		return isScalar(s)
	}
	return len(s.path) > 2 && slices.ContainsFunc(s.path[2:], func(part string) bool { return slices.Contains(referring, part) })
}

// breakReference names what is not there, by the key where that is the reference.
func breakReference(s site) string {
	if s.isEntry() && slices.Contains([]string{"networks", "depends_on"}, s.path[len(s.path)-2]) {
		s.key().Value = "nowhere"
		return `is "nowhere"`
	}
	value := s.value()
	if value.Kind != yaml.ScalarNode {
		return ""
	}
	before, after, mounts := strings.Cut(value.Value, ":")
	if mounts && !strings.HasPrefix(before, ".") {
		value.Value = "nowhere:" + after
	} else {
		value.Value = "nowhere"
	}
	return fmt.Sprintf("is %q", value.Value)
}

var quantityNames = []string{
	"interval", "timeout", "start_period", "start_interval", "retries", "stop_grace_period", "delay", "window", "monitor", "max_attempts",
	"mem_limit", "mem_reservation", "memswap_limit", "mem_swappiness", "shm_size", "memory", "size", "cpus", "pids", "pids_limit", "replicas", "scale", "parallelism",
	"cpu_count", "cpu_percent", "cpu_shares", "cpu_quota", "cpu_period", "oom_score_adj", "weight", "rate", "mode", "nofile", "soft", "hard", "count", "priority", "max_failure_ratio", "init", "read_only",
}

func holdsQuantity(s site) bool { return s.isEntry() && slices.Contains(quantityNames, s.name()) }

// replaceBy puts one of some values, written in YAML, in the place of another.
func replaceBy(values []string) func(*rand.Rand, *document, site) string {
	return func(r *rand.Rand, _ *document, s site) string {
		value := pick(r, values)
		if value == "" {
			value = "null"
		}
		s.set(node(value))
		return "is " + value
	}
}

func misspell(r *rand.Rand, _ *document, s site) string {
	name := []rune(s.key().Value)
	if len(name) < 2 {
		return ""
	}
	at := r.IntN(len(name) - 1)
	switch r.IntN(5) {
	case 0:
		name[at], name[at+1] = name[at+1], name[at]
	case 1:
		name = slices.Delete(name, at, at+1)
	case 2:
		name = slices.Insert(name, at, name[at])
	case 3:
		name = append(name, 's')
	default:
		name = []rune(strings.ToUpper(string(name[:1])) + string(name[1:]))
	}
	s.key().Value = string(name)
	return fmt.Sprintf("is %q", string(name))
}

func keyTwice(r *rand.Rand, _ *document, s site) string {
	value := clone(s.value())
	if r.IntN(2) == 0 {
		value = node("other")
	}
	s.parent.Content = append(s.parent.Content, clone(s.key()), value)
	return "stands there twice"
}

// otherForm turns a list into a mapping and a mapping into a list, and one
// value into a list of one.
func otherForm(_ *rand.Rand, _ *document, s site) string {
	value := s.value()
	switch value.Kind {
	case yaml.SequenceNode:
		changed := &yaml.Node{Kind: yaml.MappingNode}
		for _, item := range value.Content {
			name, rest, found := strings.Cut(item.Value, "=")
			if item.Kind != yaml.ScalarNode {
				return ""
			}
			to := node("null")
			if found {
				to = &yaml.Node{Kind: yaml.ScalarNode, Value: rest}
			}
			changed.Content = append(changed.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, to)
		}
		s.set(changed)
		return "is a mapping"
	case yaml.MappingNode:
		changed := &yaml.Node{Kind: yaml.SequenceNode}
		for i := 0; i+1 < len(value.Content); i += 2 {
			text := value.Content[i].Value
			if value.Content[i+1].Kind == yaml.ScalarNode {
				text += "=" + value.Content[i+1].Value
			}
			changed.Content = append(changed.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: text})
		}
		s.set(changed)
		return "is a list"
	}
	s.set(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{value}})
	return "is a list of one"
}

func interpolate(r *rand.Rand, _ *document, s site) string {
	text := pick(r, references)
	value := *s.value()
	value.Tag, value.Style = "", 0
	if r.IntN(2) == 0 {
		text = value.Value + text
	}
	value.Value = text
	value.Style = yaml.DoubleQuotedStyle
	s.set(&value)
	return fmt.Sprintf("is %q", text)
}

// circle makes two services need each other.
func circle(r *rand.Rand, d *document) string {
	services := d.where(func(s site) bool { return isService(s) && s.value().Kind == yaml.MappingNode })
	if len(services) == 0 {
		return ""
	}
	from, to := pick(r, services), pick(r, services)
	way := pick(r, []string{"depends_on: [%s]", "depends_on: {%s: {condition: service_started}}", "depends_on: {%s: {condition: service_started, required: false}}", "extends: %s", "extends: {service: %s}", "links: [%s]", "volumes_from: [%s]", `network_mode: "service:%s"`, `ipc: "service:%s"`})
	put(from.value(), node("{"+fmt.Sprintf(way, to.path[1])+"}"))
	if r.IntN(3) > 0 {
		put(to.value(), node("{"+fmt.Sprintf(way, from.path[1])+"}"))
	}
	return fmt.Sprintf("%s and %s: %s", from.path[1], to.path[1], way)
}

// put sets the entries of a mapping in another.
func put(mapping, entries *yaml.Node) {
	for i := 0; i+1 < len(entries.Content); i += 2 {
		key, value := entries.Content[i], entries.Content[i+1]
		found := false
		for k := 0; k+1 < len(mapping.Content); k += 2 {
			if mapping.Content[k].Value == key.Value {
				mapping.Content[k+1] = value
				found = true
			}
		}
		if !found {
			mapping.Content = append(mapping.Content, key, value)
		}
	}
}

func addTo(additions []string) func(*rand.Rand, *document, site) string {
	return func(r *rand.Rand, _ *document, s site) string { return add(r, s.value(), additions) }
}

func add(r *rand.Rand, mapping *yaml.Node, additions []string) string {
	if mapping == nil {
		return ""
	}
	addition := pick(r, additions)
	if mapping.Kind != yaml.MappingNode {
		if mapping.Kind != yaml.ScalarNode || mapping.Tag != "!!null" {
			return ""
		}
		*mapping = yaml.Node{Kind: yaml.MappingNode}
	}
	put(mapping, node("{"+addition+"}"))
	return "has " + addition
}

func oddKey(r *rand.Rand, _ *document, s site) string {
	key := pick(r, []string{"7", "true", "null", `""`, "1.5", "a.b", "a b", "x-odd", "X-odd", "~", "[a]", "{a: b}", "${A}", "$A", "é", `"a\nb"`, "-", "<<", "2024-01-01", "*", "services", "name"})
	*s.key() = yaml.Node{Kind: yaml.ScalarNode, Value: key}
	if read := new(yaml.Node); yaml.Unmarshal([]byte(key), read) == nil && len(read.Content) > 0 {
		unplaced(read.Content[0])
		*s.key() = *read.Content[0]
	}
	return "has the key " + key
}

func tag(r *rand.Rand, _ *document, s site) string {
	tag := pick(r, []string{"!reset", "!override", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!binary", "!!seq", "!!map", "!!set", "!own", "!!timestamp", "!!merge"})
	value := *s.value()
	if value.Kind == yaml.AliasNode {
		return ""
	}
	value.Tag = tag
	value.Style |= yaml.TaggedStyle
	s.set(&value)
	return "is " + tag
}

func fromElsewhere(r *rand.Rand, d *document, s site) string {
	from := pick(r, d.values)
	if within := strings.HasPrefix(s.String(), from.String()); within {
		return ""
	}
	s.set(clone(from.value()))
	return "is what stands at " + from.String()
}

func moveEntry(r *rand.Rand, d *document, s site) string {
	to := pick(r, d.values)
	mapping := to.value()
	if mapping.Kind != yaml.MappingNode || strings.HasPrefix(to.String(), s.String()) {
		return ""
	}
	key, value := s.key(), s.value()
	s.drop()
	mapping.Content = append(mapping.Content, key, value)
	return "is moved to " + to.String()
}

func wrap(r *rand.Rand, _ *document, s site) string {
	value := s.value()
	if len(value.Content) > 0 && r.IntN(2) == 0 {
		s.set(value.Content[len(value.Content)-1])
		return "is the last of its parts"
	}
	if r.IntN(2) == 0 {
		s.set(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{value}})
		return "is wrapped in a list"
	}
	s.set(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{node("wrapped"), value}})
	return "is wrapped in a mapping"
}

// alias makes a value another name of one that stands elsewhere.
func alias(r *rand.Rand, d *document, s site) string {
	to := pick(r, d.values)
	target := to.value()
	if target.Kind == yaml.AliasNode || to.String() == s.String() {
		return ""
	}
	if target.Anchor == "" {
		target.Anchor = "made"
	}
	s.set(&yaml.Node{Kind: yaml.AliasNode, Value: target.Anchor, Alias: target})
	return "is an alias of " + to.String()
}

// merge merges something into a service.
func merge(r *rand.Rand, d *document, s site) string {
	to := pick(r, d.values)
	target := to.value()
	if s.value().Kind != yaml.MappingNode || target.Kind == yaml.AliasNode || strings.HasPrefix(s.String(), to.String()) {
		return ""
	}
	if target.Anchor == "" {
		target.Anchor = "made"
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Value: "<<", Tag: "!!merge"}
	s.value().Content = append(s.value().Content, key, &yaml.Node{Kind: yaml.AliasNode, Value: target.Anchor, Alias: target})
	return "merges " + to.String()
}

// extend makes a service extend another one of the same file.
func extend(r *rand.Rand, d *document, s site) string {
	services := d.where(isService)
	return add(r, s.value(), []string{
		"extends: " + pick(r, services).path[1],
		"extends: {service: " + pick(r, services).path[1] + "}",
		"extends: {file: compose.yaml, service: " + pick(r, services).path[1] + "}",
		"extends: nowhere", "extends: {service: nowhere}", "extends: {file: nowhere.yaml, service: a}", "extends: {file: compose.yaml}", "extends: {}", "extends: [a]", "extends: ", "extends: 7",
		"extends: {service: 7}", "extends: {service: a, nonsense: b}", "extends: {file: '', service: a}", "extends: {file: ., service: a}", "extends: {file: 7, service: a}",
	})
}

func include(r *rand.Rand, d *document) string {
	return add(r, d.mapping(), []string{
		"include: [nowhere.yaml]", "include: [compose.yaml]", "include: nowhere.yaml", "include: []", "include: ", "include: [7]", "include: {path: nowhere.yaml}", "include: [{}]", "include: [{path: }]",
		"include: [{path: []}]", "include: [{path: [nowhere.yaml]}]", "include: [{path: nowhere.yaml, nonsense: 1}]", "include: [{path: ., project_directory: .}]", "include: [{path: compose.yaml, env_file: nowhere.env}]", "include: [.]", "include: ['']", "include: [null]", "include: [[a]]", "include: text",
	})
}
