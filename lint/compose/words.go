package compose

import (
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// Word is one word of a command as the container gets it.
type Word struct {
	Text  string // may hold marks of variables without a value
	Span  position.Span
	Lines int // over how many lines a word of a text is written, where Span ends with the first
}

// Command is a command, an entrypoint or a health check's test.
type Command struct {
	Words  []Word
	Unset  []Word        // the words where every variable without a value is empty
	IsList bool          // written as a list; else one text that Compose splits
	Span   position.Span // of the whole
	Cut    string        // the character at which Compose ends a text that goes on; "" where it takes all
}

// Texts returns the words without their places.
func (c Command) Texts() []string {
	texts := make([]string, len(c.Words))
	for i, word := range c.Words {
		texts[i] = word.Text
	}
	return texts
}

// Command returns the words at a path: "command", "entrypoint" or
// "healthcheck", "test"; ok is false where nothing is written.
func (s *Service) Command(path ...any) (command Command, ok bool) {
	found, ok := s.find(path...)
	if !ok || found.Value.Kind == model.Null {
		return Command{}, false
	}
	if known, ok := s.commands[found.Value]; ok {
		return known, true
	}
	if command, ok = commandOf(found); ok {
		s.commands[found.Value] = command
	}
	return command, ok
}

func commandOf(found model.Entry) (command Command, ok bool) {
	command.Span = placeOf(found)
	switch {
	case found.Value.Kind == model.Sequence:
		command.IsList = true
		for _, item := range found.Value.Items {
			at, lines := item.Origin.Span(), linesOf(item)
			command.Words = append(command.Words, Word{Text: item.Text, Span: at, Lines: lines})
			command.Unset = append(command.Unset, Word{Text: unset.WhenUnset(item.Text), Span: at, Lines: lines})
		}
		return command, true
	case found.Value.Kind == model.String:
		split(&command, found.Value.Origin.Document, resolve(found.Value.Origin.Node))
		return command, true
	}
	return Command{}, false
}

// split does to a text what Compose does: variables first, then words. It
// works token by token so that each word keeps its place.
func split(command *Command, document *model.Document, node *yaml.Node) {
	source := align(document, node)
	for _, token := range tokenize(node.Value) {
		text := interpolated(node.Value[token.start:token.end], document.Lookup)
		at := source.span(token.start, token.end)
		lines := source.lines(token.start, token.end)
		words := wordsIn(text)
		command.Words = appendWords(command.Words, words, at, lines)
		if whenUnset := unset.WhenUnset(text); whenUnset != text {
			words = wordsIn(whenUnset)
		}
		command.Unset = appendWords(command.Unset, words, at, lines)
	}
	// Quotes and cuts that come out of a variable may join tokens or drop
	// them: then Compose's own words count, without places of their own.
	text := interpolated(node.Value, document.Lookup)
	whole, cut, err := splitWords(text)
	if rest := []rune(text); cut >= 0 && strings.TrimSpace(string(rest[cut+1:])) != "" {
		operator := cut
		if strings.ContainsRune("0123456789", rest[cut]) {
			operator++ // a file descriptor goes with it
		}
		command.Cut = string(rest[operator])
	}
	if err != nil || sameTexts(command.Words, whole) {
		return
	}
	command.Words = appendWords(nil, whole, command.Span, source.lines(0, len(node.Value)))
	command.Unset = command.Words
}

// wordsIn splits what a token says; what cannot be split is one word.
func wordsIn(text string) []string {
	if text == "" {
		return nil // a variable that is empty leaves no word
	}
	if !strings.ContainsAny(text, special) {
		return []string{text}
	}
	words, _, err := splitWords(text)
	if err != nil {
		return []string{text}
	}
	return words
}

func appendWords(words []Word, texts []string, at position.Span, lines int) []Word {
	for _, text := range texts {
		words = append(words, Word{Text: text, Span: at, Lines: lines})
	}
	return words
}

// linesOf is over how many lines an item of a list is written: a word without
// a blank is on one.
func linesOf(item *model.Value) int {
	node := resolve(item.Origin.Node)
	if node == nil || node.Kind != yaml.ScalarNode || !strings.ContainsAny(node.Value, " \n") {
		return 1
	}
	// A block begins behind its indicator.
	return align(item.Origin.Document, node).lines(0, len(node.Value)) + 1
}

func sameTexts(words []Word, texts []string) bool {
	if len(words) != len(texts) {
		return false
	}
	for i, word := range words {
		if word.Text != texts[i] {
			return false
		}
	}
	return true
}

// token is a stretch of a text between unquoted blanks, in bytes.
type token struct{ start, end int }

// tokenizer is the state of Compose's splitter in a text.
type tokenizer struct {
	single, double, back, dollar bool // inside '…', "…", `…`, $(…)
}

func (t tokenizer) isOpen() bool { return t.single || t.double || t.back || t.dollar }

// see follows one character; dollars says that a $ stands before it.
func (t *tokenizer) see(r rune, dollars bool) {
	switch {
	case r == '`' && !t.single && !t.double && !t.dollar:
		t.back = !t.back
	case r == ')' && !t.single && !t.double && !t.back:
		t.dollar = !t.dollar
	case r == '(' && !t.single && !t.double && !t.back:
		t.dollar = t.dollar || dollars
	case r == '"' && !t.single && !t.dollar:
		t.double = !t.double
	case r == '\'' && !t.double && !t.dollar:
		t.single = !t.single
	}
}

// tokenize splits a text at unquoted blanks as Compose's splitter does, up to
// an unquoted ; & | < or >. A ${…} is one piece whatever stands in it.
func tokenize(text string) (tokens []token) {
	var state tokenizer
	start := -1
	end := func(at int) {
		if start >= 0 {
			tokens = append(tokens, token{start, at})
		}
		start = -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\\' && !state.single && i+size < len(text):
			_, next := utf8.DecodeRuneInString(text[i+size:])
			size += next
		case strings.HasPrefix(text[i:], "$$"):
			size = len("$$")
		case r == '$' && i+1 < len(text) && text[i+1] == '{':
			size += max(bracedLength(text[i+1:]), 0)
		case !state.isOpen() && isBlank(r):
			end(i)
			i += size
			continue
		case !state.isOpen() && strings.ContainsRune(";&|<>", r):
			if r == '>' && start >= 0 && '0' <= text[start] && text[start] <= '9' {
				start = -1 // the number of a file descriptor goes too
			}
			end(i)
			return tokens
		default:
			state.see(r, i > 0 && text[i-1] == '$')
		}
		if start < 0 {
			start = i
		}
		i += size
	}
	end(len(text))
	return tokens
}

// isBlank is what Compose's splitter splits at.
func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }
