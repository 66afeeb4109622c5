package dockerfile

import (
	"bytes"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// maxPatterns bounds the lines of a .dockerignore: each file that is looked for
// is held against every one of them.
const maxPatterns = 1000

// Ignore is what a .dockerignore keeps out of a context. Nil keeps nothing out.
type Ignore struct {
	matcher  *patternmatcher.PatternMatcher
	patterns int
}

// Patterns is how many patterns a path is held against.
func (i *Ignore) Patterns() int {
	if i == nil {
		return 0
	}
	return i.patterns
}

// ParseIgnore reads a .dockerignore. One that Docker refuses, or that is too
// long, keeps nothing out.
func ParseIgnore(text []byte) *Ignore {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(text))
	if err != nil || len(patterns) == 0 || len(patterns) > maxPatterns {
		return nil
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil
	}
	return &Ignore{matcher, len(patterns)}
}

// Excludes reports whether a path of the context, with forward slashes, is kept
// out of it.
func (i *Ignore) Excludes(path string) bool {
	if i == nil || path == "." || path == "" || strings.HasPrefix(path, "../") {
		return false
	}
	matched, err := i.matcher.MatchesOrParentMatches(path)
	return err == nil && matched
}
