// Package unset keeps the places of variables without a value in texts: a text
// that went through interpolation holds a mark where such a variable stands.
package unset

import (
	"regexp"
	"strings"
)

// A variable that has no value here may well have one where the project runs.
// Its place in a text is kept by a mark that no file contains: two characters
// of Unicode's private use area around the name.
const (
	markStart = '\uE0F0'
	markEnd   = '\uE0F1'
)

// Variable is a reference to a Compose variable that has no value here.
type Variable struct {
	Name     string
	Required bool // ${NAME:?…}: Compose refuses to start without it
	Guarded  bool // inside ${NAME:+…}: it stands there only when it is set
	AtStart  bool // no variable of Compose: it is worked out when the container starts, "$(cat file)"
}

var marked = regexp.MustCompile(`\x{E0F0}([?+!]?)([^\x{E0F1}]*)\x{E0F1}`)

// String writes the variable as a person would.
func (v Variable) String() string {
	if v.AtStart {
		return v.Name
	}
	return "${" + v.Name + "}"
}

// Mark stands for the value of a variable that has none here.
func (v Variable) Mark() string {
	kind := ""
	switch {
	case v.AtStart:
		kind = "!"
	case v.Guarded:
		kind = "+"
	case v.Required:
		kind = "?"
	}
	return string(markStart) + kind + shift(v.Name, plainToHidden) + string(markEnd)
}

// The text in a mark is moved to another of Unicode's private use areas: what a
// script works out may hold quotes and blanks, and a mark must stay one word
// for every parser that it goes through.
const (
	plainToHidden = 0xF0000
	hiddenToPlain = -plainToHidden
)

func shift(text string, by rune) string {
	return strings.Map(func(r rune) rune {
		if by > 0 && r > 0xFFFF {
			return '?' + by
		}
		return r + by
	}, text)
}

// VariablesIn returns the variables without a value that a text depends on.
func VariablesIn(text string) []Variable {
	var variables []Variable
	for _, match := range marked.FindAllStringSubmatch(text, -1) {
		variables = append(variables, Variable{Name: shift(match[2], hiddenToPlain), Required: match[1] == "?", Guarded: match[1] == "+", AtStart: match[1] == "!"})
	}
	return variables
}

// Known reports whether a text is all there: no part of it comes from a
// variable without a value.
func Known(text string) bool { return !strings.ContainsRune(text, markStart) }

// Unknown returns a text that stands for one that only the running container
// knows: what is its source, as a shell would write it.
func Unknown(what string) string { return Variable{Name: Plain(what), AtStart: true}.Mark() }

// Replace puts texts in the places of variables without a value.
func Replace(text string, with func(Variable) string) string {
	if Known(text) {
		return text
	}
	return marked.ReplaceAllStringFunc(text, func(mark string) string { return with(VariablesIn(mark)[0]) })
}

// Plain returns a text as a person would write it: ${NAME} for each variable
// without a value.
func Plain(text string) string { return Replace(text, Variable.String) }

// WhenUnset returns what Compose makes of a text when its unset
// variables stay unset: nothing stands in their place. Those that Compose
// insists on, and what only the container knows, stay.
func WhenUnset(text string) string {
	return Replace(text, func(v Variable) string {
		if v.Required || v.AtStart {
			return v.Mark()
		}
		return ""
	})
}

// CutMark parts the mark that a text begins with from what follows.
func CutMark(text string) (mark, rest string, found bool) {
	if !strings.HasPrefix(text, string(markStart)) {
		return "", text, false
	}
	end := strings.IndexRune(text, markEnd)
	if end < 0 {
		return "", text, false
	}
	end += len(string(markEnd))
	return text[:end], text[end:], true
}
