package canonical

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// Differences lists where two services that were written differ, each as a
// path and both values.
func Differences(ours, theirs any) []string { return differences(ours, theirs, "") }

func differences(ours, theirs any, at string) (all []string) {
	left, isMapping := ours.(map[string]any)
	right, isMappingToo := theirs.(map[string]any)
	if isMapping && isMappingToo {
		names := slices.Collect(maps.Keys(left))
		for name := range right {
			if _, known := left[name]; !known {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			a, isOurs := left[name]
			b, isTheirs := right[name]
			switch {
			case !isOurs:
				all = append(all, fmt.Sprintf("%s.%s: Compose alone has %v", at, name, b))
			case !isTheirs:
				all = append(all, fmt.Sprintf("%s.%s: rcomp alone has %v", at, name, a))
			default:
				all = append(all, differences(a, b, at+"."+name)...)
			}
		}
		return all
	}
	first, isList := ours.([]any)
	second, isListToo := theirs.([]any)
	if isList && isListToo && len(first) == len(second) {
		for i := range first {
			all = append(all, differences(first[i], second[i], at+"."+strconv.Itoa(i))...)
		}
		return all
	}
	if !reflect.DeepEqual(ours, theirs) {
		all = append(all, fmt.Sprintf("%s: rcomp has %v, Compose %v", at, ours, theirs))
	}
	return all
}
