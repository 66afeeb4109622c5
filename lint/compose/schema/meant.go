package schema

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// meant is what was probably meant by a key that is not wanted, or by a value
// that is not one of those listed.
func (r *reporter) meant(value *model.Value, f *flaw) string {
	switch f.kind {
	case notInEnum:
		return nearest(value.Text, f.node.enum, nearEnough(value.Text))
	case unwanted:
		return r.meantKey(value, f)
	}
	return ""
}

// meantKey looks for the key in the order of what people do most: a slip of
// the finger, a word of `docker run`, the key of another level, more slips.
func (r *reporter) meantKey(value *model.Value, f *flaw) string {
	name, known := f.entry.Name, f.node.names()
	if near := nearest(name, known, 1); near != "" {
		return near
	}
	if f.node == &serviceSchema {
		if key := fromDockerRun(name); key != "" {
			return key
		}
	}
	if len(r.path) == 0 {
		return meantAtRoot(f.entry, known)
	}
	if place := below(f.node, name); place != "" && !isOfOtherType(value, f.node, place) {
		return place
	}
	if place := r.whereAbove(name); place != "" {
		return place
	}
	return nearest(name, known, nearEnough(name))
}

// meantAtRoot is a service that is not under services, or else an extension.
func meantAtRoot(entry *model.Entry, known []string) string {
	if near := nearest(entry.Name, known, nearEnough(entry.Name)); near != "" {
		return near
	}
	image, build := entry.Value.Get("image"), entry.Value.Get("build")
	if (image != nil || build != nil) && !isAnchored(entry.Value) {
		return services + "." + entry.Name
	}
	return "x-" + entry.Name
}

// isAnchored reports whether a value has a name: then it is there to be used
// elsewhere.
func isAnchored(value *model.Value) bool {
	return value.Origin.Node != nil && value.Origin.Node.Anchor != ""
}

// dockerRun are options of `docker run`, and words of like tools, whose key in
// a service has another name.
var dockerRun = [...]struct{ option, key string }{
	{"add-host", "extra_hosts"},
	{"args", "build.args"},
	{"cmd", "command"},
	{"cpu", "cpus"},
	{"dns-option", "dns_opt"},
	{"env", "environment"},
	{"gpu", "gpus"},
	{"health-cmd", "healthcheck.test"},
	{"health-interval", "healthcheck.interval"},
	{"health-retries", "healthcheck.retries"},
	{"health-timeout", "healthcheck.timeout"},
	{"host", "hostname"},
	{"log-driver", "logging.driver"},
	{"log-opt", "logging.options"},
	{"memory", "mem_limit"},
	{"memory-swap", "memswap_limit"},
	{"mount", "volumes"},
	{"name", "container_name"},
	{"net", "network_mode"},
	{"publish", "ports"},
	{"stop-timeout", "stop_grace_period"},
	{"workdir", "working_dir"},
}

func fromDockerRun(name string) string {
	option := strings.ReplaceAll(strings.Trim(name, "-"), "_", "-")
	for _, known := range dockerRun {
		if known.option == option {
			return known.key
		}
	}
	return ""
}

// names are the keys that a schema knows.
func (n *node) names() []string {
	var names []string
	for i := range n.properties {
		names = append(names, n.properties[i].name)
	}
	for _, part := range n.allOf {
		names = append(names, part.names()...)
	}
	return names
}

// below is the shortest path from a mapping to a key of a name in what it may
// hold, the first by the alphabet of several.
func below(n *node, name string) string {
	type place struct {
		node *node
		path []string
	}
	for level := []place{{node: n}}; len(level) > 0; {
		var next []place
		for _, at := range level {
			for _, object := range at.node.objects() {
				names := object.names()
				slices.Sort(names)
				for _, key := range names {
					path := append(slices.Clone(at.path), key)
					if key == name {
						return strings.Join(path, ".")
					}
					next = append(next, place{object.property(key), path})
				}
			}
		}
		level = next
	}
	return ""
}

// isOfOtherType reports whether a place belongs to what a mapping is not: a bind
// mount has no options of a tmpfs.
func isOfOtherType(value *model.Value, n *node, place string) bool {
	first, _, _ := strings.Cut(place, ".")
	kind, kinds := value.Get("type"), n.property("type")
	return kind != nil && kinds != nil && kind.Text != first && slices.Contains(kinds.enum, first)
}

// objects are the forms of a schema that have keys.
func (n *node) objects() []*node {
	if len(n.properties) > 0 || len(n.allOf) > 0 {
		return []*node{n}
	}
	var objects []*node
	for _, form := range n.oneOf {
		objects = append(objects, form.objects()...)
	}
	return objects
}

// whereAbove is the path to a key of a name in the nearest mapping above that
// may have one.
func (r *reporter) whereAbove(name string) string {
	for depth := len(r.path) - 1; depth >= 0; depth-- {
		for _, object := range r.above[depth].node.objects() {
			if object.property(name) != nil {
				return strings.Join(append(slices.Clone(r.path[:depth]), name), ".")
			}
		}
	}
	return ""
}

// nearEnough is how many slips may separate a word from what was meant.
func nearEnough(word string) int {
	return min(1+len(word)/5, 3)
}

// nearest returns the word that is fewest slips away from another, at most so
// many; the first of several. Case and the two dashes do not count.
func nearest(word string, words []string, most int) string {
	best := ""
	for _, candidate := range words {
		if slips := distance(plain(word), plain(candidate), most); slips <= most {
			best, most = candidate, slips-1
		}
	}
	return best
}

func plain(word string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Trim(word, "-: ")), "-", "_")
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that make one word of another; above most it is only above most.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current := make([]int, len(b)+1)
		current[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := last[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			current[j] = min(last[j]+1, current[j-1]+1, replaced)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, last = last, current
	}
	return last[len(b)]
}
