package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-shellwords"
	"go.yaml.in/yaml/v4"
)

// Word is one word of a command as the container gets it.
type Word struct {
	Text string // may hold marks of variables without a value
	Span Span
}

// Command is a command, an entrypoint or a health check's test.
type Command struct {
	Words  []Word
	IsList bool   // written as a list; else one text that Compose splits
	Span   Span   // of the whole
	Cut    string // the character at which Compose cuts a text off, "" if it does not
	CutAt  Span
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
			command.Words = append(command.Words, Word{Text: found.document.scope.interpolate(resolve(element).Value), Span: at})
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
	finder := newFinder(document, node)
	tokens, cut := tokenize(node.Value)
	for _, token := range tokens {
		text := node.Value[token.start:token.end]
		at := finder.span(token.start, token.end)
		words, err := shellwords.Parse(document.scope.interpolate(text))
		if err != nil {
			words = []string{document.scope.interpolate(text)}
		}
		for _, word := range words {
			command.Words = append(command.Words, Word{Text: word, Span: at})
		}
	}
	if cut >= 0 {
		_, size := utf8.DecodeRuneInString(node.Value[cut:])
		command.Cut, command.CutAt = node.Value[cut:cut+size], finder.span(cut, cut+size)
	}
	// Quotes that come out of a variable may join tokens: then Compose's own
	// words count, without places of their own.
	whole, err := shellwords.Parse(document.scope.interpolate(node.Value))
	if err == nil && !sameTexts(command.Words, whole) {
		command.Words = nil
		for _, word := range whole {
			command.Words = append(command.Words, Word{Text: word, Span: command.Span})
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

// tokenize splits a text at unquoted blanks as Compose's splitter does, and
// says at which byte an unquoted ; & | < or > ends it (-1: none does).
// A ${…} is one piece whatever stands in it.
func tokenize(text string) (tokens []token, cut int) {
	start, quote := -1, rune(0)
	end := func(at int) {
		if start >= 0 {
			tokens = append(tokens, token{start, at})
		}
		start = -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\\' && quote != '\'' && i+size < len(text):
			_, next := utf8.DecodeRuneInString(text[i+size:])
			size += next
		case strings.HasPrefix(text[i:], "${") && closingBrace(text[i:]) > 0:
			size = closingBrace(text[i:]) + 1
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case unicode.IsSpace(r):
			end(i)
			i += size
			continue
		case strings.ContainsRune(";&|<>", r):
			end(i)
			return tokens, i
		}
		if start < 0 {
			start = i
		}
		i += size
	}
	end(len(text))
	return tokens, -1
}

// finder turns byte offsets in a scalar's value into places in its document.
// Words stand in the source in the order of the value, so each is looked for
// behind the one before; a word that is written with escapes is placed at the
// scalar itself.
type finder struct {
	document *Document
	value    string
	whole    Span // where a text is that is not found
	pos      Pos
	limit    int // how many lines are searched
}

func newFinder(document *Document, node *yaml.Node) *finder {
	whole := document.Span(node)
	return &finder{document: document, value: node.Value, whole: whole, pos: whole.Start, limit: maxScalarLines}
}

// maxScalarLines bounds how far a word is looked for.
const maxScalarLines = 400

func (f *finder) span(start, end int) Span {
	text, _, _ := strings.Cut(f.value[start:end], "\n")
	for pos, tries := f.pos, 0; tries < f.limit && pos.Line <= len(f.document.lines); tries++ {
		rest := f.document.at(pos)
		if at := strings.Index(rest, text); at >= 0 && text != "" {
			from := Pos{pos.Line, pos.Column + utf8.RuneCountInString(rest[:at])}
			f.pos = Pos{from.Line, from.Column + utf8.RuneCountInString(text)}
			return Span{File: f.document.File, Start: from, End: f.pos}
		}
		pos = Pos{pos.Line + 1, 1}
	}
	return f.whole
}

// Find returns the place of a text in the given number of lines from the start
// of a span on; ok is false where it does not stand there as it is.
func (p *Project) Find(from Span, text string, lines int) (at Span, ok bool) {
	first, _, _ := strings.Cut(text, "\n")
	source, known := p.sources[from.File]
	if !known || first == "" {
		return from, false
	}
	document := &Document{File: from.File, Source: source, lines: linesOf(source)}
	f := &finder{document: document, value: first, pos: from.Start, limit: lines}
	at = f.span(0, len(first))
	return at, !at.IsZero()
}
