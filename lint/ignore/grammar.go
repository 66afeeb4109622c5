package ignore

import (
	"path"
	"strings"

	"github.com/rcomp/rcomp/lint/position"
)

// grammar is how a kind of file has comments, and how far a line of it goes.
type grammar struct {
	text  *position.Text
	kind  kind
	lines []line      // one more than there are: the first is no line
	ends  map[int]int // the last line of what begins on a line
	// The line whose entry a line of YAML belongs to.
	parents map[int]int
	said    int   // the first line that says something, one too many where none does
	others  []int // for each line the next that is not only a comment
}

// line is what is known of a line.
type line struct {
	text    string
	comment int  // where its comment begins, in bytes; -1 none
	inside  bool // it is part of a text of several lines, such as a script in a compose file
}

// own reports whether a line is nothing but a comment.
func (l line) own() bool {
	return l.comment >= 0 && strings.TrimLeft(l.text[:l.comment], " \t") == ""
}

func (l line) blank() bool { return strings.TrimSpace(l.text) == "" }

// says reports whether a line says something to who reads the file.
func (l line) says() bool {
	return !l.blank() && !l.own() && !strings.HasPrefix(l.text, "---") && !strings.HasPrefix(l.text, "#!")
}

type kind int

const (
	plainFile  kind = iota // a comment has its line to itself: redis.conf, .env
	yamlFile               // compose files
	scriptFile             // of a shell
	dockerfile             // lines that end with a backslash go on
	aclFile                // of which a server takes no comment at all
)

// The names of files by their kind. What has another name is plain.
var kindNames = []struct {
	kind kind
	name pattern
}{
	{yamlFile, lazy(`(?i)\.(ya?ml|json)(\.(dist|example|sample|template|tmpl|j2))?$`)},
	{dockerfile, lazy(`(?i)^(.*[._-])?(dockerfile|containerfile)([._-].*)?$`)},
	{aclFile, lazy(`(?i)\.acl$`)},
	{scriptFile, lazy(`(?i)\.(sh|bash|ash|dash|ksh)$`)},
}

func kindOf(text *position.Text) kind {
	name := path.Base(text.File)
	for _, known := range kindNames {
		if known.name().MatchString(name) {
			return known.kind
		}
	}
	if strings.HasPrefix(text.Line(1), "#!") {
		return scriptFile
	}
	return plainFile
}

func grammarOf(text *position.Text) *grammar {
	g := &grammar{text: text, kind: kindOf(text), lines: make([]line, text.Lines()+1)}
	for number := 1; number <= text.Lines(); number++ {
		g.lines[number] = line{text: text.Line(number), comment: -1}
	}
	switch g.kind {
	case yamlFile:
		g.scanYAML()
		g.nest()
	case scriptFile:
		g.scanLines(trailing)
		g.ends = statements(text)
	case dockerfile:
		g.scanLines(whole)
		g.markTexts()
	default:
		g.scanLines(whole)
	}
	g.look()
	return g
}

// look notes what is asked for each comment.
func (g *grammar) look() {
	g.said = len(g.lines)
	g.others = make([]int, len(g.lines)+1)
	g.others[len(g.lines)] = len(g.lines)
	for number := len(g.lines) - 1; number > 0; number-- {
		if g.lines[number].says() {
			g.said = number
		}
		g.others[number] = number
		if g.lines[number].own() {
			g.others[number] = g.others[number+1]
		}
	}
}

// scanLines finds comments line by line.
func (g *grammar) scanLines(begins func(text string) int) {
	for number := 1; number < len(g.lines); number++ {
		g.lines[number].comment = begins(g.lines[number].text)
	}
}

// whole is where a comment begins that has a line to itself, -1 where none does.
func whole(text string) int {
	if trimmed := strings.TrimLeft(text, " \t"); strings.HasPrefix(trimmed, "#") {
		return len(text) - len(trimmed)
	}
	return -1
}

// trailing is where a comment begins in a line of a shell.
func trailing(text string) int {
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t'):
			return i
		}
	}
	return -1
}

// given begins a text that an instruction of a Dockerfile is given: <<EOF.
var given = lazy(`<<(-?)["']?([A-Za-z_][A-Za-z0-9_]*)["']?`)

// markTexts marks the lines of a Dockerfile that are a text and no instruction.
func (g *grammar) markTexts() {
	for number := 1; number < len(g.lines); number++ {
		match := given().FindStringSubmatch(g.lines[number].text)
		if match == nil || g.lines[number].own() {
			continue
		}
		first := number
		for number++; number < len(g.lines); number++ {
			g.lines[number].inside = true
			line := g.lines[number].text
			if match[1] == "-" {
				line = strings.TrimLeft(line, "\t")
			}
			if line == match[2] {
				break
			}
		}
		if g.ends == nil {
			g.ends = map[int]int{}
		}
		g.ends[first] = min(number, len(g.lines)-1)
	}
}

// comments are those of the file that may be ours.
func (g *grammar) comments() []found {
	var all []found
	for number := 1; number < len(g.lines); number++ {
		l := g.lines[number]
		if l.comment >= 0 && strings.Contains(l.text[l.comment:], marker) {
			all = append(all, found{number, l.comment, l.own()})
		}
	}
	return all
}

// place says which lines a comment speaks of.
func (g *grammar) place(c *Comment, at found) {
	c.from = at.line
	if at.own && !g.lines[at.line].inside {
		if g.isHead(at.line) {
			c.from, c.to = 0, 0
			return
		}
	}
	if at.own {
		c.from = g.below(at.line)
	}
	if c.from == 0 {
		c.from, c.to = at.line, at.line // nothing stands below it
		return
	}
	c.to = g.end(c.from)
	if g.kind == yamlFile {
		c.Service = g.serviceAt(c.from)
	}
}

// isHead reports whether a comment stands before everything that a file says:
// it speaks of all of it. In other files than YAML a blank line has to come
// behind it, since it may as well speak of their first line.
func (g *grammar) isHead(number int) bool {
	if number > g.said {
		return false
	}
	after := g.others[number]
	return g.kind == yamlFile || after == len(g.lines) || g.lines[after].blank()
}

// below is the line that a comment stands above, 0 where a blank one follows.
// More comments may stand between.
func (g *grammar) below(number int) int {
	after := g.others[number]
	if after == len(g.lines) || g.lines[after].blank() {
		return 0
	}
	return after
}

// end is the last line of what begins on a line.
func (g *grammar) end(number int) int {
	last := max(g.ends[number], number)
	if g.kind == plainFile || g.kind == aclFile || g.kind == yamlFile && !g.lines[number].inside {
		return last
	}
	for last < len(g.lines)-1 && (strings.HasSuffix(g.lines[last].text, `\`) || last > number && g.lines[last].own()) {
		last++
	}
	if g.ends == nil {
		g.ends = map[int]int{}
	}
	g.ends[number] = last
	return last
}
