package dotenv

import (
	"strings"
	"unicode"

	"github.com/rcomp/rcomp/lint/position"
)

// Read reads an env file in the usual format: quotes, escapes, comments,
// values of several lines and references to variables. With an error come the
// assignments before it.
func (r Reader) Read(text *position.Text) ([]Assignment, error) {
	p := &parser{Reader: r, cursor: newCursor(text), own: map[string]string{}}
	p.rest = p.text
	assignments := make([]Assignment, 0, p.capacity())
	for p.skipToStatement() {
		assignment, err := p.statement()
		if err != nil {
			return assignments, err
		}
		if assignment.Set {
			p.own[assignment.Name] = assignment.Value
		}
		assignments = append(assignments, assignment)
	}
	return assignments, nil
}

// parser reads one file from its beginning to its end.
type parser struct {
	Reader
	*cursor
	rest string            // what is not read yet
	own  map[string]string // what the file has assigned so far
}

// offset is where the rest begins, in bytes.
func (p *parser) offset() int { return len(p.text) - len(p.rest) }

// skipToStatement passes over white space and comments; false at the end.
func (p *parser) skipToStatement() bool {
	for {
		p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
		if !strings.HasPrefix(p.rest, "#") {
			return p.rest != ""
		}
		_, p.rest, _ = strings.Cut(p.rest, "\n")
	}
}

// statement reads one assignment.
func (p *parser) statement() (assignment Assignment, err error) {
	if isExport(p.rest) {
		p.rest = strings.TrimLeftFunc(p.rest[len("export"):], isBlank)
	}
	assignment.text = p.file
	start := p.offset()
	if p.rest == "" {
		return assignment, p.fail(start, start, "no variable stands behind export")
	}
	end := nameEnd(p.rest)
	if end < len(p.rest) && !strings.ContainsRune("=:\n", rune(p.rest[end])) {
		return assignment, p.fail(start+end, start+end, "a character that no name of a variable can hold")
	}
	if end == len(p.rest) {
		// The last line has no end and no =: Compose takes it for a value.
		assignment.name = p.place(start, start)
		return assignment, p.value(&assignment)
	}
	assignment.Name = strings.TrimRightFunc(p.rest[:end], unicode.IsSpace)
	assignment.name = p.place(start, start+len(assignment.Name))
	if strings.Contains(assignment.Name, " ") {
		return assignment, &Error{At: assignment.NameAt(), Reason: "a name of a variable cannot hold a blank"}
	}
	inherited := p.rest[end] == '\n'
	p.rest = p.rest[end+1:]
	if inherited {
		return assignment, p.inherit(&assignment)
	}
	return assignment, p.value(&assignment)
}

// isExport reports whether a statement begins with the word that a shell needs
// to hand a variable on.
func isExport(statement string) bool {
	after, found := strings.CutPrefix(statement, "export")
	return found && after != "" && strings.ContainsRune("\t\n\f\r ", rune(after[0]))
}

// nameEnd is how much of a text can be a name with blanks in and behind it.
func nameEnd(text string) int {
	for i, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("_.-[]", r) && !isBlank(r) {
			return i
		}
	}
	return len(text)
}

// isBlank reports whether a character is white space inside a line.
func isBlank(r rune) bool { return r != '\n' && unicode.IsSpace(r) && r <= 0xA0 }

// value reads what is assigned.
func (p *parser) value(assignment *Assignment) error {
	before := p.offset()
	p.rest = strings.TrimLeftFunc(p.rest, isBlank)
	assignment.Set = true
	if strings.HasPrefix(p.rest, `"`) || strings.HasPrefix(p.rest, "'") {
		return p.quoted(assignment)
	}
	return p.unquoted(assignment, before)
}

// unquoted reads a value up to the end of the line or a comment. Where nothing
// is written, its place is just behind the =.
func (p *parser) unquoted(assignment *Assignment, before int) (err error) {
	start := p.offset()
	line, rest, _ := strings.Cut(p.rest, "\n")
	p.rest = rest
	text, _, _ := strings.Cut(line, " #")
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	if text == "" {
		start = before
	}
	assignment.value = p.place(start, start+len(text))
	assignment.Value, err = p.interpolate(text, assignment.ValueAt())
	return err
}

// quoted reads a value in quotes, over several lines if need be.
func (p *parser) quoted(assignment *Assignment) (err error) {
	start := p.offset()
	text, length, closed := unquote(p.rest)
	if !closed {
		line, _, _ := strings.Cut(p.rest, "\n")
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		return p.fail(start, start+len(line), "the quote that begins this value is never closed")
	}
	assignment.value = p.place(start, start+length)
	quote := p.rest[0]
	p.rest = p.rest[length:]
	if quote == '\'' {
		assignment.Value = text
		return nil
	}
	assignment.Value, err = p.interpolate(unescape(text), assignment.ValueAt())
	return err
}

// interpolate puts in the references of a value that stands at a place.
func (p *parser) interpolate(text string, at position.Span) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	var exhausted error
	value, err := p.Interpolate(text, func(name string) (value string, set bool) {
		if exhausted != nil {
			return "", true
		}
		if value, set = p.lookup(name); set {
			exhausted = p.spend(value, at)
		}
		return value, set
	})
	if exhausted != nil {
		return "", exhausted
	}
	if err != nil {
		return "", &Error{At: at, Reason: "a reference to a variable in this value cannot be read", Cause: err}
	}
	return value, nil
}

// lookup finds a variable that a value refers to.
func (p *parser) lookup(name string) (value string, set bool) {
	if p.Lookup != nil {
		if value, set = p.Lookup(name); set {
			return value, true
		}
	}
	if value, set = p.own[name]; set || p.Earlier == nil {
		return value, set
	}
	return p.Earlier(name)
}
