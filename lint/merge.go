package lint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/position"
)

// Merge puts the findings in order and makes one of those that are one fault:
// it is mended at one place, however many services have it. The first service
// stands for all, the others are named.
func (r *Result) Merge() {
	slices.SortFunc(r.Findings, compareFindings)
	first, seen := map[fault]int{}, map[fault]bool{}
	merged := r.Findings[:0]
	for _, finding := range r.Findings {
		faults := [...]fault{{rule: finding.Rule, severity: finding.Severity, at: finding.Span}, faultOfTemplate(finding)}
		at, known := first[faults[0]]
		if !known && faults[1] != (fault{}) {
			at, known = first[faults[1]]
		}
		if known {
			merged[at].also(finding)
			continue
		}
		if worst := (fault{rule: finding.Rule, service: finding.Service, at: finding.Span}); finding.Service != "" {
			if seen[worst] {
				continue // worse in another project that has the same file, which stands before this
			}
			seen[worst] = true
		}
		for _, one := range faults {
			if one != (fault{}) {
				first[one] = len(merged)
			}
		}
		merged = append(merged, finding)
	}
	r.Findings = merged
	slices.SortFunc(r.Ignored, func(a, b Ignored) int { return compareFindings(a.Finding, b.Finding) })
}

// fault is what makes findings one.
type fault struct {
	rule     *Rule
	severity Severity
	at       position.Span // where it stands: a file or an anchor that services share
	template position.Span // where services that are made alike have their image from
	message  string        // without the service's name
	service  string        // of one that several projects have
}

// faultOfTemplate is the fault of a finding at a service's name, that all
// services have which are made from one text: by an anchor, a merge key or
// extends. It is zero for any other.
func faultOfTemplate(f Finding) fault {
	if f.template == (position.Span{}) {
		return fault{}
	}
	message := strings.ReplaceAll(f.Message, strconv.Quote(f.Service), "")
	return fault{rule: f.Rule, severity: f.Severity, template: f.template, message: message}
}

// also names the services of a finding that is the same fault.
func (f *Finding) also(same Finding) {
	for _, service := range same.Concerns() {
		if service != f.Service && service != "" && !slices.Contains(f.Also, service) {
			f.Also = append(f.Also, service)
		}
	}
}
