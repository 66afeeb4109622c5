package inspect

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// redirection is where the output of a command goes.
type redirection struct {
	elsewhere bool // than that of the script around it
	read      bool // it reads something else too
	files     []redirectedFile
}

type redirectedFile struct {
	path    string
	appends bool
}

// redirections follows what stands behind a command: where its output goes, and
// what it reads.
func (s *shell) redirections(redirects []*syntax.Redirect) (to redirection) {
	before := s.input
	defer func() { to.read = s.input != before }()
	for _, redirect := range redirects {
		number := ""
		if redirect.N != nil {
			number = redirect.N.Value
		}
		ofOutput := number == "" || number == "1"
		switch redirect.Op {
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			target := s.word(redirect.Word)
			if !ofOutput && redirect.Op != syntax.RdrAll && redirect.Op != syntax.AppAll {
				s.forget(target, "the start script writes messages to it")
				continue
			}
			to.elsewhere = true
			to.files = []redirectedFile{{target, redirect.Op == syntax.AppOut || redirect.Op == syntax.AppAll}}
		case syntax.DplOut:
			if ofOutput {
				to = redirection{elsewhere: true} // >&2, to the log
			}
		case syntax.Hdoc, syntax.DashHdoc:
			s.readFrom(number, s.document(redirect))
			s.inputAt = s.documentAt(redirect)
		case syntax.WordHdoc:
			s.readFrom(number, s.word(redirect.Word)+"\n")
		case syntax.RdrIn:
			s.readFrom(number, s.read(s.word(redirect.Word)))
		}
	}
	return to
}

// readFrom makes a text the standard input.
func (s *shell) readFrom(number, text string) {
	if number == "" || number == "0" {
		s.input, s.inputAt = &text, nil
	}
}

// document returns the text of a here-document. Quotes around its end word
// keep it as it is; without them only $ ` \ and line ends are escaped.
func (s *shell) document(redirect *syntax.Redirect) string {
	if redirect.Hdoc == nil {
		return ""
	}
	text := ""
	if isQuoted(redirect.Word) {
		text = redirect.Hdoc.Lit()
	} else {
		b := &fieldBuilder{shell: s}
		for _, part := range redirect.Hdoc.Parts {
			if literal, ok := part.(*syntax.Lit); ok {
				b.quoted(unescapeDocument(literal.Value))
			} else {
				s.build(b, []syntax.WordPart{part}, true, true)
			}
		}
		text = b.field.text.String()
	}
	s.spend(len(text))
	if redirect.Op != syntax.DashHdoc {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "")
}

// unescapeDocument takes the backslashes out of a here-document, where a quote
// is nothing special.
func unescapeDocument(text string) string {
	return strings.ReplaceAll(unescape(strings.ReplaceAll(text, `\"`, `\\"`)), `\\"`, `\"`)
}

func isQuoted(word *syntax.Word) bool {
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.DblQuoted, *syntax.SglQuoted:
			return true
		case *syntax.Lit:
			if strings.Contains(part.Value, `\`) {
				return true
			}
		}
	}
	return false
}

// documentAt is where the text of a here-document begins, if it stands there as
// it is read.
func (s *shell) documentAt(redirect *syntax.Redirect) *syntax.Pos {
	if redirect.Hdoc == nil || !isQuoted(redirect.Word) || s.pinned != nil {
		return nil
	}
	at := redirect.Hdoc.Pos()
	if s.shift != nil {
		at = syntax.NewPos(at.Offset()+s.shift.Offset(), at.Line()+s.shift.Line()-1, at.Col())
	}
	return &at
}
