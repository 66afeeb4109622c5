package ignore

import (
	"strings"
)

// blockHeader ends a line whose value is the lines below it, as they are.
var blockHeader = lazy(`(^|[ \t])[|>][0-9+-]{0,2}$`)

// yamlKey is the key that a line begins with, behind the dashes of a list.
var yamlKey = lazy(`^[ ]*(["']?)([^\s"'#:{}\[\],&*!|>%@-][^\s"'#:]*)["']?[ \t]*:([ \t]|$)`)

// scanYAML finds the comments of a compose file: a # in a quoted text is none,
// and in the lines of a block the rules are those of a shell.
func (g *grammar) scanYAML() {
	var quote byte
	block := -2 // the indentation that ends a block; -2: there is none
	for number := 1; number < len(g.lines); number++ {
		l := &g.lines[number]
		if block > -2 {
			if l.blank() || indentOf(l.text) > block {
				l.inside, l.comment = true, trailing(l.text)
				continue
			}
			block = -2
		}
		l.inside = quote != 0
		l.comment, quote = scanYAMLLine(l.text, quote)
		said := l.text
		if l.comment >= 0 {
			said = l.text[:l.comment]
		}
		if said = strings.TrimRight(said, " \t"); quote == 0 && blockHeader().MatchString(said) {
			block = blockIndent(said)
		}
	}
}

// scanYAMLLine goes through a line that begins inside a quote, or not: 0.
func scanYAMLLine(text string, quote byte) (comment int, after byte) {
	last := byte(0) // the last character that is no blank
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == '"' && c == '\\', quote == '\'' && strings.HasPrefix(text[i:], "''"):
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && (last == 0 || strings.IndexByte(":-,[{?", last) >= 0 || afterProperty(text[:i])):
			quote = c
		case c == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t'):
			return i, 0
		}
		if c != ' ' && c != '\t' {
			last = c
		}
	}
	return -1, quote
}

// afterProperty reports whether a tag or an anchor stands before a value.
func afterProperty(before string) bool {
	words := strings.Fields(before)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	return last[0] == '!' || last[0] == '&'
}

func indentOf(text string) int { return len(text) - len(strings.TrimLeft(text, " ")) }

// entryIndent is where the entry of a line begins, behind the dashes of lists.
func entryIndent(text string) int {
	at := indentOf(text)
	for strings.HasPrefix(text[at:], "- ") {
		at += 2
		at += indentOf(text[at:])
	}
	return at
}

// blockIndent is the indentation at which the lines of a block have ended.
func blockIndent(header string) int {
	at := entryIndent(header)
	switch {
	case strings.HasPrefix(header, "---"):
		return -1
	case strings.HasPrefix(header[at:], "|"), strings.HasPrefix(header[at:], ">"):
		// A list of texts: the dash is what ends it.
		return strings.LastIndexByte(header[:at], '-')
	}
	return at
}

// nest works out where the entry of each line ends, and which line it belongs
// to: all that is further in is part of it, and the items of a list that stand
// right below its key.
func (g *grammar) nest() {
	g.ends, g.parents = map[int]int{}, map[int]int{}
	var open []entryLine
	last := 0
	for number := 1; number < len(g.lines); number++ {
		l := g.lines[number]
		if l.inside {
			last = number
			continue
		}
		if l.blank() || l.own() {
			continue
		}
		next := newEntryLine(number, l.text)
		for len(open) > 0 && !open[len(open)-1].holds(next) {
			g.ends[open[len(open)-1].number] = last
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			g.parents[number] = open[len(open)-1].number
		}
		open, last = append(open, next), number
	}
	for _, entry := range open {
		g.ends[entry.number] = last
	}
}

// entryLine is a line that begins an entry.
type entryLine struct {
	number, indent int
	isItem, isEnd  bool
}

func newEntryLine(number int, text string) entryLine {
	indent := indentOf(text)
	isEnd := strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...")
	return entryLine{number, indent, !isEnd && (strings.HasPrefix(text[indent:], "- ") || text[indent:] == "-"), isEnd}
}

// holds reports whether a line is part of what an earlier one begins.
func (e entryLine) holds(next entryLine) bool {
	return !next.isEnd && (next.indent > e.indent || next.indent == e.indent && next.isItem && !e.isItem)
}

// serviceAt is the service whose key stands on a line, "" where none does.
func (g *grammar) serviceAt(number int) string {
	if g.lines[number].inside {
		return ""
	}
	match := yamlKey().FindStringSubmatch(g.lines[number].text)
	above := g.lines[g.parents[number]].text
	parent := yamlKey().FindStringSubmatch(above)
	if match == nil || parent == nil || parent[2] != "services" || indentOf(above) > 0 {
		return ""
	}
	return match[2]
}
