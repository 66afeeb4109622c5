package ignore

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/nearest"
)

// Comment is one comment that ignores findings.
type Comment struct {
	Span    position.Span // from the # on
	Names   []Name        // the rules that it names
	Reason  string
	Service string // the service on whose key it stands, "" none
	fault   string // why it names no rule, "" where it does

	from, to int // the lines that it speaks of; 0 and 0 are all
}

// Name is a rule as a comment names it.
type Name struct {
	Text string
	Span position.Span
}

// marker is in every file that has a comment: the others are not looked at.
const marker = "rcomp:"

// The forms of a comment. What follows the marker and is nothing like
// "ignore" is a comment of somebody's own.
var (
	anyForm   = lazy(`^#+[ \t]*rcomp:[ \t]*([\pL-]+)(.*)$`)
	namesForm = lazy(`^[ \t]*\[([^\]]*)\][ \t:]*(.*)$`)
)

// mostComments bounds the comments of one file, and mostNames the rules of one.
const (
	mostComments = 2_000
	mostNames    = 100
)

// Parse returns the comments of a file, in their order.
func Parse(text *position.Text) []*Comment {
	if !bytes.Contains(text.Source, []byte(marker)) {
		return nil
	}
	g := grammarOf(text)
	var comments []*Comment
	for _, found := range g.comments() {
		comment := read(text, found)
		if comment == nil {
			continue
		}
		if len(comments) == mostComments {
			break
		}
		g.place(comment, found)
		comments = append(comments, comment)
	}
	return comments
}

// found is a comment in a line: from a byte on.
type found struct {
	line, start int
	own         bool // it has the line to itself
}

// read reads a comment, nil where it is somebody's own.
func read(text *position.Text, at found) *Comment {
	line := text.Line(at.line)
	body := strings.TrimRight(line[at.start:], " \t")
	match := anyForm().FindStringSubmatchIndex(body)
	if match == nil {
		return nil
	}
	span := func(start, end int) position.Span {
		first := utf8.RuneCountInString(line[:at.start+start]) + 1
		return position.Span{
			File: text.File, Start: position.At(at.line, first),
			End: position.At(at.line, first+max(1, utf8.RuneCountInString(body[start:end]))),
		}
	}
	comment := &Comment{Span: span(0, len(body))}
	word, rest := body[match[2]:match[3]], body[match[4]:match[5]]
	if word != "ignore" {
		if nearest.Name(word, []string{"ignore"}) == "" {
			return nil
		}
		comment.fault = `"rcomp: ` + word + `" says nothing; did you mean "ignore"?`
		return comment
	}
	names := namesForm().FindStringSubmatchIndex(rest)
	if names == nil || strings.TrimSpace(rest[names[2]:names[3]]) == "" {
		comment.fault = "it names no rule: write ignore[RULE] and a reason"
		return comment
	}
	comment.Reason = strings.TrimSpace(rest[names[4]:names[5]])
	start := match[4] + names[2]
	for name := range strings.SplitSeq(rest[names[2]:names[3]], ",") {
		trimmed := strings.TrimSpace(name)
		lead := strings.Index(name, trimmed)
		if trimmed != "" && len(comment.Names) < mostNames {
			comment.Names = append(comment.Names, Name{trimmed, span(start+lead, start+lead+len(trimmed))})
		}
		start += len(name) + 1
	}
	return comment
}

// takes reports whether a comment ignores what it names.
func (c *Comment) takes() bool { return c.fault == "" && c.Reason != "" }

// names reports whether a comment names a rule.
func (c *Comment) names(rule *lint.Rule) bool {
	for _, name := range c.Names {
		if name.Text == rule.ID {
			return true
		}
	}
	return false
}

// covers reports whether a finding of the same project stands where a comment
// speaks of: in its lines, or anywhere if it is about the comment's service.
func (c *Comment) covers(f lint.Finding) bool {
	if c.Service != "" && f.Service == c.Service {
		return true
	}
	if f.Span.File != c.Span.File {
		return false
	}
	return c.to == 0 || c.from <= f.Span.Start.Line && f.Span.Start.Line <= c.to
}

// size is how much a comment speaks of: the smaller one counts where several
// do.
func (c *Comment) size() int {
	if c.to == 0 {
		return int(^uint(0) >> 1)
	}
	return c.to - c.from
}
