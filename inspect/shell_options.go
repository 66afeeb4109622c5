package inspect

import "strings"

// setOptions follows set: options, and `set -- WORD…`, which replaces the
// arguments.
func (s *shell) setOptions(words []string) {
	for i, word := range words {
		switch {
		case word == "--":
			s.arguments = s.asArguments(words[i+1:])
			return
		case word == "-" || len(word) < 2 || word[0] != '-' && word[0] != '+':
			s.arguments = s.asArguments(words[i:])
			return
		case strings.HasSuffix(word, "o"):
			for _, letter := range word[1 : len(word)-1] {
				s.setOption(string(letter), word[0] == '-')
			}
			if i+1 < len(words) {
				s.setNamedOption(words[i+1], word[0] == '-')
				s.setOptions(words[i+2:])
			}
			return
		}
		for _, letter := range word[1:] {
			s.setOption(string(letter), word[0] == '-')
		}
	}
}

func (s *shell) setNamedOption(name string, on bool) {
	letters := map[string]string{"errexit": "e", "nounset": "u", "noglob": "f", "allexport": "a", "noexec": "n"}
	if letter, ok := letters[name]; ok {
		s.setOption(letter, on)
	}
}

func (s *shell) setOption(letter string, on bool) {
	s.options = strings.ReplaceAll(s.options, letter, "")
	if on {
		s.options += letter
	}
}

func (s *shell) hasOption(letter string) bool { return strings.Contains(s.options, letter) }
