package compose

import (
	"errors"
	"strings"
)

// errUnbalanced is what Compose's splitter says of a text that it cannot split.
var errUnbalanced = errors.New("its quotes, brackets or backslashes do not come out even")

// special are the characters of which the splitter takes note; a text without
// any is one word.
const special = " \t\r\n\\`'\"()$;&|<>"

// splitter splits the text of a command into words as Compose does, which has
// quotes, backslashes, `…` and $(…), and ends the command at an unquoted
// ; & | < or >. Its time is linear in the text.
type splitter struct {
	words                   []string
	word                    strings.Builder
	begun                   bool // a word has begun, though it may be empty
	escaped, single, double bool
	backquoted, substituted bool // inside `…`, inside $(…)
	last                    rune // of the word so far
	first                   byte
	cut                     int // the index of the character that ended it, counted in characters; -1 for none
}

// splitWords returns the words of a text and the character, counted from 0, at
// which it is cut off (-1: it is not).
func splitWords(text string) (words []string, cut int, err error) {
	s := &splitter{cut: -1}
	index := -1
	for _, r := range text {
		index++
		ends, err := s.next(r)
		if err != nil {
			return nil, -1, err
		}
		if ends {
			s.cut = index
			if s.endsWithDescriptor(r) {
				s.cut, s.begun = index-1, false
			}
			break
		}
	}
	if s.escaped || s.quoted() {
		return nil, -1, errUnbalanced
	}
	s.end()
	return s.words, s.cut, nil
}

func (s *splitter) quoted() bool { return s.single || s.double || s.backquoted || s.substituted }

// endsWithDescriptor reports whether a > stands behind a word that begins with
// a digit: 2>&1.
func (s *splitter) endsWithDescriptor(r rune) bool {
	return r == '>' && s.word.Len() > 0 && '0' <= s.first && s.first <= '9'
}

func (s *splitter) add(r rune) {
	if s.word.Len() == 0 {
		s.first = string(r)[0]
	}
	s.word.WriteRune(r)
	s.last = r
}

func (s *splitter) end() {
	if s.begun {
		s.words = append(s.words, s.word.String())
		s.word.Reset()
		s.begun, s.last = false, 0
	}
}

// next reads one character and tells whether the command ends there.
func (s *splitter) next(r rune) (ends bool, err error) {
	switch {
	case s.escaped:
		s.escaped, s.begun = false, true
		s.add(r)
		return false, nil
	case r == '\\' && s.single:
		s.add(r)
		return false, nil
	case r == '\\':
		s.escaped = true
		return false, nil
	case isBlank(r) && s.quoted():
		s.add(r)
		return false, nil
	case isBlank(r):
		s.end()
		return false, nil
	}
	switch r {
	case '`':
		if !s.single && !s.double && !s.substituted {
			s.backquoted = !s.backquoted
		}
	case ')':
		if !s.single && !s.double && !s.backquoted {
			s.substituted = !s.substituted
		}
	case '(':
		if !s.single && !s.double && !s.backquoted {
			if s.substituted || s.last != '$' {
				return false, errUnbalanced
			}
			s.substituted = true
			s.add(r)
			return false, nil
		}
	case '"':
		if !s.single && !s.substituted {
			s.begun = s.begun || s.double
			s.double = !s.double
			return false, nil
		}
	case '\'':
		if !s.double && !s.substituted {
			s.begun = s.begun || s.single
			s.single = !s.single
			return false, nil
		}
	case ';', '&', '|', '<', '>':
		if !s.quoted() {
			return true, nil
		}
	}
	s.begun = true
	s.add(r)
	return false, nil
}
