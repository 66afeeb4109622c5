package redis

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Word is a word of a line. Text is what the server reads, without quotes and
// escapes; the word stands in the columns [Column, EndColumn) of the line,
// quotes included, counted in characters from 1.
type Word struct {
	Text              string
	Column, EndColumn int
}

// Line is a line of redis.conf that says something. Number counts from 1; Name
// is in lower case, as the server takes it.
type Line struct {
	Number int
	Name   Word
	Args   []Word
}

// Texts returns what the server reads as the line's arguments.
func (l Line) Texts() []string {
	texts := make([]string, len(l.Args))
	for i, arg := range l.Args {
		texts[i] = arg.Text
	}
	return texts
}

// SyntaxError is a line that the server refuses whatever its directive is: it
// does not start. Line and columns count from 1, columns in characters;
// EndColumn is just past the fault.
type SyntaxError struct {
	Line, Column, EndColumn int
	Message                 string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
}

const byteOrderMark = "\ufeff"

// lineBlanks are trimmed from both ends of a line before it is looked at.
const lineBlanks = " \t\r\n"

// ParseConf reads a redis.conf as a server of that release does. Lines that are
// blank or begin with # say nothing. A comment after a directive is no comment:
// its words are further arguments, for the catalogue to refuse. The server
// stops at the first error; ParseConf goes on, so that all of them can be
// reported. Tried on Redis 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2.
func ParseConf(src []byte, r Release) ([]Line, []*SyntaxError) {
	var lines []Line
	var problems []*SyntaxError
	number := 0
	for raw := range bytes.SplitSeq(src, []byte("\n")) {
		number++
		line, said, err := parseLine(string(raw), number, r)
		switch {
		case err != nil:
			problems = append(problems, err)
		case said:
			lines = append(lines, line)
		}
	}
	return lines, problems
}

// parseLine reads one line; said is false for a line without a directive.
func parseLine(raw string, number int, r Release) (line Line, said bool, problem *SyntaxError) {
	if err := refuseBytes(raw, number); err != nil {
		return Line{}, false, err
	}
	trimmed := strings.TrimLeft(raw, lineBlanks)
	indent := len(raw) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, lineBlanks)
	if trimmed == "" || trimmed[0] == '#' {
		return Line{}, false, nil
	}
	columns := columnCounter{line: raw}
	tokens, err := splitTokens(trimmed, r)
	if err != nil {
		return Line{}, false, &SyntaxError{number, columns.at(indent + err.start), columns.at(indent + err.end), err.message}
	}
	if len(tokens) == 0 {
		return Line{}, false, nil
	}
	words := make([]Word, len(tokens))
	for i, t := range tokens {
		words[i] = Word{t.text, columns.at(indent + t.start), columns.at(indent + t.end)}
	}
	words[0].Text = lowerASCII(words[0].Text)
	return Line{Number: number, Name: words[0], Args: words[1:]}, true, nil
}

// refuseBytes reports the bytes that no line survives. The byte order mark is
// part of the first word, even of a comment, so the server knows no such
// directive. At a NUL it drops the rest of the line together with its end,
// which glues the next line on.
func refuseBytes(raw string, number int) *SyntaxError {
	if number == 1 && strings.HasPrefix(raw, byteOrderMark) {
		return &SyntaxError{1, 1, 2, "the file begins with a UTF-8 byte order mark, which the server takes for part of a directive; save it without"}
	}
	if at := strings.IndexByte(raw, 0); at >= 0 {
		column := utf8.RuneCountInString(raw[:at]) + 1
		return &SyntaxError{number, column, column + 1, "NUL byte: the server drops the rest of the line and joins the next one to it; save the file as plain text"}
	}
	return nil
}

// columnCounter turns byte offsets into columns. Offsets asked in rising order
// are counted in one walk of the line.
type columnCounter struct {
	line           string
	offset, column int
}

func (c *columnCounter) at(offset int) int {
	if offset < c.offset {
		c.offset, c.column = 0, 0
	}
	c.column += utf8.RuneCountInString(c.line[c.offset:offset])
	c.offset = offset
	return c.column + 1
}

// lowerASCII lowers A to Z and leaves all other bytes, as the server does with
// a directive's name.
func lowerASCII(s string) string {
	lower := []byte(s)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}
