package compose

import (
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/shortform"
)

// indexer returns what makes an item of a list the same as another, although
// they may differ in what else they say. ok is false where Compose does not
// compare.
type indexer func(item *model.Value) (key string, ok bool)

// withoutRepeats keeps, of the items of a list that are one, the last at the
// place of the first.
func withoutRepeats(_ *walk, value *model.Value, as *attribute) *model.Value {
	if as.unique == nil || value.Kind != model.Sequence || len(value.Items) < 2 {
		return value
	}
	where := make(map[string]int, len(value.Items))
	kept := make([]*model.Value, 0, len(value.Items))
	for _, item := range value.Items {
		key, ok := as.unique(item)
		if i, again := where[key]; ok && again {
			kept[i] = item
			continue
		}
		if ok {
			where[key] = len(kept)
		}
		kept = append(kept, item)
	}
	if len(kept) == len(value.Items) {
		return value
	}
	unique := value.Copy()
	unique.Items = kept
	return unique
}

// indexName is the name of NAME=value.
func indexName(item *model.Value) (string, bool) {
	name, _, _ := strings.Cut(item.Text, "=")
	return name, item.IsScalar()
}

func indexText(item *model.Value) (string, bool) { return item.Text, item.IsScalar() }

func indexMount(directory string) indexer {
	return func(item *model.Value) (string, bool) {
		if item.IsScalar() {
			return directory + "/" + item.Text, true
		}
		if target := item.Get("target"); target != nil {
			return textOf(target), true
		}
		return directory + "/" + textOf(item.Get("source")), item.Kind == model.Mapping
	}
}

func indexEnvFile(item *model.Value) (string, bool) {
	if item.IsScalar() {
		return item.Text, true
	}
	return textOf(item.Get("path")), item.Get("path") != nil
}

// indexVolume is where a volume is mounted.
func indexVolume(item *model.Value) (string, bool) {
	if item.Kind == model.Mapping {
		return textOf(item.Get("target")), item.Get("target") != nil
	}
	volume, err := shortform.ParseVolume(item.Text)
	return volume.Target, err == nil && item.IsScalar()
}

func indexDevice(item *model.Value) (string, bool) {
	if item.Kind == model.Mapping {
		return textOf(item.Get("target")), item.Get("target") != nil
	}
	parts := strings.Split(item.Text, ":")
	return parts[min(1, len(parts)-1)], item.IsScalar()
}

// indexPort is all of a port in its long form, and its text in the short one.
func indexPort(item *model.Value) (string, bool) {
	if item.Kind != model.Mapping {
		return item.Text, item.IsScalar()
	}
	value := func(name, otherwise string) string {
		if found := item.Get(name); found != nil {
			return found.Text
		}
		return otherwise
	}
	return value("host_ip", "0.0.0.0") + ":" + value("published", "") + ":" + value("target", "") + "/" + value("protocol", "tcp"), item.Get("target") != nil
}
