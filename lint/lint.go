// Package lint loads compose files with the place of everything in them, and
// runs rules over what they mean. It knows nothing of Redis.
package lint

import (
	"slices"
)

// Result is everything a run has to say.
type Result struct {
	Files    []string // the compose files that were judged, sorted
	Findings []Finding
	Notes    []Note
	Sources  func(file string) []byte // the text of a file that a finding names
}

// Run judges projects by rules. The result is in order of file and place,
// whatever the order of projects and rules.
func Run(projects []*Project, rules []*Rule) *Result {
	result := &Result{}
	for _, project := range projects {
		result.Files = append(result.Files, project.Files...)
		for _, rule := range rules {
			rule.Check(&Pass{Project: project, Rule: rule, findings: &result.Findings})
		}
		result.Notes = append(result.Notes, project.Notes...)
	}
	slices.Sort(result.Files)
	result.Files = slices.Compact(result.Files)
	slices.SortFunc(result.Findings, compareFindings)
	result.Findings = slices.CompactFunc(result.Findings, sameFault)
	slices.SortFunc(result.Notes, compareNotes)
	result.Notes = slices.Compact(result.Notes)
	result.Sources = func(file string) []byte { return sourceOf(projects, file) }
	return result
}

// sameFault reports whether two findings are one fault: several services that
// share a file or an anchor have it in common. The first service stands for all.
func sameFault(a, b Finding) bool {
	return a.Rule == b.Rule && a.Span == b.Span && a.Severity == b.Severity
}

func sourceOf(projects []*Project, file string) []byte {
	for _, project := range projects {
		if source := project.Source(file); source != nil {
			return source
		}
	}
	return nil
}

// Count returns how many findings there are of a severity.
func (r *Result) Count(severity Severity) int {
	count := 0
	for _, finding := range r.Findings {
		if finding.Severity == severity {
			count++
		}
	}
	return count
}

// Worst returns the highest severity found, 0 where nothing was found.
func (r *Result) Worst() Severity {
	worst := Severity(0)
	for _, finding := range r.Findings {
		worst = max(worst, finding.Severity)
	}
	return worst
}
