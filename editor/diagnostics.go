package editor

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

var severities = map[lint.Severity]int{
	lint.Error: protocol.SeverityError, lint.Warning: protocol.SeverityWarning, lint.Note: protocol.SeverityInformation,
}

// rulePage is where every rule is explained.
const rulePage = "https://github.com/rcomp/rcomp/blob/main/docs/rules.md#"

// diagnostics are what is said of each open text.
func (a *analysis) diagnostics() map[*document][]protocol.Diagnostic {
	all := map[*document][]protocol.Diagnostic{}
	add := func(at position.Span, severity int, rule, message string) {
		document := a.documentOf(at.File)
		if document == nil {
			return
		}
		diagnostic := protocol.Diagnostic{Range: document.rangeOf(at), Severity: severity, Code: rule, Source: "rcomp", Message: message}
		if rule != "" {
			diagnostic.CodeDescription = &protocol.CodeDescription{Href: rulePage + rule}
		}
		all[document] = append(all[document], diagnostic)
	}
	for _, fault := range a.look.Faults {
		add(fault.Span, protocol.SeverityError, "", said(nil, fault.Message))
	}
	if a.look.Result == nil {
		return all
	}
	for _, finding := range a.look.Result.Findings {
		add(finding.Span, severities[finding.Severity], finding.Rule.ID, a.message(finding)+a.help(finding))
	}
	for _, unseen := range a.look.Result.Unseen {
		add(unseen.Span, protocol.SeverityHint, "", said(a.look.Result.Secrets, "not seen: "+unseen.Message))
	}
	return all
}

// message is what is said of a finding.
func (a *analysis) message(finding lint.Finding) string {
	message := finding.Message
	if others := finding.Also; len(others) > 0 {
		more := ""
		if len(others) > mostNamed {
			more = fmt.Sprintf(" and %d more", len(others)-mostNamed)
			others = others[:mostNamed]
		}
		message += " (also " + strings.Join(others, ", ") + more + ")"
	}
	return said(a.look.Result.Secrets, message)
}

// help is what to do against a finding of which there is no action, in lines
// below its message.
func (a *analysis) help(finding lint.Finding) string {
	switch {
	case finding.Fix != nil && makesFiles(finding.Fix) && !a.server.canMakeFiles():
		return "\nthis editor cannot be told to make files; " + commandOf(finding) + " does it: " + said(a.look.Result.Secrets, finding.Fix.Title)
	case finding.Fix != nil || finding.Help == nil:
		return ""
	}
	lines := []string{said(a.look.Result.Secrets, finding.Help.Where)}
	for _, line := range finding.Help.Lines {
		lines = append(lines, "  "+said(a.look.Result.Secrets, line))
	}
	return "\n" + strings.Join(lines, "\n")
}

// commandOf is the command line that applies a fix.
func commandOf(finding lint.Finding) string {
	command := "rcomp lint --fix"
	if finding.Fix.Unsafe {
		command += " --unsafe-fixes"
	}
	return command + " --only " + finding.Rule.ID
}

// The bounds of a message: it may repeat a word of a file, and that may be as
// long as the file.
const (
	mostNamed   = 5
	mostMessage = 1000 // characters
)

// said is a text of a file as an editor shows it: without secrets, without end
// and without what does not print.
func said(secrets *display.Secrets, text string) string {
	text = brief(text, 16*mostMessage)
	if secrets != nil {
		text = secrets.Hide(text)
	}
	return display.Clean(brief(text, mostMessage))
}

func brief(text string, characters int) string {
	if len(text) <= characters || utf8.RuneCountInString(text) <= characters {
		return text
	}
	return string([]rune(text)[:characters]) + "…"
}
