package inspect

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// assign follows NAME=value.
func (s *shell) assign(assign *syntax.Assign) {
	if assign.Name == nil {
		return
	}
	name := assign.Name.Value
	old, sure := s.lookup(name)
	switch {
	case assign.Index != nil:
		s.variables.put(name, undecided(name, old.exported))
	case assign.Array != nil:
		s.assignList(name, assign)
	case assign.Append && old.list:
		s.set(name, unknown("$"+name))
	case assign.Append && !old.set && !sure:
		s.set(name, unknown("${"+name+"}")+s.word(assign.Value))
	case assign.Append:
		s.set(name, old.text+s.word(assign.Value))
	default:
		s.set(name, s.word(assign.Value))
	}
}

func (s *shell) assignList(name string, assign *syntax.Assign) {
	var elements []string
	if old, _ := s.lookup(name); assign.Append && old.set {
		elements = slices.Clone(old.elements())
	}
	for _, element := range assign.Array.Elems {
		if element.Index != nil {
			s.variables.put(name, undecided(name, false))
			return
		}
		if element.Value != nil {
			elements = append(elements, s.fields(element.Value)...)
		}
	}
	s.variables.put(name, listOf(elements))
}

// simple does what a command does, and remembers it.
func (s *shell) simple(words []string, environment map[string]string) []*shell {
	if s.spend(len(words)); s.spent || len(words) > maxWords {
		s.spent = true
		return []*shell{s}
	}
	name, arguments := words[0], words[1:]
	if function, ok := s.functions.lookup(name); ok {
		return s.callFunction(function, arguments)
	}
	if builtin, ok := builtins[name]; ok {
		status := s.status
		s.status, s.doubt = 0, nil
		return builtin(s, arguments, environment, status)
	}
	return s.launch(words, environment, false)
}

// declare follows export, local, readonly and declare where they are words of
// the language.
func (s *shell) declare(command *syntax.DeclClause) []*shell {
	s.at = command.Pos()
	s.status, s.doubt = 0, nil
	exports := command.Variant.Value == "export"
	for _, assign := range command.Args {
		if assign.Name == nil {
			option := s.word(assign.Value)
			exports = exports || strings.HasPrefix(option, "-") && strings.Contains(option, "x")
			if name, value, found := strings.Cut(option, "="); found && variableName.MatchString(name) {
				s.set(name, value) // export "A=$B"
				s.export(name, exports)
			} else if !strings.HasPrefix(option, "-") {
				s.unfollowed("a " + command.Variant.Value + " of what is not known")
			}
			continue
		}
		s.local(command.Variant.Value, assign.Name.Value)
		if !assign.Naked {
			s.assign(assign)
		}
		s.export(assign.Name.Value, exports)
	}
	s.status, s.doubt = 0, nil
	return s.failing()
}

// declareWords follows export and the like where they are a command's words.
func (s *shell) declareWords(variant string, words []string) {
	for _, word := range words {
		name, value, found := strings.Cut(word, "=")
		if !variableName.MatchString(name) {
			if !isKnown(word) {
				s.unfollowed("an " + variant + " of what is not known")
			}
			continue
		}
		s.local(variant, name)
		if found {
			s.set(name, value)
		}
		s.export(name, variant == "export")
	}
	s.status, s.doubt = 0, nil
}

// local keeps what a function's own variable hides.
func (s *shell) local(variant, name string) {
	if s.locals == nil || variant != "local" && variant != "declare" && variant != "typeset" {
		return
	}
	if _, kept := s.locals[name]; !kept {
		s.locals[name] = s.variables.get(name)
	}
}

func (s *shell) export(name string, exports bool) {
	if !exports {
		return
	}
	if value, ok := s.variables.lookup(name); ok {
		value.exported = true
		s.variables.put(name, value)
	}
}
