package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/secrets"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/ignore"
	"github.com/rcomp/rcomp/lint/settings"
)

// judgement is one run of lint, from what is named to what is found.
type judgement struct {
	*program
	lintOptions
	roots    *disk.Roots
	ownRoots *disk.Roots // what files of the user's own may be read
	settings *settings.Finder
	branch   *branch // what --changed-since leaves

	readers func(*compose.Finder, string) (bool, error) // adds the projects that read a conf; nil: they are searched for
	keep    func(*compose.Project)                      // is given each project before it is forgotten; nil: nobody wants it

	engine    inspect.Holding  // that conf files by themselves are for
	confs     []confFile       // that are judged by themselves
	unseen    []compose.Unseen // what was not searched
	homes     []*lint.Home     // of the projects that were judged
	names     [][]string       // of the services of each
	read      map[string]bool  // the files that they have read, as shown
	pictures  []string         // of what is related to what, where an output shows them
	excluded  int              // projects that the settings leave out
	untouched int              // projects that no change concerns
}

// judged is what is kept of a project: it is forgotten then.
type judged struct {
	*lint.Judgement
	home       *lint.Home
	comments   *ignore.Set         // nil where they do not count
	secrets    *secrets.Collection // of every file that the rules have read
	services   map[inspect.Kind]int
	names      []string // of its services
	read       []string
	untouched  bool
	picture    string
	unreadable error // it is said, and the others are judged
	failed     error // it ends the run
}

// wanted leaves out the targets that settings exclude.
func (j *judgement) wanted(targets []compose.Target) ([]compose.Target, error) {
	var kept []compose.Target
	for _, target := range targets {
		found, err := j.settings.For(target.Tree, filepath.Dir(target.Group[0]))
		if err != nil {
			return nil, err
		}
		if found.Excludes(fromSettings(found, target.Tree, target.Group[0])) {
			j.excluded++
			continue
		}
		kept = append(kept, target)
	}
	return kept, nil
}

// judge runs the rules over a project. Comments and settings say what becomes
// of what they find. Projects are judged side by side.
func (j *judgement) judge(project *compose.Project) judged {
	if j.keep != nil {
		j.keep(project)
	}
	if refusal, ok := project.Unreadable(); ok {
		return judged{unreadable: fmt.Errorf("cannot read %q: %s", refusal.Span.File, refusal.Message)}
	}
	if err := tell(j.settings)(project); err != nil {
		return judged{failed: err}
	}
	one := judged{home: &lint.Home{Tree: project.Tree(), Directory: project.Directory}}
	for _, service := range project.Services {
		one.names = append(one.names, service.Name)
	}
	if j.branch != nil || j.listFiles {
		inspect.Services(project) // reads what the servers read
	}
	if j.branch != nil {
		touched, err := j.branch.touches(j, project)
		if err != nil || !touched {
			return judged{failed: err, untouched: true}
		}
	}
	if !j.listFiles {
		one.Judgement = lint.Judge(project, j.rulesFor(project))
		if !j.noIgnores {
			one.comments = ignore.Collect(project)
			one.comments.Apply(one.Judgement)
		}
		one.failed = j.applySettings(one.Judgement)
		one.secrets = inspect.SecretsOf(project)
		one.picture = j.picture(project)
		one.services = inspect.Count(project)
		if project.IsAlone() {
			one.services = map[inspect.Kind]int{aloneKind: 1}
		}
	}
	for file := range project.Texts() {
		one.read = append(one.read, file)
	}
	return one
}

// join puts together what was found. What could not be read is said.
func (j *judgement) join(projects []judged) (*lint.Result, error) {
	var judgements []*lint.Judgement
	var comments []*ignore.Set
	var hidden secrets.Collection
	services := map[inspect.Kind]int{}
	j.read = map[string]bool{}
	for _, one := range projects {
		switch {
		case one.failed != nil:
			return nil, one.failed
		case one.unreadable != nil:
			j.trouble(one.unreadable)
			continue
		case one.untouched:
			j.untouched++
			continue
		}
		j.homes, j.names = append(j.homes, one.home), append(j.names, one.names)
		for _, file := range one.read {
			j.read[file] = true
		}
		if one.Judgement == nil {
			continue
		}
		if judgements = append(judgements, one.Judgement); one.picture != "" {
			j.pictures = append(j.pictures, one.picture)
		}
		hidden.Join(one.secrets)
		for kind, count := range one.services {
			services[kind] += count
		}
		if one.comments != nil {
			comments = append(comments, one.comments)
		}
	}
	result := lint.Join(judgements)
	result.Unseen = append(result.Unseen, j.unseen...)
	result.Secrets = hidden.Secrets()
	j.count(result, services)
	return result, j.ownFindings(result, comments)
}

// ownFindings adds what is wrong with settings and comments.
func (j *judgement) ownFindings(result *lint.Result, comments []*ignore.Set) error {
	findings := slices.Concat(j.faultsOfSettings(result), ignore.Faults(comments, j.words()))
	for _, finding := range findings {
		settled, wanted, err := j.settled(finding)
		if err != nil {
			return err
		}
		if wanted {
			result.Findings = append(result.Findings, settled)
		}
	}
	return nil
}

// ran reports whether a rule is one that findings were looked for by.
func (j *judgement) ran(rule string) bool { return j.selected[rule] }

// counted are the kinds of services that the closing line speaks of.
var counted = []struct {
	kind   inspect.Kind
	noun   string
	judged bool
}{
	{inspect.Server, "server", true}, {inspect.ClusterNode, "cluster node", true}, {inspect.Sentinel, "sentinel", true},
	{aloneKind, "stand-alone conf file", true}, {inspect.Compatible, "compatible server", false},
}

// aloneKind stands for a conf file that is judged by itself.
const aloneKind inspect.Kind = "alone"

// count says what was judged.
func (j *judgement) count(result *lint.Result, services map[inspect.Kind]int) {
	for _, each := range counted {
		one := lint.Counted{Count: services[each.kind], Noun: each.noun}
		switch {
		case one.Count == 0:
		case each.judged:
			result.Seen = append(result.Seen, one)
		default:
			result.Unjudged = append(result.Unjudged, one)
		}
	}
	if len(services) == 0 && len(result.Unseen) == 0 && len(result.Files) > 0 {
		result.Nothing = "nothing in it has to do with Redis or Valkey"
		if len(result.Files) > 1 {
			result.Nothing = "nothing in them has to do with Redis or Valkey"
		}
	}
	result.Excluded, result.Untouched = j.excluded, j.untouched
}

// applySettings changes the severities of what was found, and leaves out what
// is not wanted.
func (j *judgement) applySettings(judgement *lint.Judgement) error {
	findings := judgement.Findings[:0]
	for _, finding := range judgement.Findings {
		settled, wanted, err := j.settled(finding)
		if err != nil {
			return err
		}
		if wanted {
			findings = append(findings, settled)
		}
	}
	ignored := judgement.Ignored[:0]
	for _, one := range judgement.Ignored {
		settled, wanted, err := j.settled(one.Finding)
		if err != nil {
			return err
		}
		if wanted {
			one.Finding = settled
			ignored = append(ignored, one)
		}
	}
	judgement.Findings, judgement.Ignored = findings, ignored
	return nil
}

// settled is a finding as settings have it; wanted is false where there is to
// be none.
func (j *judgement) settled(finding lint.Finding) (settled lint.Finding, wanted bool, err error) {
	if !j.ran(finding.Rule.ID) {
		return finding, false, nil
	}
	found, err := j.settings.For(finding.Home.Tree, finding.Home.Directory)
	if err != nil || found.File() == "" {
		return finding, err == nil, err
	}
	file := fromSettings(found, finding.Home.Tree, j.roots.Absolute(finding.Span.File))
	severity, kept := found.Severity(finding, file)
	finding.Severity = severity
	return finding, kept && !found.Excludes(file), nil
}

// fails reports whether a result has something that must be mended. The
// settings of its project say what that is, where no flag does. A number of
// warnings that is put up with counts for itself.
func (j *judgement) fails(result *lint.Result) bool {
	warnings := 0
	for _, finding := range result.Findings {
		if finding.Severity == lint.Warning && j.maxWarnings >= 0 {
			warnings++
			continue
		}
		if finding.Severity >= j.failOnOf(finding) {
			return true
		}
	}
	return j.maxWarnings >= 0 && warnings > j.maxWarnings
}

func (j *judgement) failOnOf(finding lint.Finding) lint.Severity {
	if j.failOn != 0 {
		return j.failOn
	}
	if found, err := j.settings.For(finding.Home.Tree, finding.Home.Directory); err == nil && found.FailOn != "" {
		severity, _ := parseFailOn(found.FailOn) // what is read has been checked
		return severity
	}
	return lint.Warning
}
