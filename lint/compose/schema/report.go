package schema

import (
	"slices"
	"strconv"

	"github.com/rcomp/rcomp/lint/compose/model"
)

// reporter turns verdicts into faults: each verdict and each place once.
type reporter struct {
	path     []string
	above    []*verdict // of the value at each step of the path
	reported map[*verdict]bool
	places   map[model.Origin]bool
	result   Result
}

func report(root *verdict) Result {
	r := reporter{
		reported: map[*verdict]bool{},
		places:   map[model.Origin]bool{},
		result:   Result{Services: map[string]bool{}},
	}
	r.verdict(root)
	return r.result
}

func (r *reporter) verdict(v *verdict) {
	if service := r.service(); service != "" {
		r.result.Services[service] = true
	}
	if r.reported[v] {
		return
	}
	r.reported[v] = true
	r.above = append(r.above, v)
	for i := range v.flaws {
		f := &v.flaws[i]
		switch f.kind {
		case inEntry:
			r.below(f.entry.Name, f.inner)
		case inItem:
			r.below(strconv.Itoa(f.index), f.inner)
		default:
			r.flaw(v.value, f)
		}
	}
	r.above = r.above[:len(r.above)-1]
}

func (r *reporter) below(step string, v *verdict) {
	r.path = append(r.path, step)
	r.verdict(v)
	r.path = r.path[:len(r.path)-1]
}

// Nobody reads more than so many faults of a file, or needs more than so many
// of its words explained.
const (
	maxFaults = 1000
	maxMeant  = 50
)

func (r *reporter) flaw(value *model.Value, f *flaw) {
	origin, service := value.Origin, r.service()
	switch {
	case f.kind == unwanted && len(r.path) == 1 && r.path[0] == services:
		origin, service = f.entry.Key, f.entry.Name
		r.result.Services[service] = true
	case f.kind == unwanted:
		origin = f.entry.Key
	case f.kind == repeated:
		origin = value.Items[f.index].Origin
	}
	if origin.Node != nil && r.places[origin] {
		return
	}
	r.places[origin] = true
	if len(r.result.Faults) == maxFaults {
		r.result.More++
		return
	}
	fault := Fault{Path: slices.Clone(r.path), Origin: origin, Service: service, Message: message(value, f)}
	if len(r.result.Faults) < maxMeant {
		fault.Meant = r.meant(value, f)
	}
	r.result.Faults = append(r.result.Faults, fault)
}

const services = "services"

// service is the service that the path leads into.
func (r *reporter) service() string {
	if len(r.path) >= 2 && r.path[0] == services {
		return r.path[1]
	}
	return ""
}
