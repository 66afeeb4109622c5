package settings

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

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
}

// pattern is one pattern of paths, and where it stands.
type pattern struct {
	text string
	at   position.Span
}

// patternsPerEntry is how many patterns are held against a file in the time that it takes to list it.
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

// Source is the text of the file.
func (s *Settings) Source() []byte { return s.source }
