package rules

import (
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/position"
)

// backslashes says why a script is not what it looks like, "" where that is
// not so: Compose splits a command that is one text into words, and a shell
// that keeps "\n" inside double quotes gets "n" (docker compose 2.40.3). A
// place in such a command is where it matters.
func backslashes(s *inspect.Service, at position.Span) string {
	for _, key := range []string{"command", "entrypoint"} {
		text, isText := s.Raw(key)
		first := s.At(key).Start
		within := at.File == s.At(key).File && at.Start.Line >= first.Line && at.Start.Line <= first.Line+strings.Count(text, "\n")+1
		if escape := lostEscape(text); isText && within && escape != "" {
			return `; Compose drops the backslash of "` + escape + `" inside double quotes, since the ` + key + ` is one text: write it as a list`
		}
	}
	return ""
}

// lostEscape returns the first escape of echo and printf inside double quotes
// of a text, "" where there is none.
func lostEscape(text string) string {
	single, double := false, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && !single:
			if double && i+1 < len(text) && strings.IndexByte("nrt", text[i+1]) >= 0 {
				return text[i : i+2]
			}
			i++
		case c == '\'' && !double:
			single = !single
		case c == '"' && !single:
			double = !double
		}
	}
	return ""
}
