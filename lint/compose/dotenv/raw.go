package dotenv

import (
	"bufio"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/position"
)

// ReadRaw reads an env file in the format that Compose calls raw, in which
// docker run --env-file is written too (docker/compose registers docker/cli's
// kvfile for it; seen with docker/cli 28.5.1): one variable a line, the value
// as it stands with quotes, dollars and trailing blanks. Such a file must be
// UTF-8, and its lines shorter than 64 KiB. With an error come the assignments
// before it.
func (r Reader) ReadRaw(text *position.Text) ([]Assignment, error) {
	cursor := newCursor(text)
	assignments := make([]Assignment, 0, cursor.capacity())
	offset := 0
	for line := range strings.Lines(cursor.text) {
		assignment, err := r.rawLine(cursor, offset, strings.TrimSuffix(line, "\n"))
		if err != nil {
			return assignments, err
		}
		if assignment != nil {
			assignments = append(assignments, *assignment)
		}
		offset += len(line)
	}
	return assignments, nil
}

// rawLine reads the line that begins at an offset; nil where it assigns nothing.
func (r Reader) rawLine(cursor *cursor, offset int, line string) (*Assignment, error) {
	fail := func(start, end int, reason string) (*Assignment, error) {
		return nil, cursor.fail(offset+start, offset+end, reason)
	}
	if len(line)+cursor.skipped(offset) >= bufio.MaxScanTokenSize {
		return fail(0, len(line), "a line of a raw env file must be shorter than 64 KiB")
	}
	line = strings.TrimSuffix(line, "\r")
	if !utf8.ValidString(line) {
		return fail(0, len(line), "a raw env file must be UTF-8")
	}
	statement := strings.TrimLeftFunc(line, unicode.IsSpace)
	if statement == "" || statement[0] == '#' {
		return nil, nil
	}
	start := len(line) - len(statement)
	name, value, hasValue := strings.Cut(statement, "=")
	nameEnd := start + len(name)
	switch {
	case name == "":
		return fail(start, start, "no name of a variable stands before the =")
	case strings.ContainsAny(name, " \t"):
		return fail(start, nameEnd, "a name of a variable cannot hold a blank, nor can one stand before the =")
	}
	assignment := &Assignment{Name: name, text: cursor.file, name: cursor.place(offset+start, offset+nameEnd)}
	if !hasValue {
		return assignment, r.inherit(assignment)
	}
	assignment.Value, assignment.Set = value, true
	assignment.value = cursor.place(offset+nameEnd+1, offset+len(line))
	return assignment, nil
}
