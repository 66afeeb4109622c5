package compose

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// variableName is what $NAME takes for the name. In it are two letters beyond
// ASCII, whose small ones are within.
var variableName = regexp.MustCompile(`^(?i:[_a-z][_a-z0-9]*)`)

// nameIn returns the name of a variable that a text begins with, "" where it
// begins with none.
func nameIn(text string) string {
	for i := range len(text) {
		b := text[i]
		switch {
		case b >= utf8.RuneSelf:
			return variableName.FindString(text)
		case b == '_' || 'a' <= b|0x20 && b|0x20 <= 'z' || i > 0 && '0' <= b && b <= '9':
		default:
			return text[:i]
		}
	}
	return text
}

// substitution puts the values of variables in their places, as Compose does.
type substitution struct {
	lookup    func(name string) (string, bool)
	guard     string // the variable of the ${NAME:+…} that is being read
	nesting   int    // how deep in defaults
	missing   func(unset.Variable) string
	onDefault func(name string) // told of each variable whose default is taken; nil: nobody asks
}

// errReference does not repeat the text: it may be a password.
var errReference = errors.New("a ${ in it begins nothing that Compose reads; write $$ for a $ of its own")

// maxNesting bounds references inside the defaults of references.
const maxNesting = 100

// apply interpolates one text by Compose's rules: $$, $NAME and ${NAME…};
// any other $ stands for itself.
func (s substitution) apply(text string) (string, error) {
	if s.nesting > maxNesting {
		return "", errors.New("its variables are nested too deep")
	}
	var result strings.Builder
	for {
		before, after, found := strings.Cut(text, "$")
		result.WriteString(before)
		if !found {
			return result.String(), nil
		}
		value, length, err := s.reference(after)
		if err != nil {
			return "", err
		}
		result.WriteString(value)
		text = after[length:]
	}
}

// reference gives what the text behind a $ stands for, and how much of it
// belongs to the reference.
func (s substitution) reference(after string) (value string, length int, err error) {
	switch {
	case strings.HasPrefix(after, "$"):
		return "$", 1, nil
	case strings.HasPrefix(after, "{"):
		end := bracedLength(after)
		if end < 0 {
			return "", 0, errReference
		}
		name := nameIn(after[1:end])
		rest := after[1+len(name) : end-1]
		length := min(len(rest), 1)
		if strings.HasPrefix(rest, ":") {
			length = 2
		}
		value, err = s.value(name, rest[:length], rest[length:])
		return value, end, err
	}
	name := nameIn(after)
	if name == "" {
		return "$", 0, nil
	}
	value, err = s.value(name, "", "")
	return value, len(name), err
}

// value is what one reference stands for: name, operator and the text after it.
func (s substitution) value(name, operator, word string) (string, error) {
	s.nesting++
	value, set := s.lookup(name)
	if strings.HasPrefix(operator, ":") && value == "" {
		set = false
	}
	switch strings.TrimPrefix(operator, ":") {
	case "-":
		// A default of nothing says no more than none: ${NAME:-} is as unknown as
		// ${NAME}.
		if !set && word == "" {
			return s.missing(unset.Variable{Name: name, Guarded: s.guard == name}), nil
		}
		if !set {
			value, err := s.apply(word)
			if s.onDefault != nil && unset.Known(value) {
				s.onDefault(name)
			}
			return value, err
		}
	case "+":
		if _, isEmpty := s.lookup(name); isEmpty && !set {
			return "", nil
		}
		if !set {
			return s.guarded(name, word), nil
		}
		return s.apply(word)
	case "?":
		if !set {
			return s.missing(unset.Variable{Name: name, Required: true}), nil
		}
	default:
		if !set {
			return s.missing(unset.Variable{Name: name, Guarded: s.guard == name}), nil
		}
	}
	return value, nil
}

// Defaults returns the variables of a text of a file, as it is written there,
// whose value is the default that the text itself gives: nothing sets them
// here. What comes of them is a value by default, which may be another where
// the project runs.
func (s *Service) Defaults(text, file string) (names []string) {
	with := substitution{lookup: s.lookupIn(file), missing: unset.Variable.Mark}
	with.onDefault = func(name string) { names = append(names, name) }
	if _, err := with.apply(text); err != nil {
		return nil
	}
	return names
}

// lookupIn is how a file that says something of a service looks variables up:
// one that is included may have a .env of its own.
func (s *Service) lookupIn(file string) func(string) (string, bool) {
	for _, entry := range s.Value.Entries {
		if document := entry.Key.Document; document.File == file {
			return document.Lookup
		}
	}
	return s.Project.Variable
}

// guarded is a text that is there only when a variable has a value. Where the
// text itself does not hold the variable's mark, a mark stands for all of it.
func (s substitution) guarded(name, word string) string {
	mark := s.missing(unset.Variable{Name: name, Guarded: true})
	s.guard = name
	text, err := s.apply(word)
	if mark == "" || err != nil || !strings.Contains(text, mark) {
		text = mark
	}
	return text
}

// maxReference bounds the length of one ${…}, in bytes.
const maxReference = 16 << 10

// bracedLength returns the length of the {…} of a reference that a text begins
// with, -1 where it begins with none. It counts braces as Compose does, which
// passes over the character behind each one that opens; where the count does
// not come out, the last one of the line closes.
func bracedLength(text string) int {
	if !strings.HasPrefix(text, "{") {
		return -1
	}
	operator := 1 + len(nameIn(text[1:]))
	if operator > 1 && strings.HasPrefix(text[operator:], "}") {
		return operator + 1
	}
	if operator == 1 || !hasOperator(text[operator:]) {
		return -1
	}
	last, open := -1, 0
	text = text[:min(len(text), maxReference)]
	for i := 0; i < len(text) && text[i] != '\n'; i++ {
		switch text[i] {
		case '{':
			open++
			if i+1 == len(text) || text[i+1] == '\n' {
				break
			}
			if i++; text[i] == '}' {
				last = i
			}
		case '}':
			last = i
			if open--; open == 0 {
				return i + 1
			}
		}
	}
	if last < 0 {
		return -1
	}
	return last + 1
}

// hasOperator reports whether a text begins with - + or ?, or one of them
// behind a colon.
func hasOperator(text string) bool {
	text = strings.TrimPrefix(text, ":")
	return text != "" && strings.ContainsRune("-+?", rune(text[0]))
}
