package settings

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/nearest"
)

// Rules are those about .rcomp.toml itself.
var Rules = []*lint.Rule{GlobUnmatched, ServiceUnmatched}

// GlobUnmatched is a pattern that fits no file.
var GlobUnmatched = &lint.Rule{
	ID:       "config-glob-unmatched",
	Group:    "rcomp",
	Severity: lint.Warning,
	Summary:  "A pattern in .rcomp.toml fits no file",
	Why: `
A pattern that fits nothing does nothing: what it was to leave out or to change
is judged as if it were not there, or is gone since. Patterns start at the
directory of .rcomp.toml; a directory fits with everything in it as "legacy/**".
`,
	Help: &lint.Help{
		Where:  "in .rcomp.toml, a pattern that some file fits, from the directory of the settings on:",
		Lines:  []string{"\"<pattern>\""},
		Choose: "<pattern>",
	},
	Guide: lint.Guide{
		Mend:   "Correct the pattern, or take it out.",
		Ignore: "Where the files are made later, as by a build: config-glob-unmatched = \"off\" under [rules].",
		Cases:  []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.Sometimes}},
	},
}

// ServiceUnmatched is a table of a service that is nowhere.
var ServiceUnmatched = &lint.Rule{
	ID:       "config-service-unmatched",
	Group:    "rcomp",
	Severity: lint.Warning,
	Summary:  "A service that .rcomp.toml speaks of is in no compose file",
	Why: `
What is said of a service that is not there does nothing: the service that was
meant is judged as if nobody had said what it is for.
`,
	Help: &lint.Help{
		Where:  "in .rcomp.toml, the name of a service that is there:",
		Lines:  []string{"\"<service>\""},
		Choose: "<service>",
	},
	Guide: lint.Guide{
		Mend:   "Correct the name, or take the table out.",
		Ignore: "Where the file with the service is made later: config-service-unmatched = \"off\" under [rules].",
		Cases:  []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.Sometimes}},
	},
}

// pattern is one pattern of paths, and where it stands.
type pattern struct {
	text string
	at   position.Span
}

// patternsPerEntry is how many patterns are held against a file in the time
// that it takes to list it.
const patternsPerEntry = 32

func (s *Settings) patterns() []pattern {
	var all []pattern
	for i, text := range s.Exclude {
		all = append(all, pattern{text, s.spans[fmt.Sprintf("exclude/%d", i)]})
	}
	for i, override := range s.Override {
		for j, text := range override.Paths {
			all = append(all, pattern{text, s.spans[fmt.Sprintf("override/%d/paths/%d", i, j)]})
		}
	}
	return all
}

// Unmatched finds the patterns that fit no file below a directory of a tree.
// Where there are more files than a run looks at, nothing is known and nothing
// is found.
func (s *Settings) Unmatched(tree *disk.Tree, directory string) []lint.Finding {
	open := s.patterns()
	if len(open) == 0 {
		return nil
	}
	err := tree.Walk(directory, func(path string, entry fs.DirEntry) error {
		if entry.IsDir() {
			return nil
		}
		below, err := filepath.Rel(directory, path)
		if err != nil {
			return nil
		}
		if err := tree.Budget().Spend(disk.DirectoryEntries, len(open)/patternsPerEntry); err != nil {
			return err
		}
		name, left := filepath.ToSlash(below), open[:0]
		for _, pattern := range open {
			if !Match(pattern.text, name) {
				left = append(left, pattern)
			}
		}
		if open = left; len(open) == 0 {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		return nil
	}
	var findings []lint.Finding
	for _, pattern := range open {
		message := fmt.Sprintf("%q fits no file", pattern.text)
		if info, err := tree.Stat(filepath.Join(directory, filepath.FromSlash(pattern.text))); err == nil && info.IsDir() {
			message += fmt.Sprintf("; did you mean %q?", pattern.text+"/**")
		}
		findings = append(findings, lint.Finding{Rule: GlobUnmatched, Severity: GlobUnmatched.Severity, Span: pattern.at, Message: message})
	}
	return findings
}

// mostServices bounds how many services that are nowhere are listed.
const mostServices = 20

// UnmatchedServices finds the tables of services that are not among those that
// there are, and that nothing else names either.
func (s *Settings) UnmatchedServices(there []string, named func(service string) bool) []lint.Finding {
	var findings []lint.Finding
	for _, name := range slices.Sorted(maps.Keys(s.Services)) {
		if slices.Contains(there, name) || named(name) {
			continue
		}
		findings = append(findings, lint.Finding{Rule: ServiceUnmatched, Severity: ServiceUnmatched.Severity, Span: s.spans["services/"+name],
			Message: fmt.Sprintf("no compose file has a service %q%s", name, nearest.Hint(name, there))})
		if len(findings) == mostServices {
			break
		}
	}
	return findings
}

// Source is the text of the file.
func (s *Settings) Source() []byte { return s.source }
