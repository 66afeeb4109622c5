package intent

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// place is a piece of one line of the intent, in characters from 1.
type place struct{ line, column, endColumn int }

// entry is a value of the intent and where it stands.
type entry struct {
	name  string
	value any // string, int64, float64, bool, []any, map[string]any or a time
	key   place
	at    place // of the value
}

// document is a TOML file with places. Entries are in the order of the file.
type document struct {
	entries []entry // top level, without the tables below
	redis   *table  // nil where there is none
	tls     *table
	users   []table
}

// table is a table of the file, or one of a list of them, and the place of its header.
type table struct {
	header  place
	entries []entry
}

// longestLine keeps dotted keys short, for which the decoder takes the square
// of their parts in time and memory.
const longestLine = 1024

// readDocument reads TOML. Of a file that is none the first problem is told,
// since nothing after it can be trusted, but for values that lack their quotes:
// those are read as if they had them.
func readDocument(path string, src []byte) (doc document, problems []Problem, ok bool) {
	text := strings.TrimPrefix(string(src), "\ufeff")
	if whole := refuseText(path, text); whole != nil {
		return doc, []Problem{*whole}, false
	}
	reader := tomlReader{lines: strings.Split(text, "\n"), quoted: map[int]place{}}
	top, problems, ok := reader.decode(path)
	if !ok {
		return doc, problems, false
	}
	doc.redis = reader.table(top, redisTable)
	doc.tls = reader.table(top, tlsTable)
	doc.users = reader.tables(top, usersTable)
	doc.entries = reader.entries(top)
	return doc, problems, true
}

// refuseText refuses what the decoder is not given.
func refuseText(path, text string) *Problem {
	whole := &Problem{File: path, Line: 1, Column: 1, EndColumn: 1}
	if !utf8.ValidString(text) {
		whole.Message, whole.Hint = "the file is not UTF-8", "save it as UTF-8"
		return whole
	}
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		if number++; len(line) > longestLine {
			whole.Line, whole.Message, whole.Hint = number, fmt.Sprintf("a line of more than %d bytes", longestLine), "write a list on several lines"
			return whole
		}
	}
	return nil
}

// decode reads the top level, with quotes where values lack them.
func (r *tomlReader) decode(path string) (top map[string]toml.Primitive, problems []Problem, ok bool) {
	for {
		top = nil
		meta, err := toml.Decode(strings.Join(r.lines, "\n"), &top)
		if err == nil {
			r.meta = meta
			return top, problems, true
		}
		unquoted := r.quote(path, err)
		if unquoted == nil || len(r.quoted) > mostUnquoted {
			return nil, append(problems, *r.syntaxProblem(path, err)), false
		}
		if !wantsNoText(unquoted.Key) { // what is wanted is said when it is read
			problems = append(problems, *unquoted)
		}
	}
}

// table takes a table out of the top level, nil where there is none.
func (r tomlReader) table(top map[string]toml.Primitive, name string) *table {
	var inner map[string]toml.Primitive
	primitive, there := top[name]
	if !there || !isTable(r.meta.Type(name)) || r.meta.PrimitiveDecode(primitive, &inner) != nil {
		return nil
	}
	delete(top, name)
	return &table{r.entry(name, primitive).key, r.entries(inner)}
}

// tables takes a list of tables out of the top level. One that is written
// inline has no headers.
func (r tomlReader) tables(top map[string]toml.Primitive, name string) []table {
	var list []map[string]toml.Primitive
	primitive, there := top[name]
	if !there || r.meta.Type(name) != "ArrayHash" || r.meta.PrimitiveDecode(primitive, &list) != nil {
		return nil
	}
	delete(top, name)
	headers := r.headerPlaces(name)
	var all []table
	for n, inner := range list {
		header := place{1, 1, 1}
		if n < len(headers) {
			header = headers[n]
		}
		end := len(r.lines) + 1
		if n+1 < len(headers) {
			end = headers[n+1].line
		}
		all = append(all, table{header, r.between(header.line, end, r.entries(inner))})
	}
	return all
}

// between puts entries of one table of a list where they are. The decoder knows
// one place for each key of all tables of the list, which is in the last one.
func (r tomlReader) between(from, to int, entries []entry) []entry {
	for n, e := range entries {
		for line := from + 1; line < to && (e.at.line <= from || e.at.line >= to); line++ {
			text := r.line(line)
			key, value, found := strings.Cut(text, "=")
			if !found || strings.Trim(key, " \t\"'") != e.name {
				continue
			}
			start := len(key) + 1 + len(value) - len(strings.TrimLeft(value, " \t"))
			entries[n].key = charPlace(text, line, strings.Index(text, e.name), strings.Index(text, e.name)+len(e.name))
			shown, _, _ := strings.Cut(text[start:], " #")
			entries[n].at = charPlace(text, line, start, start+len(strings.TrimRight(shown, " \t")))
			e.at = entries[n].at
		}
	}
	return entries
}

// mostUnquoted values without quotes are told, each of which takes another
// reading of the file.
const mostUnquoted = 20

// unquotedValue is a key whose value is a word, or a number that is none.
var unquotedValue = regexp.MustCompile(`^(\s*([A-Za-z0-9_-]+)\s*=\s*)([A-Za-z0-9+-][^\s"'\[\]{},#=]*)(\s*(?:#.*)?)$`)

// quote puts quotes around the value at which the decoder stopped, and says
// that they are missing. nil where that is not what is wrong.
func (r tomlReader) quote(path string, err error) *Problem {
	var syntax toml.ParseError
	if !errors.As(err, &syntax) {
		return nil
	}
	line := r.line(syntax.Position.Line)
	at := unquotedValue.FindStringSubmatchIndex(line)
	if at == nil {
		return nil
	}
	key, value := line[at[4]:at[5]], line[at[6]:at[7]]
	if !strings.ContainsFunc(value, unicode.IsLetter) && strings.Count(value, ".") < 2 {
		return nil // a number
	}
	place := charPlace(line, syntax.Position.Line, at[6], at[7])
	r.lines[syntax.Position.Line-1] = line[:at[6]] + strconv.Quote(value) + line[at[7]:]
	r.quoted[syntax.Position.Line] = place
	problem := &Problem{
		File: path, Line: place.line, Column: place.column, EndColumn: place.endColumn, Key: key,
		Message: fmt.Sprintf("%s is text, and text stands in quotes", value), Hint: fmt.Sprintf("write %s = %q", key, value),
	}
	if _, known := find(Keys, key); !known { // which may be a password
		problem.Message, problem.Hint = "text stands in quotes", fmt.Sprintf("write %s = \"…\"", key)
	}
	return problem
}

// wantsNoText tells that a key takes a number, or true or false.
func wantsNoText(name string) bool {
	if k, known := find(Keys, name); known {
		return !k.Type.isText()
	}
	k, known := find(tlsKeys, name)
	return known && !k.Type.isText()
}

// headerPlaces finds the headers of the tables in a list, in their order. A
// list that is written inline has none.
func (r tomlReader) headerPlaces(name string) []place {
	var places []place
	blanks := strings.NewReplacer(" ", "", "\t", "")
	for n, line := range r.lines {
		if !strings.HasPrefix(blanks.Replace(line), "[["+name+"]]") {
			continue
		}
		places = append(places, charPlace(line, n+1, strings.Index(line, "[["), strings.LastIndex(line, "]]")+2))
	}
	return places
}

// redisTable is the table of raw directives.
const redisTable = "redis"

type tomlReader struct {
	lines  []string
	quoted map[int]place // the values that were given quotes, as they stand in the file, by line
	meta   toml.MetaData
}

func (r tomlReader) entries(table map[string]toml.Primitive) []entry {
	var entries []entry
	for _, name := range slices.Sorted(maps.Keys(table)) {
		entries = append(entries, r.entry(name, table[name]))
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.key.line - b.key.line })
	return entries
}

// locator takes any value and refuses it: the decoder's refusal is the only
// thing that tells where the value stands.
type locator struct{ value any }

var errLocated = errors.New("located")

func (l *locator) UnmarshalTOML(value any) error {
	l.value = value
	return errLocated
}

func (r tomlReader) entry(name string, primitive toml.Primitive) entry {
	var l locator
	var refusal toml.ParseError
	e := entry{name: name, key: place{1, 1, 1}, at: place{1, 1, 1}}
	if errors.As(r.meta.PrimitiveDecode(primitive, &l), &refusal) {
		e.at = r.valuePlace(refusal.Position, l.value)
		e.key = r.keyPlace(name, e.at)
	}
	if written, ok := r.quoted[e.at.line]; ok {
		e.at = written
	}
	e.value = l.value
	if e.at.line <= 1 {
		e.key, e.at = r.dottedPlace(name, e.key, e.at)
	}
	return e
}

// dottedPlace finds a table that only dotted keys make, for which the decoder
// has no place: at its first key.
func (r tomlReader) dottedPlace(name string, key, at place) (place, place) {
	for n, line := range r.lines {
		before, _, _ := strings.Cut(line, "=")
		start := strings.Index(before, name+".")
		if start == 0 || start > 0 && strings.ContainsRune(" \t.", rune(line[start-1])) {
			found := charPlace(line, n+1, start, start+len(name))
			return found, found
		}
	}
	return key, at
}

// valuePlace widens the decoder's place, which leaves out the quotes of a
// string and the bracket that opens a list.
func (r tomlReader) valuePlace(p toml.Position, value any) place {
	line := r.line(p.Line)
	start := min(max(p.Col-1, 0), len(line))
	end := min(start+max(p.Len, 1), len(line))
	switch value := value.(type) {
	case string:
		if value == "" {
			end = start
		}
		for start > 0 && end < len(line) && line[start-1] == line[end] && isQuote(line[end]) {
			start, end = start-1, end+1
		}
	case []any:
		start = max(strings.LastIndexByte(line[:min(start+1, len(line))], '['), 0)
		if closing := strings.LastIndexByte(line, ']'); closing > start {
			end = closing + 1
		}
	}
	return charPlace(line, max(p.Line, 1), start, end)
}

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// keyPlace finds the key in front of its value: on the same line, or above it
// for a value that fills several.
func (r tomlReader) keyPlace(name string, value place) place {
	for number := value.line; number >= 1; number-- {
		line := r.line(number)
		before, _, _ := strings.Cut(line, "=")
		if at := strings.Index(before, name); at >= 0 {
			return charPlace(line, number, at, at+len(name))
		}
	}
	return value
}

func (r tomlReader) line(number int) string {
	if number < 1 || number > len(r.lines) {
		return ""
	}
	return strings.TrimSuffix(r.lines[number-1], "\r")
}

// charPlace turns the bytes [start, end) of a line into characters from 1.
func charPlace(line string, number, start, end int) place {
	start, end = min(start, len(line)), min(end, len(line))
	column := utf8.RuneCountInString(line[:start]) + 1
	return place{number, column, column + utf8.RuneCountInString(line[start:max(start, end)])}
}

func (r tomlReader) syntaxProblem(path string, err error) *Problem {
	problem := Problem{File: path, Line: 1, Column: 1, EndColumn: 1, Message: err.Error()}
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		p := syntax.Position
		if endsInAName.MatchString(syntax.Message) { // the decoder has counted the line that ends there
			p.Line, p.Len = max(p.Line-1, 1), 1
			p.Col = len(r.line(p.Line)) + 1
		}
		at := charPlace(r.line(p.Line), p.Line, p.Col-1, p.Col-1+p.Len)
		if written, ok := r.quoted[p.Line]; ok {
			at.column, at.endColumn = min(at.column, written.endColumn), min(at.endColumn, written.endColumn)
		}
		problem.Line, problem.Column, problem.EndColumn = max(at.line, 1), at.column, max(at.endColumn, at.column+1)
		problem.Message, problem.Hint = saidOfSyntax(syntax.Message)
		problem.Key = syntax.LastKey
	}
	return &problem
}

// endsInAName is what the decoder says of a table's name that a line ends in.
var endsInAName = regexp.MustCompile(`(table|table array) name.*but got '\\n'`)

// syntaxFaults say what helps against the faults of the decoder's messages that
// hold a word, and what they are where only a programmer understands it.
var syntaxFaults = []struct{ word, says, hint string }{
	{"unexpected EOF", "the file ends within a value", "end a text with its quote, a list with its bracket"},
	{"already been defined", "", "keep one of them"},
	{"expected value", "", `write KEY = VALUE, with text in quotes`},
	{"expected '.' or '='", "", `write KEY = VALUE`},
	{"cannot contain newlines", "", "end the text with a quote on the same line"},
	{"end table name", "", "write a table as in [redis]"},
	{"table array name", "one bracket ends what two began", "write a table of a list as in [[users]]"},
	{"control characters", "a control character stands here, which no editor shows", "remove it"},
	{"out of range", "the number is larger than any that is read", "write a smaller one"},
}

// saidOfSyntax is what the decoder's message means, and what helps.
func saidOfSyntax(message string) (says, hint string) {
	says = lowerFirst(strings.TrimSuffix(message, "."))
	for _, known := range syntaxFaults {
		if strings.Contains(message, known.word) {
			says, hint = cmp.Or(known.says, says), known.hint
			break
		}
	}
	return "not TOML: " + says, hint
}

func lowerFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// isTable knows the decoder's word for a table, and that it has none for one
// that only a subtable's header names.
func isTable(kind string) bool { return kind == "Hash" || kind == "" }
