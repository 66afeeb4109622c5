package ignore

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/nearest"
)

// Words are the names that a comment may hold.
type Words struct {
	Rules  []string // that there are
	Groups []string
	Ran    func(rule string) bool // whether a rule was judged by at all
}

// Set is the comments of a project's files.
type Set struct {
	comments []*Comment
	byFile   map[string][]*Comment
	services map[string][]*Comment
	used     map[*Comment]map[string]bool // the rules of a comment that something was found by
	home     *lint.Home
	texts    map[string][]byte // of the files that comments stand in
}

// Collect reads the comments of all files that a project has read.
func Collect(project *compose.Project) *Set {
	s := &Set{
		byFile: map[string][]*Comment{}, services: map[string][]*Comment{}, used: map[*Comment]map[string]bool{},
		home: &lint.Home{Tree: project.Tree(), Directory: project.Directory}, texts: map[string][]byte{},
	}
	texts := project.Texts()
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		for _, comment := range Parse(project.Text(file)) {
			s.texts[file] = texts[file]
			s.comments = append(s.comments, comment)
			s.byFile[file] = append(s.byFile[file], comment)
			if comment.Service != "" {
				s.services[comment.Service] = append(s.services[comment.Service], comment)
			}
		}
	}
	return s
}

// Apply moves the findings of the project that a comment ignores out of the
// way.
func (s *Set) Apply(judgement *lint.Judgement) {
	if len(s.comments) == 0 {
		return
	}
	kept := judgement.Findings[:0]
	for _, finding := range judgement.Findings {
		comment := s.ignores(finding)
		if comment == nil {
			kept = append(kept, finding)
			continue
		}
		judgement.Ignored = append(judgement.Ignored, lint.Ignored{Finding: finding, Reason: comment.Reason, At: comment.Span})
	}
	judgement.Findings = kept
	for file, text := range s.texts {
		judgement.Keep(file, text)
	}
}

// ignores returns the comment that ignores a finding, the smallest of several;
// nil where none does.
func (s *Set) ignores(finding lint.Finding) *Comment {
	var best *Comment
	for _, candidates := range [][]*Comment{s.byFile[finding.Span.File], s.services[finding.Service]} {
		for _, comment := range candidates {
			if !comment.takes() || !comment.names(finding.Rule) || !comment.covers(finding) {
				continue
			}
			if s.used[comment] == nil {
				s.used[comment] = map[string]bool{}
			}
			s.used[comment][finding.Rule.ID] = true
			if best == nil || comment.size() < best.size() {
				best = comment
			}
		}
	}
	return best
}

// Faults finds what is wrong with the comments of all projects. Several may
// have read one file: a comment in it is of use where it is of use to one.
func Faults(sets []*Set, words Words) []lint.Finding {
	used := map[position.Span]map[string]bool{}
	for _, set := range sets {
		for comment, rules := range set.used {
			if used[comment.Span] == nil {
				used[comment.Span] = map[string]bool{}
			}
			maps.Copy(used[comment.Span], rules)
		}
	}
	var findings []lint.Finding
	said := map[position.Span]bool{}
	for _, set := range sets {
		for _, comment := range set.comments {
			if said[comment.Span] {
				continue
			}
			said[comment.Span] = true
			for _, finding := range comment.faults(words, used[comment.Span]) {
				finding.Home = set.home
				findings = append(findings, finding)
			}
		}
	}
	return findings
}

// faults are what is wrong with a comment.
func (c *Comment) faults(words Words, used map[string]bool) []lint.Finding {
	if c.fault != "" {
		return []lint.Finding{{Rule: UnknownRule, Severity: UnknownRule.Severity, Span: c.Span, Message: c.fault}}
	}
	var findings []lint.Finding
	if c.Reason == "" {
		findings = append(findings, lint.Finding{
			Rule: WithoutReason, Severity: WithoutReason.Severity, Span: c.Span, Message: "it says no reason behind the bracket, and ignores nothing",
		})
	}
	for _, name := range c.Names {
		rule, message := UnknownRule, ""
		switch {
		case slices.Contains(words.Groups, name.Text):
			message = fmt.Sprintf("%q is a group of rules: name the rule, or turn the group off in .rcomp.toml", name.Text)
		case !slices.Contains(words.Rules, name.Text):
			message = fmt.Sprintf("there is no rule %q%s", name.Text, nearest.Hint(name.Text, words.Rules))
		case c.Reason != "" && !used[name.Text] && words.Ran(name.Text):
			rule, message = Unused, fmt.Sprintf("nothing is found here that %s could be about", name.Text)
		default:
			continue
		}
		findings = append(findings, lint.Finding{Rule: rule, Severity: rule.Severity, Span: name.Span, Message: message})
	}
	return findings
}
