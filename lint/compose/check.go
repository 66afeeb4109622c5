package compose

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/shortform"
)

// checker refuses what the schema takes and Compose does not, in one value.
type checker func(w *walk, value *model.Value)

func checkedValue(w *walk, value *model.Value, as *attribute) *model.Value {
	if as.check != nil && value.Kind != model.Null {
		as.check(w, value)
	}
	return value
}

// isPlain reports whether a value is a text that is known.
func isPlain(value *model.Value) bool { return value.Kind == model.String && !value.Marked }

func checkWords(w *walk, value *model.Value) {
	if value.Kind != model.String {
		return
	}
	if _, _, err := splitWords(value.Text); err != nil {
		w.refuse(value, "%v", err)
	}
}

func checkBytes(w *walk, value *model.Value) {
	if !isPlain(value) {
		return
	}
	if _, err := shortform.Bytes(value.Text); err != nil {
		w.refuse(value, "%v", err)
	}
}

func checkDuration(w *walk, value *model.Value) {
	if !isPlain(value) {
		return
	}
	if _, err := shortform.Duration(value.Text); err != nil {
		w.refuse(value, "%v", err)
	}
}

func checkFloat(w *walk, value *model.Value) {
	if _, err := strconv.ParseFloat(value.Text, 64); err != nil && isPlain(value) {
		w.refuse(value, "%q is no number", brief(value.Text))
	}
}

// checkNotDate refuses what YAML takes for a date where a text is wanted.
func checkNotDate(w *walk, value *model.Value) {
	if value.Date {
		w.refuse(value, "YAML takes it for a date: put it in quotes")
	}
}

// checkScalar refuses lists, mappings and dates where the schema takes anything.
func checkScalar(w *walk, value *model.Value) {
	checkNotDate(w, value)
	if !value.IsScalar() {
		w.refuse(value, "it takes one value")
	}
}

func checkNotNegative(w *walk, value *model.Value) {
	if number, err := strconv.ParseFloat(value.Text, 64); err == nil && number < 0 && !value.Marked {
		w.refuse(value, "%s is below 0", brief(value.Text))
	}
}

// checkModeNumber wants the mode of a file as a number: of a tmpfs Compose
// takes it in no other way.
func checkModeNumber(w *walk, value *model.Value) {
	if isPlain(value) {
		w.refuse(value, "%q is a text: write the mode as a number, like 0o1777", brief(value.Text))
		return
	}
	checkNotNegative(w, value)
}

func checkNotFloat(w *walk, value *model.Value) {
	if value.Kind == model.Float {
		w.refuse(value, "%s is no whole number", brief(value.Text))
	}
}

func checkTruth(w *walk, value *model.Value) {
	if !isPlain(value) {
		return
	}
	if _, err := shortform.Bool(value.Text); err != nil {
		w.refuse(value, "%q: %v", brief(value.Text), err)
	}
}

// checkMode wants the mode of a file as chmod takes it.
func checkMode(w *walk, value *model.Value) {
	if _, err := strconv.ParseInt(value.Text, 8, 64); err != nil && isPlain(value) {
		w.refuse(value, "%q is no mode of a file: write it like \"0440\"", brief(value.Text))
	}
}

// checkHosts wants HOST=ADDRESS or HOST:ADDRESS.
func checkHosts(w *walk, value *model.Value) {
	for _, item := range value.Items {
		host, _, found := strings.Cut(item.Text, "=")
		if !found {
			host, _, found = strings.Cut(item.Text, ":")
		}
		switch {
		case item.Marked:
		case !found:
			w.refuse(item, "%q lacks an address: write HOST=ADDRESS", brief(item.Text))
		case host == "" || strings.Contains(host, ":"):
			w.refuse(item, "%q has no host name in front of the address", brief(item.Text))
		}
	}
	for _, entry := range value.Entries {
		if entry.Name == "" || strings.ContainsAny(entry.Name, ":=") {
			w.refuse(&model.Value{Origin: entry.Key}, "%q is no host name", brief(entry.Name))
		}
	}
}

func checkAddress(w *walk, value *model.Value) {
	address := value.Get("host_ip")
	if address == nil || !isPlain(address) {
		return
	}
	if ip, err := netip.ParseAddr(address.Text); err != nil || ip.Zone() != "" {
		w.refuse(address, "%q is no IP address", brief(address.Text))
	}
}

func checkNotBlank(w *walk, value *model.Value) {
	if value.Kind == model.String && value.Text == "" {
		w.refuse(value, "it is empty")
	}
}

func checkDeviceRequest(w *walk, value *model.Value) {
	count, ids := value.Get("count"), value.Get("device_ids")
	if count != nil && ids != nil {
		w.refuse(value, "count and device_ids exclude each other")
	}
	if count == nil || !isPlain(count) || strings.EqualFold(count.Text, "all") {
		return
	}
	if _, err := strconv.ParseInt(count.Text, 10, 64); err != nil {
		w.refuse(count, "%q is neither a number nor all", brief(count.Text))
	}
}

// checkSource wants one way to get the content of a config or a secret.
func checkSource(ways ...string) checker {
	return func(w *walk, value *model.Value) {
		count := 0
		for _, way := range ways {
			if value.Get(way) != nil {
				count++
			}
		}
		switch {
		case count > 1:
			w.refuse(value, "%s exclude each other", strings.Join(ways, ", "))
		case count == 0 && value.Get("driver") == nil && value.Get("external") == nil:
			w.refuse(value, "one of %s must be set", strings.Join(ways, ", "))
		}
	}
}

// checkVolume wants an external volume to say nothing else but its name.
func checkVolume(w *walk, value *model.Value) {
	if value.Kind != model.Mapping || textOf(value.Get("external")) != "true" {
		return
	}
	for _, entry := range value.Entries {
		if entry.Name != "external" && entry.Name != "name" && !strings.HasPrefix(entry.Name, "x-") {
			w.refuse(&model.Value{Origin: entry.Key}, "an external volume takes no %q", entry.Name)
		}
	}
}

// checkMount wants a bind mount to say what it mounts; that may be nothing.
func checkMount(w *walk, value *model.Value) {
	if textOf(value.Get("type")) == typeBind && value.Get("source") == nil {
		w.refuse(value, "a bind mount takes a source")
	}
}
