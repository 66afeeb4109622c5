// Package lint loads compose files with the place of everything in them, and
// runs rules over what they mean. It knows nothing of Redis.
package lint

import (
	"maps"
	"slices"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// Result is everything a run has to say.
type Result struct {
	Files    []string // the compose files that were judged, sorted
	Findings []Finding
	Ignored  []Ignored // what comments in the files say is none
	Unseen   []compose.Unseen

	// What is said beside the findings. Who fills it in knows what services are.
	Seen      []Counted // what was judged: servers and the like
	Unjudged  []Counted // what was seen and is not judged
	Nothing   string    // why there was nothing to judge, "" where there was
	Known     int       // findings that a baseline knows
	Gone      []Gone    // what a baseline knows and is not there any more
	Excluded  int       // projects that settings leave out
	Untouched int       // projects that a change does not touch

	Sources func(file string) []byte // the text of a file that a finding names
	Secrets *display.Secrets         // what no format may print; nil: nothing

	texts map[string]*position.Text // the files that were marked, split into lines
}

// Counted is how many there are of something.
type Counted struct {
	Count int
	Noun  string // in the singular
}

// Gone is an entry of a baseline that nothing is found for.
type Gone struct {
	At                  position.Span
	Rule, File, Service string
	Message             string
}

// Ignored is a finding that a comment says is none, and why.
type Ignored struct {
	Finding
	Reason string
	At     position.Span // of the comment
}

// Home is where a project is: what is kept of it when it is forgotten.
type Home struct {
	Tree      *disk.Tree
	Directory string // absolute
}

// Judgement is what a run has to say of one project.
type Judgement struct {
	Findings []Finding
	Ignored  []Ignored

	files   []string
	unseen  []compose.Unseen
	sources map[string][]byte
}

// Judge runs rules over a project. Each of its services has its own findings,
// so that they can be told apart by whom they are about.
func Judge(project *compose.Project, rules []*Rule) *Judgement {
	j := &Judgement{files: project.Files, sources: map[string][]byte{}}
	home := &Home{project.Tree(), project.Directory}
	for _, rule := range rules {
		pass := &Pass{Project: project, Rule: rule, home: home, findings: &j.Findings, counts: map[string]int{}, dropped: map[string]Finding{}}
		rule.Check(pass)
		pass.end()
	}
	j.unseen = project.Unseen
	for _, finding := range j.Findings {
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

// Keep remembers the text of a file that a finding names.
func (j *Judgement) Keep(file string, source []byte) { j.sources[file] = source }

// Join is the result of a run. What it holds is in order of file and place,
// whatever the order of projects and rules, once it is merged.
func Join(judgements []*Judgement) *Result {
	result, sources := &Result{}, map[string][]byte{}
	for _, j := range judgements {
		result.Files = append(result.Files, j.files...)
		result.Findings = append(result.Findings, j.Findings...)
		result.Ignored = append(result.Ignored, j.Ignored...)
		result.Unseen = append(result.Unseen, j.unseen...)
		maps.Copy(sources, j.sources)
	}
	slices.Sort(result.Files)
	result.Files = slices.Compact(result.Files)
	slices.SortFunc(result.Unseen, compareUnseen)
	result.Unseen = slices.Compact(result.Unseen)
	result.Sources = func(file string) []byte { return sources[file] }
	return result
}

// Run judges projects by rules.
func Run(projects []*compose.Project, rules []*Rule) *Result {
	var judgements []*Judgement
	for _, project := range projects {
		judgements = append(judgements, Judge(project, rules))
	}
	result := Join(judgements)
	result.Merge()
	return result
}

// AddSource gives the text of a file that no project has read.
func (r *Result) AddSource(file string, text []byte) {
	others := r.Sources
	r.Sources = func(name string) []byte {
		if name == file {
			return text
		}
		return others(name)
	}
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
