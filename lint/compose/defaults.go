package compose

import "github.com/rcomp/rcomp/lint/compose/model"

// completed adds what Compose takes for said where a project says nothing of
// it, once all files are together, after what it refuses there is checked.
func completed(w *walk, value *model.Value, as *attribute) *model.Value {
	value = checkedValue(w, value, as)
	if as.defaults == nil || value.Kind != model.Mapping {
		return value
	}
	return as.defaults(w, value)
}

func defaultPort(_ *walk, value *model.Value) *model.Value {
	at := value.Origin
	return withDefaults(value, "mode", text(at, "ingress"), "protocol", text(at, "tcp"))
}

func defaultSecret(_ *walk, value *model.Value) *model.Value {
	return withDefaults(value, "target", text(value.Origin, "/run/secrets/"+textOf(value.Get("source"))))
}
