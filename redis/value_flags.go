package redis

import (
	"slices"
	"strings"
)

// readFlags joins the names of an enum that takes several. The first name of
// each such enum means none of the others, except in
// cluster-slot-stats-enabled, where yes means all.
func readFlags(d Directive, names []string) (reading, *refusal) {
	if slices.Contains(names, "save") && slices.Contains(names, "nosave") {
		return reading{}, refuse(slices.Index(names, "nosave"), "save and nosave exclude each other")
	}
	flags := d.Enum[1:]
	if i := slices.Index(flags, "yes"); i >= 0 {
		single := slices.Delete(slices.Clone(flags), i, i+1)
		if slices.Contains(names, "yes") || containsAll(names, single) {
			return reading{value: "yes"}, nil
		}
	}
	var set []string
	for _, flag := range flags {
		if slices.Contains(names, flag) {
			set = append(set, flag)
		}
	}
	if len(set) == 0 {
		return reading{value: d.Enum[0]}, nil
	}
	return reading{value: strings.Join(set, " ")}, nil
}

func containsAll(names, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(name string) bool { return !slices.Contains(names, name) })
}
