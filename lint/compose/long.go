package compose

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/shortform"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

// longForm writes out what a short form means. What it makes stands where the
// short form is written.
type longForm func(w *walk, value *model.Value) *model.Value

func writtenOut(w *walk, value *model.Value, as *attribute) *model.Value {
	if as.long == nil || value.Kind == model.Null {
		return value
	}
	return as.long(w, value)
}

// mapping makes a mapping of names and values in turn; what is nil is left out.
func mapping(at model.Origin, pairs ...any) *model.Value {
	made := &model.Value{Kind: model.Mapping, Origin: at, Made: true}
	for i := 0; i < len(pairs); i += 2 {
		if value, _ := pairs[i+1].(*model.Value); value != nil {
			made.Entries = append(made.Entries, model.Entry{Name: pairs[i].(string), Key: at, Value: value})
		}
	}
	return made
}

func text(at model.Origin, value string) *model.Value {
	return &model.Value{Kind: model.String, Text: value, Origin: at, Made: true, Marked: !unset.Known(value)}
}

// textUnlessEmpty is nil for an empty text.
func textUnlessEmpty(at model.Origin, value string) *model.Value {
	if value == "" {
		return nil
	}
	return text(at, value)
}

func truth(at model.Origin, value bool) *model.Value {
	return &model.Value{Kind: model.Bool, Text: strconv.FormatBool(value), Origin: at, Made: true}
}

// whenTrue is nil for false.
func whenTrue(at model.Origin, value bool) *model.Value {
	if !value {
		return nil
	}
	return truth(at, true)
}

func textOf(value *model.Value) string {
	if value == nil {
		return ""
	}
	return value.Text
}

func (w *walk) refuse(value *model.Value, format string, args ...any) {
	w.project.refuse(Refused, value.Origin, w.path, strings.Join(w.path, ".")+": "+fmt.Sprintf(format, args...))
}

func longList(_ *walk, value *model.Value) *model.Value {
	if value.Kind == model.String {
		return &model.Value{Kind: model.Sequence, Items: []*model.Value{value}, Origin: value.Origin, Made: true}
	}
	return value
}

func longNames(w *walk, value *model.Value) *model.Value {
	return asNames(w.project, value, w.path, nil)
}

func longDependencies(w *walk, value *model.Value) *model.Value {
	if value.Kind != model.Mapping {
		return asNames(w.project, value, w.path, dependency)
	}
	complete := value.Copy()
	complete.Entries = nil
	for _, entry := range value.Entries {
		if entry.Value.Kind == model.Mapping {
			entry.Value = withDefaults(entry.Value, "condition", text(entry.Key, "service_started"), "required", truth(entry.Key, true))
		} else {
			w.refuse(entry.Value, "%q takes a mapping", entry.Name)
		}
		complete.Entries = append(complete.Entries, entry)
	}
	return complete
}

// withDefaults adds what a mapping does not say.
func withDefaults(value *model.Value, pairs ...any) *model.Value {
	complete := value
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].(string)
		if value.Entry(name) != nil {
			continue
		}
		if complete == value {
			complete = value.Copy()
			complete.Entries = append([]model.Entry(nil), value.Entries...)
		}
		complete.Entries = append(complete.Entries, model.Entry{Name: name, Key: value.Origin, Value: pairs[i+1].(*model.Value)})
	}
	return complete
}

func longAssignments(w *walk, value *model.Value) *model.Value {
	if value.Kind != model.Sequence {
		return value
	}
	for _, item := range value.Items {
		if item.IsScalar() && !strings.Contains(item.Text, "=") && !item.Marked {
			w.refuse(item, "%q lacks a value: write NAME=VALUE", brief(item.Text))
		}
	}
	if assignments := asAssignments(value); assignments != nil {
		return assignments
	}
	return value
}

func longBuild(_ *walk, value *model.Value) *model.Value {
	if build := asBuild(value); build != nil {
		return build
	}
	return value
}

func longReference(_ *walk, value *model.Value) *model.Value {
	if value.Kind == model.String {
		return mapping(value.Origin, "source", value)
	}
	return value
}

func longSSH(w *walk, value *model.Value) *model.Value {
	if value.Kind != model.Sequence {
		return value
	}
	for _, item := range value.Items {
		if !strings.Contains(item.Text, "=") && item.Text != "default" && !item.Marked {
			w.refuse(item, "%q is no key of SSH: write ID=PATH", brief(item.Text))
		}
	}
	if assignments := asAssignments(value); assignments != nil {
		return assignments
	}
	return value
}

func longEnvFiles(_ *walk, value *model.Value) *model.Value {
	list := longList(nil, value)
	if list.Kind != model.Sequence {
		return value
	}
	complete := list.Copy()
	complete.Items = nil
	for _, item := range list.Items {
		switch item.Kind {
		case model.String:
			item = mapping(item.Origin, "path", item, "required", truth(item.Origin, true))
		case model.Mapping:
			item = withDefaults(item, "required", truth(item.Origin, true))
		}
		complete.Items = append(complete.Items, item)
	}
	return complete
}

func longDevice(w *walk, value *model.Value) *model.Value {
	if value.Kind == model.Mapping && value.Get("target") == nil {
		w.refuse(value, "the device has no target")
	}
	if value.Kind != model.String {
		return value
	}
	parts := strings.Split(value.Text, ":")
	if len(parts) > 3 {
		w.refuse(value, "%q has more than three parts: use the long syntax", brief(value.Text))
		return value
	}
	source, target, permissions := parts[0], parts[0], "rwm"
	if len(parts) > 1 && parts[1] != "" {
		target = parts[1]
	}
	if len(parts) > 2 {
		permissions = parts[2]
	}
	return mapping(value.Origin, "source", text(value.Origin, source), "target", text(value.Origin, target), "permissions", text(value.Origin, permissions))
}

func longVolume(w *walk, value *model.Value) *model.Value {
	if value.Kind == model.Mapping && value.Get("target") == nil {
		w.refuse(value, "the volume has no target")
	}
	if value.Kind != model.String {
		return value
	}
	volume, err := shortform.ParseVolume(value.Text)
	if err != nil {
		w.refuse(value, "%v", err)
		return value
	}
	at := value.Origin
	var bind, named *model.Value
	if volume.Bind != nil {
		bind = mapping(at,
			"selinux", textUnlessEmpty(at, volume.Bind.SELinux), "propagation", textUnlessEmpty(at, volume.Bind.Propagation),
			"create_host_path", truth(at, volume.Bind.CreateHostPath))
	}
	if volume.Volume != nil {
		named = mapping(at, "nocopy", whenTrue(at, volume.Volume.NoCopy))
	}
	return mapping(at,
		"type", text(at, volume.Type), "source", textUnlessEmpty(at, volume.Source), "target", text(at, volume.Target),
		"read_only", whenTrue(at, volume.ReadOnly), "bind", bind, "volume", named,
	)
}

// longPorts keeps a range as one port: written out, one line could be 65,535.
func longPorts(w *walk, value *model.Value) *model.Value {
	if value.Kind != model.Sequence {
		return value
	}
	complete := value.Copy()
	complete.Items = nil
	for _, item := range value.Items {
		if item.Kind == model.Mapping && item.Get("target") == nil {
			w.refuse(item, "the port has no target")
		}
		if !item.IsScalar() {
			complete.Items = append(complete.Items, item)
			continue
		}
		port, err := shortform.ParsePort(item.Text)
		if err != nil {
			w.refuse(item, "%v", err)
			continue
		}
		at := item.Origin
		complete.Items = append(complete.Items, mapping(at,
			"mode", text(at, port.Mode), "host_ip", textUnlessEmpty(at, port.HostIP), "target", text(at, targetOf(item.Text, port)),
			"published", textUnlessEmpty(at, port.Published), "protocol", text(at, port.Protocol),
		))
	}
	return complete
}

// targetOf is the port of the container: a number, a range, or the part of the
// text that depends on a variable without a value.
func targetOf(text string, port shortform.Port) string {
	switch {
	case !port.TargetKnown:
		text, _, _ = strings.Cut(text, "/")
		return text[strings.LastIndex(text, ":")+1:]
	case port.Target == port.TargetEnd:
		return strconv.Itoa(int(port.Target))
	}
	return fmt.Sprintf("%d-%d", port.Target, port.TargetEnd)
}

// longExternal reads the old form of an external resource, with its name
// below "external".
func longExternal(w *walk, value *model.Value) *model.Value {
	external := value.Get("external")
	if value.Kind != model.Mapping {
		w.refuse(value, "takes a mapping")
		return value
	}
	if external == nil || external.Kind != model.Mapping {
		return value
	}
	complete := value.Copy()
	complete.Entries = nil
	for _, entry := range value.Entries {
		if entry.Name == "external" {
			entry.Value = truth(external.Origin, true)
		}
		complete.Entries = append(complete.Entries, entry)
	}
	name, own := external.Entry("name"), value.Get("name")
	if name == nil {
		return complete
	}
	if own != nil && own.Text != name.Value.Text {
		w.refuse(name.Value, "name and external.name say different things: keep name")
	}
	if own == nil {
		complete.Entries = append(complete.Entries, *name)
	}
	return complete
}
