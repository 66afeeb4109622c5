package secrets

import (
	"strings"
	"unicode"
)

// literals returns what is written out of a secret that may be made of
// variables, and remembers the variables. What only looks like one, as in
// pa$word, belongs to the text: names in small letters count where the project
// gives them a value.
func (f *finder) literals(text string) []string { return f.literalsIn(text, 0) }

// maxNesting bounds how deep defaults in defaults are followed.
const maxNesting = 10

func (f *finder) literalsIn(text string, depth int) []string {
	if depth > maxNesting || !strings.ContainsAny(text, "$`") {
		return nonEmpty(strings.TrimSpace(text))
	}
	var literals []string
	var literal strings.Builder
	end := func() {
		// Of the signs around a variable nobody learns anything.
		if text := strings.TrimSpace(literal.String()); strings.ContainsFunc(text, isAlphanumeric) {
			literals = append(literals, text)
		}
		literal.Reset()
	}
	for i := 0; i < len(text); {
		length, words := f.reference(text[i:])
		if length == 0 {
			literal.WriteByte(text[i])
			i++
			continue
		}
		end()
		for _, word := range words {
			literals = append(literals, f.literalsIn(word, depth+1)...)
		}
		i += length
	}
	end()
	return literals
}

func nonEmpty(text string) []string {
	if strings.Trim(text, `"'`) == "" {
		return nil
	}
	return []string{text}
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// reference returns the length of a reference that a text begins with, 0 where
// it begins with none, and the texts that may stand in its place.
func (f *finder) reference(text string) (length int, words []string) {
	if text[0] == '`' {
		if closing := strings.IndexByte(text[1:], '`'); closing >= 0 {
			return closing + 2, nil
		}
		return 0, nil
	}
	body := strings.TrimLeft(text, "$")
	dollars := len(text) - len(body)
	switch {
	case dollars == 0 || body == "":
		return 0, nil
	case body[0] == '(':
		return dollars + bracketed(body, '(', ')'), nil
	case body[0] == '{':
		length := bracketed(body, '{', '}')
		inside := strings.TrimSuffix(body[1:length], "}")
		name := inside[:nameLength(inside)]
		if name == "" {
			return 0, nil
		}
		f.refer(name)
		operator := strings.TrimPrefix(inside[len(name):], ":")
		if operator != "" && strings.IndexByte("-+=", operator[0]) >= 0 {
			words = []string{operator[1:]}
		}
		return dollars + length, words
	case strings.IndexByte("@*#?1234567890", body[0]) >= 0 && dollars+1 == len(text):
		return dollars + 1, nil
	}
	name := body[:nameLength(body)]
	if name == "" {
		return 0, nil
	}
	if strings.ToUpper(name) != name && !f.assigned[name] {
		f.doubtful[name] = true
		return 0, nil
	}
	f.refer(name)
	return dollars + len(name), nil
}

// refer notes that a variable is put in the place of a secret.
func (f *finder) refer(name string) {
	if !f.variables[name] && !f.isSecret(name) {
		f.referred = append(f.referred, name)
	}
	f.variables[name] = true
}

// bracketed is the length of a text in brackets that another begins with; all
// of it where they are not closed.
func bracketed(text string, opening, closing byte) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

func nameLength(text string) int {
	for i := range len(text) {
		letter := 'a' <= text[i]|0x20 && text[i]|0x20 <= 'z' || text[i] == '_'
		if !letter && (i == 0 || text[i] < '0' || text[i] > '9') {
			return i
		}
	}
	return len(text)
}
