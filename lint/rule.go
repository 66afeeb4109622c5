package lint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Severity says how bad a finding is.
type Severity int

// The severities, mildest first.
const (
	Note    Severity = iota + 1 // hygiene
	Warning                     // a bad day is coming
	Error                       // it will not start, loses data or lets anyone in
)

var severityNames = map[Severity]string{Note: "note", Warning: "warning", Error: "error"}

// String returns "note", "warning" or "error".
func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads what String writes.
func ParseSeverity(text string) (Severity, error) {
	for severity, name := range severityNames {
		if name == text {
			return severity, nil
		}
	}
	return 0, fmt.Errorf("%q is not a severity: want error, warning or note", text)
}

// Rule is one thing that can be wrong with a project.
type Rule struct {
	ID       string   // names the mistake and never changes its meaning: "maxmemory-not-set"
	Group    string   // what it is about; several rules are turned off by it
	Severity Severity // of a finding that does not say otherwise
	Summary  string   // the fault as a plain statement on one line, no full stop
	Why      string   // a few plain sentences: what happens, to whom, and what to do
	Refs     []string // where to read more
	Guide    Guide    // what it looks like, and what to do
	Alone    bool     // it also judges a conf file that no compose file brings to a server
	Help     *Help    // of a finding that has no fix and no help of its own
	Check    func(*Pass)
}

// Finding is one fault at one place.
type Finding struct {
	Rule     *Rule
	Severity Severity
	Span     position.Span
	Service  string // "" where it concerns no single service
	Message  string
	Fix      *Fix     // nil: a person has to decide
	Help     *Help    // what to write where there is no fix
	Also     []string // further services that have the same fault, after Merge
	Home     *Home    // of the project that it is about

	template position.Span // where the image of its service is named, if it stands at the service's name
}

// Concerns lists the services that a finding is about.
func (f Finding) Concerns() []string {
	if f.Service == "" {
		return f.Also
	}
	return append([]string{f.Service}, f.Also...)
}

// Pass is one rule's look at one project.
type Pass struct {
	*compose.Project
	Rule     *Rule
	home     *Home
	findings *[]Finding

	counts  map[string]int     // of findings, by service
	dropped map[string]Finding // the first that was one too many
}

// mostFindings are listed by one rule of one service: who reads more of the same?
const mostFindings = 1000

// Report records a finding. The returned finding can be changed until the
// next call.
func (p *Pass) Report(at position.Span, service *compose.Service, format string, args ...any) *Finding {
	finding := Finding{Rule: p.Rule, Severity: p.Rule.Severity, Span: at, Home: p.home, Help: p.Rule.Help, Message: unset.Plain(fmt.Sprintf(format, args...))}
	if service != nil {
		finding.Service = service.Name
		if service.Config.Image != "" && service.Span() == at {
			finding.template = service.At("image")
		}
	}
	p.counts[finding.Service]++
	if p.counts[finding.Service] > mostFindings {
		if _, known := p.dropped[finding.Service]; !known {
			p.dropped[finding.Service] = finding
		}
		return &finding
	}
	*p.findings = append(*p.findings, finding)
	return &(*p.findings)[len(*p.findings)-1]
}

// end says what was not listed.
func (p *Pass) end() {
	for _, service := range slices.Sorted(maps.Keys(p.dropped)) {
		p.Note(p.dropped[service].Span, service, fmt.Sprintf("%s has more than %d findings here: the rest is not listed", p.Rule.ID, mostFindings))
	}
}

// compareFindings orders findings as they are printed.
func compareFindings(a, b Finding) int {
	return cmp.Or(
		a.Span.Compare(b.Span),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Rule.ID, b.Rule.ID),
		cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Message, b.Message),
	)
}

func compareUnseen(a, b compose.Unseen) int {
	return cmp.Or(a.Span.Compare(b.Span), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Message, b.Message))
}
