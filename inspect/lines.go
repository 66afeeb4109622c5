package inspect

import (
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/redis"
)

// lineByLine returns the settings of which every line says something of its
// own: those of Sentinel, by option and master, and the users of the ACL.
// Passwords in them are not shown.
func (s *Service) lineByLine() map[string]Setting {
	settings := map[string]Setting{}
	for _, e := range s.entries {
		if (e.Name != "sentinel" && e.Name != "user") || len(e.Args) == 0 {
			continue
		}
		words := s.named(e)
		name := e.Name + " " + strings.Join(e.Args[:words], " ")
		if e.Name == "user" {
			name = e.Name + " " + firstWord(e.Args[0]) // the rest may be a password: a name holds no blanks
		}
		if !unset.Known(name) {
			name = e.Name + " (any other)"
			settings[name] = Setting{Name: name, Set: true, Origin: e.origin, Why: "the line is " + unset.Plain(strings.Join(s.hidden(e), " "))}
			continue
		}
		value := strings.Join(s.hidden(e)[words:], " ")
		setting := Setting{Name: name, Value: value, Args: e.Args, Set: true, Known: unset.Known(value), Origin: e.origin}
		if !setting.Known {
			setting.Why = "its value is " + unset.Plain(value)
		}
		settings[unset.Plain(name)] = setting
	}
	return settings
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

// named is how many words of a line say what it is about.
func (s *Service) named(e entry) int {
	if e.Name == "user" {
		return 1
	}
	if directive, ok := s.Release.SentinelDirective(e.Args[0]); ok && directive.Master && len(e.Args) > 1 {
		return 2
	}
	return 1
}

// hidden returns the words of a line without its passwords. What stands behind
// a password is part of it, for all anyone knows.
func (s *Service) hidden(e entry) []string {
	words := slices.Clone(e.Args)
	for i, word := range words {
		switch {
		case e.Name == "user" && i > 0 && word != "" && strings.IndexByte("><#!", word[0]) >= 0:
			words[i] = word[:1] + display.Hidden
		case e.Name == "sentinel" && i >= s.named(e) && redis.IsSecretSentinel(e.Args[0]):
			words[i] = display.Hidden
		}
	}
	return slices.CompactFunc(words, func(a, b string) bool { return a == display.Hidden && b == display.Hidden })
}
