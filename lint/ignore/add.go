package ignore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
	"mvdan.cc/sh/v3/syntax"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

// CheckReason refuses a reason that a comment cannot hold.
func CheckReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return errors.New("a reason is needed: say why what is found is none")
	case strings.ContainsFunc(reason, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("a reason is one line of text that prints")
	}
	return nil
}

// Left is a finding that no comment was written for, and why.
type Left struct {
	lint.Finding
	Why string
}

// Add returns the text of a file with comments that ignore findings in it.
// Lines are put in, or written on at their end, and nothing else changes: what
// reads the file reads the same, and each comment is seen to work.
func Add(text *position.Text, findings []lint.Finding, reason string) (edited []byte, left []Left) {
	byLine := map[int][]lint.Finding{}
	var lines []int
	for _, finding := range findings {
		number := finding.Span.Start.Line
		if byLine[number] == nil {
			lines = append(lines, number)
		}
		byLine[number] = append(byLine[number], finding)
	}
	slices.Sort(lines)
	// From the end on, since each comment may move what stands below it.
	moved := map[int]int{}
	for _, number := range slices.Backward(lines) {
		at := number + moved[number]
		next, inserted, why := addAt(text, at, byLine[number], reason)
		if next == nil {
			for _, finding := range byLine[number] {
				left = append(left, Left{finding, why})
			}
			continue
		}
		for _, earlier := range lines {
			if earlier < number && inserted > 0 && earlier+moved[earlier] >= inserted {
				moved[earlier]++
			}
		}
		text = next
	}
	slices.Reverse(left)
	return text.Source, left
}

// mostPlaces bounds how far up a place for a comment is looked for.
const mostPlaces = 12

// addAt adds one comment for findings on one line. inserted is the line that
// it has now, 0 where it stands at the end of one.
func addAt(text *position.Text, number int, findings []lint.Finding, reason string) (edited *position.Text, inserted int, why string) {
	g := grammarOf(text)
	switch {
	case g.kind == aclFile:
		return nil, 0, "a server refuses an ACL file with a comment in it: turn the rule off in .rcomp.toml"
	case number < 1 || number >= len(g.lines):
		return nil, 0, "the line is not there any more"
	}
	var names []string
	for _, finding := range findings {
		if !slices.Contains(names, finding.Rule.ID) {
			names = append(names, finding.Rule.ID)
		}
	}
	slices.Sort(names)
	here := slices.Clone(findings)
	for i := range here {
		here[i].Span.Start.Line = number
	}
	comment := fmt.Sprintf("# rcomp: ignore[%s] %s", strings.Join(names, ", "), reason)
	same := g.comparer()
	if same == nil {
		return nil, 0, "the file cannot be read"
	}
	for range mostPlaces {
		above := g.withLine(number, comment)
		if works(above, here, number, 1) && same(above) {
			return above, number, ""
		}
		if g.kind == yamlFile || g.kind == scriptFile {
			if behind := g.withEnd(number, " "+comment); works(behind, here, number, 0) && same(behind) {
				return behind, 0, ""
			}
		}
		if number = g.outer(number); number == 0 {
			break
		}
	}
	return nil, 0, "no comment can stand where it would be read as one"
}

// outer is the line on which that begins what a line is part of, 0: nothing.
func (g *grammar) outer(number int) int {
	if g.kind == yamlFile && !g.lines[number].inside && g.parents[number] > 0 {
		return g.parents[number]
	}
	for above := number - 1; above > 0; above-- {
		if !g.lines[above].inside && g.lines[above].says() {
			return above
		}
	}
	return 0
}

// withLine is the text with a line of its own above another, as far in as that.
func (g *grammar) withLine(number int, comment string) *position.Text {
	line := g.lines[number].text
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	end := "\n"
	if strings.HasSuffix(g.text.RawLine(number), "\r") {
		end = "\r\n"
	}
	at := g.offset(number)
	return g.spliced(at, indent+comment+end)
}

// withEnd is the text with something more at the end of a line.
func (g *grammar) withEnd(number int, comment string) *position.Text {
	return g.spliced(g.offset(number)+len(g.lines[number].text), comment)
}

// offset is where a line begins, in bytes of the source.
func (g *grammar) offset(number int) int {
	at := len(g.text.Source) - len(bytes.TrimPrefix(g.text.Source, []byte("\xef\xbb\xbf")))
	for before := 1; before < number; before++ {
		at += len(g.text.RawLine(before)) + 1
	}
	return at
}

func (g *grammar) spliced(at int, text string) *position.Text {
	source := slices.Concat(g.text.Source[:at], []byte(text), g.text.Source[at:])
	return position.NewText(g.text.File, source)
}

// works reports whether a comment on a line is read as one, and speaks of the
// findings but not of the whole file.
func works(text *position.Text, findings []lint.Finding, number, moved int) bool {
	for _, comment := range Parse(text) {
		if comment.Span.Start.Line != number || !comment.takes() || comment.to == 0 {
			continue
		}
		all := true
		for _, finding := range findings {
			finding.Span.Start.Line += moved
			all = all && comment.names(finding.Rule) && comment.covers(finding)
		}
		if all {
			return true
		}
	}
	return false
}

// comparer returns what tells whether another text says the same to who reads
// it; nil where this one cannot be read.
func (g *grammar) comparer() func(*position.Text) bool {
	var meaning func(*position.Text) (string, bool)
	switch g.kind {
	case yamlFile:
		meaning = yamlMeaning
	case scriptFile:
		meaning = scriptMeaning
	default:
		return func(other *position.Text) bool { return withoutComments(g) == withoutComments(grammarOf(other)) }
	}
	before, ok := meaning(g.text)
	if !ok {
		return nil
	}
	return func(other *position.Text) bool {
		after, ok := meaning(other)
		return ok && after == before
	}
}

// yamlMeaning is all nodes of a file, without comments and places.
func yamlMeaning(text *position.Text) (string, bool) {
	decoder := yaml.NewDecoder(bytes.NewReader(text.Source))
	var b strings.Builder
	for {
		var root yaml.Node
		if err := decoder.Decode(&root); errors.Is(err, io.EOF) {
			return b.String(), true
		} else if err != nil {
			return "", false
		}
		writeNode(&b, &root)
	}
}

func writeNode(b *strings.Builder, node *yaml.Node) {
	fmt.Fprintf(b, "(%d %q %q %q", node.Kind, node.Tag, node.Value, node.Anchor)
	for _, child := range node.Content {
		writeNode(b, child)
	}
	b.WriteByte(')')
}

// scriptMeaning is a script without its comments and spaces.
func scriptMeaning(text *position.Text) (string, bool) {
	file := parseScript(string(text.Source))
	if file == nil {
		return "", false
	}
	var b strings.Builder
	err := syntax.NewPrinter(syntax.Minify(true)).Print(&b, file)
	return b.String(), err == nil
}

// withoutComments is a text without the lines that are comments; a line inside
// of a longer text is none.
func withoutComments(g *grammar) string {
	var b strings.Builder
	for number := 1; number < len(g.lines); number++ {
		if l := g.lines[number]; l.inside || !l.own() {
			b.WriteString(g.text.RawLine(number) + "\n")
		}
	}
	return b.String()
}
