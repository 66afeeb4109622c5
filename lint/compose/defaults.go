package compose

import "github.com/rcomp/rcomp/lint/compose/model"

// filled writes out what Compose takes for said where nothing is.
func filled(w *walk, value *model.Value, as *attribute) *model.Value {
	if as.defaults == nil || value.Kind != model.Mapping {
		return value
	}
	return as.defaults(w, value)
}

func fillBuild(_ *walk, value *model.Value) *model.Value {
	return withDefaults(value, "context", text(value.Origin, "."))
}

func fillSecret(_ *walk, value *model.Value) *model.Value {
	return withDefaults(value, "target", text(value.Origin, "/run/secrets/"+textOf(value.Get("source"))))
}

func fillPort(_ *walk, value *model.Value) *model.Value {
	return withDefaults(value, "protocol", text(value.Origin, "tcp"), "mode", text(value.Origin, "ingress"))
}

func fillBind(_ *walk, value *model.Value) *model.Value {
	return withDefaults(value, "create_host_path", truth(value.Origin, true))
}
