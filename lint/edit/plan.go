// Package edit finds the bytes that a fix changes: it writes into the text of
// a file as a person would, with the indentation, the quotes and the line ends
// of what stands around, and touches nothing else. Where that is not certain it
// steps back and says why.
package edit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/position"
)

// Plan is a fix in the making. What it is asked for it adds to its edits; the
// first thing that it cannot do is why there is no fix.
type Plan struct {
	project *compose.Project
	fix     lint.Fix
	why     string
}

// New begins a fix that changes nothing but the fault.
func New(project *compose.Project, title string, args ...any) *Plan {
	return &Plan{project: project, fix: lint.Fix{Title: fmt.Sprintf(title, args...)}}
}

// Unsafe says what the fix changes beside the fault.
func (p *Plan) Unsafe(changes string) *Plan {
	p.fix.Unsafe, p.fix.Else = true, changes
	return p
}

// Means names parts of the meaning that change.
func (p *Plan) Means(parts ...string) *Plan {
	p.fix.Meaning = append(p.fix.Meaning, parts...)
	return p
}

// Reveals says that what the fault hides may be found once it is cured.
func (p *Plan) Reveals() *Plan {
	p.fix.Reveals = true
	return p
}

// Lessens says that what is found stays, and is less severe.
func (p *Plan) Lessens() *Plan {
	p.fix.Lessens = true
	return p
}

// HoldsSecret says that a password stands in what the fix writes.
func (p *Plan) HoldsSecret() *Plan {
	p.fix.Secret = true
	return p
}

// Refuse says why there is no fix.
func (p *Plan) Refuse(why string, args ...any) *Plan {
	if p.why == "" {
		p.why = fmt.Sprintf(why, args...)
	}
	return p
}

// Why is why there is no fix, "" where there is one.
func (p *Plan) Why() string {
	if p.why == "" && len(p.fix.Edits) == 0 {
		return "there is nothing to change"
	}
	return p.why
}

// Fix is the fix, nil where there is none.
func (p *Plan) Fix() *lint.Fix {
	if p.Why() != "" {
		return nil
	}
	slices.SortStableFunc(p.fix.Edits, func(a, b lint.Edit) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Start - b.Start
	})
	return &p.fix
}

// replace is one edit of a text. Two at one place follow each other.
func (p *Plan) replace(text *position.Text, start, end int, with string) *Plan {
	if p.why != "" {
		return p
	}
	for i, other := range p.fix.Edits {
		switch {
		case other.File != text.File || other.Create:
		case start == end && other.Start == start && other.End == end:
			p.fix.Edits[i].New += with
			return p
		case start < other.End && other.Start < end:
			return p.Refuse("two of its changes meet in line %d", text.LineAt(start))
		}
	}
	p.fix.Edits = append(p.fix.Edits, lint.Edit{File: text.File, Start: start, End: end, New: with})
	return p
}

// CreateSecret is Create for a file that is to hold a secret.
func (p *Plan) CreateSecret(path, content string, mode uint32) *Plan {
	p.Create(path, content, mode)
	if p.why == "" {
		p.fix.Edits[len(p.fix.Edits)-1].Secret = true
	}
	return p
}

// Create makes a file that is not there yet, beside the project's files.
func (p *Plan) Create(path, content string, mode uint32) *Plan {
	shown := p.project.Tree().Show(path)
	for _, edit := range p.fix.Edits {
		if edit.File == shown {
			return p // once is enough
		}
	}
	if _, err := p.project.Tree().Stat(path); err == nil {
		return p.Refuse("%s is there already", shown)
	}
	if err := p.project.Tree().MayMake(path); err != nil {
		return p.Refuse("%s cannot be made: %s", shown, err)
	}
	p.fix.Edits = append(p.fix.Edits, lint.Edit{File: shown, New: content, Create: true, Mode: fileMode(mode)})
	return p
}

// ReplaceAt replaces what stands at a place of one line, which has to be a
// text: of what a variable or a script makes of it nothing is certain.
func (p *Plan) ReplaceAt(at position.Span, old, with string) *Plan {
	text := p.project.Text(at.File)
	if text == nil || at.Start.Line != at.End.Line {
		return p.Refuse("it is not written in one line of a file")
	}
	start, end := text.Offset(at.Start), text.Offset(at.End)
	found := string(text.Source[start:end])
	if strings.Count(found, old) != 1 {
		return p.Refuse("it is not written plainly") // what stands there may be a secret
	}
	start += strings.Index(found, old)
	return p.replace(text, start, start+len(old), with)
}

// ReplaceText is ReplaceAt for the only place of a text in a longer one, such
// as a scalar over several lines.
func (p *Plan) ReplaceText(origin model.Origin, old, with string) *Plan {
	start, end, ok := extent(origin)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	found := string(origin.Document.Source[start:end])
	if strings.Count(found, old) != 1 {
		return p.Refuse("it is not found there just once")
	}
	start += strings.Index(found, old)
	return p.replace(origin.Document.Text, start, start+len(old), with)
}
