// Package lint loads compose files with the place of everything in them, and
// runs rules over what they mean. It knows nothing of Redis.
package lint

import (
	"slices"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/display"
)

// Result is everything a run has to say.
type Result struct {
	Files    []string // the compose files that were judged, sorted
	Findings []Finding
	Unseen   []compose.Unseen
	Sources  func(file string) []byte // the text of a file that a finding names
	Secrets  *display.Secrets         // what no format may print; nil: nothing
}

// Judgement is what a run has to say of one project.
type Judgement struct {
	files    []string
	findings []Finding
	unseen   []compose.Unseen
	sources  map[string][]byte
}

// Judge runs rules over a project.
func Judge(project *compose.Project, rules []*Rule) *Judgement {
	j := &Judgement{files: project.Files, sources: map[string][]byte{}}
	for _, rule := range rules {
		rule.Check(&Pass{Project: project, Rule: rule, findings: &j.findings})
	}
	j.unseen = project.Unseen
	for _, finding := range j.findings {
		j.keep(project, finding.Span.File)
	}
	for _, unseen := range j.unseen {
		j.keep(project, unseen.Span.File)
	}
	return j
}

// keep remembers a file for its lines.
func (j *Judgement) keep(project *compose.Project, file string) {
	if source := project.Source(file); source != nil {
		j.sources[file] = source
	}
}

// Join is the result of a run. It is in order of file and place, whatever the
// order of projects and rules.
func Join(judgements []*Judgement) *Result {
	result := &Result{}
	for _, j := range judgements {
		result.Files = append(result.Files, j.files...)
		result.Findings = append(result.Findings, j.findings...)
		result.Unseen = append(result.Unseen, j.unseen...)
	}
	slices.Sort(result.Files)
	result.Files = slices.Compact(result.Files)
	slices.SortFunc(result.Findings, compareFindings)
	result.Findings = slices.CompactFunc(result.Findings, sameFault)
	slices.SortFunc(result.Unseen, compareUnseen)
	result.Unseen = slices.Compact(result.Unseen)
	result.Sources = func(file string) []byte { return sourceOf(judgements, file) }
	return result
}

// Run judges projects by rules.
func Run(projects []*compose.Project, rules []*Rule) *Result {
	var judgements []*Judgement
	for _, project := range projects {
		judgements = append(judgements, Judge(project, rules))
	}
	return Join(judgements)
}

// sameFault reports whether two findings are one fault: several services that
// share a file or an anchor have it in common. The first service stands for all.
func sameFault(a, b Finding) bool {
	return a.Rule == b.Rule && a.Span == b.Span && a.Severity == b.Severity
}

func sourceOf(judgements []*Judgement, file string) []byte {
	for _, j := range judgements {
		if source := j.sources[file]; source != nil {
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
