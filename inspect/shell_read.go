package inspect

import (
	"slices"
	"strings"
)

// readLine follows read: the next line of a text that is known goes into
// variables, word by word, the rest of it into the last.
func (s *shell) readLine(words []string, environment map[string]string) {
	var names []string
	plain := true
	for i := 0; i < len(words); i++ {
		switch word := words[i]; {
		case word == "-r":
		case strings.HasPrefix(word, "-"):
			plain = false
			if len(word) == 2 && strings.Contains("-p-t-n-d-u-N-i", word) {
				i++
			}
		default:
			names = append(names, word)
		}
	}
	s.status = maybe
	separators, given := environment["IFS"]
	plain = plain && len(names) > 0 && s.input != nil && isKnown(*s.input) && (!given && !s.variables.has("IFS") || given && separators == "" && len(names) == 1)
	line, rest, ended := "", unknownOutput, false
	if plain {
		line, rest, ended = strings.Cut(*s.input, "\n")
		plain = !strings.Contains(line, `\`) || slices.Contains(words, "-r")
	}
	if !plain {
		for _, name := range names {
			s.variables.put(name, undecided(name, s.variables.get(name).exported))
		}
		s.readUp()
		return
	}
	s.input, s.status = &rest, 1
	if ended {
		s.status = 0
	}
	if given {
		s.set(names[0], line)
		return
	}
	for i, name := range names {
		line = strings.Trim(line, " \t")
		word := line
		if at := strings.IndexAny(line, " \t"); i < len(names)-1 && at >= 0 {
			word, line = line[:at], line[at:]
		} else if i < len(names)-1 {
			line = ""
		}
		s.set(name, word)
	}
}

// readUp is what a program may do that nobody knows: it reads of the standard
// input.
func (s *shell) readUp() {
	if s.input != nil {
		rest := unknownOutput
		s.input = &rest
	}
}
