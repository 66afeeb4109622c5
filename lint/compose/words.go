package compose

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-shellwords"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// Word is one word of a command as the container gets it.
type Word struct {
	Text string // may hold marks of variables without a value
	Span position.Span
}

// Command is a command, an entrypoint or a health check's test.
type Command struct {
	Words  []Word
	Unset  []Word        // the words where every variable without a value is empty
	IsList bool          // written as a list; else one text that Compose splits
	Span   position.Span // of the whole
	Cut    string        // the character at which Compose cuts a text off, "" if it does not
	CutAt  position.Span
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
// "healthcheck", "test"; ok is false where nothing is written. What the words
// are, Compose's model says; the document says where each one stands.
func (s *Service) Command(path ...any) (command Command, ok bool) {
	found, ok := s.find(path...)
	if !ok {
		return Command{}, false
	}
	node := resolve(found.value)
	command.Span = found.span()
	switch node.Kind {
	case yaml.SequenceNode:
		command.IsList = true
		for _, element := range node.Content {
			at := found.document.Span(element)
			text := found.document.scope.interpolate(resolve(element).Value)
			command.Words = append(command.Words, Word{Text: text, Span: at})
			command.Unset = append(command.Unset, Word{Text: unset.WhenUnset(text), Span: at})
		}
		return command, true
	case yaml.ScalarNode:
		if node.Tag == "!!null" {
			return Command{}, false
		}
		split(&command, found.document, node)
		return command, true
	}
	return Command{}, false
}

// split does to a text what Compose does: variables first, then words. It
// works token by token so that each word keeps its place.
func split(command *Command, document *Document, node *yaml.Node) {
	source := align(document, node)
	tokens, cut := tokenize(node.Value)
	for _, token := range tokens {
		text := node.Value[token.start:token.end]
		at := source.span(token.start, token.end)
		words, err := shellwords.Parse(document.scope.interpolate(text))
		if err != nil {
			words = []string{document.scope.interpolate(text)}
		}
		for _, word := range words {
			command.Words = append(command.Words, Word{Text: word, Span: at})
		}
		unset, err := shellwords.Parse(unset.WhenUnset(document.scope.interpolate(text)))
		if err != nil {
			unset = words
		}
		for _, word := range unset {
			command.Unset = append(command.Unset, Word{Text: word, Span: at})
		}
	}
	if cut >= 0 {
		command.Cut, command.CutAt = node.Value[cut:cut+1], source.span(cut, cut+1)
	}
	// Quotes and cuts that come out of a variable may join tokens or drop
	// them: then Compose's own words count, without places of their own.
	text := document.scope.interpolate(node.Value)
	parser := shellwords.NewParser()
	whole, err := parser.Parse(text)
	if err != nil || sameTexts(command.Words, whole) {
		return
	}
	command.Words, command.Cut, command.CutAt = nil, "", position.Span{}
	for _, word := range whole {
		command.Words = append(command.Words, Word{Text: word, Span: command.Span})
	}
	command.Unset = command.Words
	if parser.Position >= 0 {
		// Behind the number of a file descriptor the splitter stops one early.
		command.Cut, command.CutAt = ">", command.Span
		if cut := []rune(text)[parser.Position]; strings.ContainsRune(";&|<", cut) {
			command.Cut = string(cut)
		}
	}
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

// tokenize splits a text at unquoted blanks as Compose's splitter does, and
// says at which byte an unquoted ; & | < or > ends it (-1: none does).
// A ${…} is one piece whatever stands in it.
func tokenize(text string) (tokens []token, cut int) {
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
		case r == '$' && bracedLength(text[i+1:]) > 0:
			size += bracedLength(text[i+1:])
		case !state.isOpen() && isBlank(r):
			end(i)
			i += size
			continue
		case !state.isOpen() && strings.ContainsRune(";&|<>", r):
			if r == '>' && start >= 0 && '0' <= text[start] && text[start] <= '9' {
				start = -1 // the number of a file descriptor goes too
			}
			end(i)
			return tokens, i
		default:
			state.see(r, i > 0 && text[i-1] == '$')
		}
		if start < 0 {
			start = i
		}
		i += size
	}
	end(len(text))
	return tokens, -1
}

// isBlank is what Compose's splitter splits at.
func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }

// Find returns the place of a text in the given number of lines from the start
// of a span on; ok is false where it does not stand there as it is.
func (p *Project) Find(from position.Span, text string, lines int) (at position.Span, ok bool) {
	first, _, _ := strings.Cut(text, "\n")
	source, known := p.sources[from.File]
	if !known || first == "" {
		return from, false
	}
	document := &Document{File: from.File, Source: source, lines: linesOf(source)}
	for pos := from.Start; pos.Line < from.Start.Line+lines && pos.Line <= len(document.lines); pos = (position.At(pos.Line+1, 1)) {
		rest := document.at(pos)
		if before, _, found := strings.Cut(rest, first); found {
			start := position.At(pos.Line, pos.Column+utf8.RuneCountInString(before))
			end := position.At(start.Line, start.Column+utf8.RuneCountInString(first))
			return position.Span{File: from.File, Start: start, End: end}, true
		}
	}
	return position.Span{}, false
}
