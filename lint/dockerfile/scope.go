package dockerfile

import (
	"regexp"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// scope is a list of variables, the last of a name counts. It is never
// changed: a step keeps the one that it saw.
type scope struct {
	above       *scope
	name, value string
}

func (s *scope) with(name, value string) *scope {
	return &scope{above: s, name: name, value: value}
}

func (s *scope) get(name string) (string, bool) {
	for ; s != nil; s = s.above {
		if s.name == name {
			return s.value, true
		}
	}
	return "", false
}

// maxExpanded bounds what variables may make of a word: ENV A=$A$A doubles it
// with each line.
const maxExpanded = 32 << 10

// substitutions are the forms that put a text in for each match of a pattern.
var substitutions = regexp.MustCompile(`\$\{\w+/`)

// environment looks variables up for BuildKit, and remembers whether one was
// not known: then ${V:+text} is not known either.
type environment struct {
	scope   *scope
	unknown bool
}

// Get implements shell.EnvGetter.
func (e *environment) Get(name string) (string, bool) {
	value, set := e.scope.get(name)
	e.unknown = e.unknown || set && !unset.Known(value)
	return value, set
}

// Keys implements shell.EnvGetter.
func (e *environment) Keys() []string { return nil }

// expander puts variables into words.
type expander struct {
	escape rune
	// quotes are part of the text, as in the text of a here-document.
	keepsQuotes bool
}

// expand puts variables into a word as Docker does. What it cannot put in is a
// mark; ok is false for a word that Docker refuses.
func (x expander) expand(word string, in *scope) (text string, ok bool) {
	if strings.ContainsRune(word, '$') && !x.affords(word, in) {
		return unset.Unknown(word), true
	}
	lex := shell.NewLex(x.escape)
	lex.SkipProcessQuotes = x.keepsQuotes
	environment := &environment{scope: in}
	text, _, err := lex.ProcessWord(word, environment)
	switch {
	case err != nil:
		return unset.Unknown(word), false
	case environment.unknown && unset.Known(text), len(text) > maxExpanded:
		return unset.Unknown(word), true
	}
	return text, true
}

// affords reports whether a word cannot become too long. No value is longer
// than maxExpanded, so only many of them are.
func (x expander) affords(word string, in *scope) bool {
	if substitutions.MatchString(word) {
		return false
	}
	longest := 0
	for ; in != nil; in = in.above {
		longest = max(longest, len(in.value))
	}
	return len(word)+strings.Count(word, "$")*longest <= 8*maxExpanded
}
