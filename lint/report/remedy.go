package report

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
)

// HelpOf is the help of a finding, nil where it has a fix that cures it.
func HelpOf(f lint.Finding) *lint.Help {
	switch {
	case f.Fix != nil && !f.Fix.Lessens:
		return nil
	case f.Help == nil && f.Rule != nil:
		return f.Rule.Help
	}
	return f.Help
}

// remedy says below a finding what becomes of it: the fix that --fix would
// make, or the lines to write. The same lines are said once.
func (t *text) remedy(f lint.Finding, indent string) {
	if f.Fix != nil {
		fmt.Fprintf(t, "%s = %s: %s\n", indent, fixWord(f.Fix), display.Clean(message(t.result, f.Fix.Title)))
	}
	help := HelpOf(f)
	if help == nil {
		return
	}
	said := help.Where + "\n" + strings.Join(help.Lines, "\n")
	if t.helped[said] {
		return
	}
	t.helped[said] = true
	fmt.Fprintf(t, "%s = help: %s\n", indent, display.Clean(message(t.result, help.Where)))
	for _, line := range help.Lines {
		fmt.Fprintf(t, "%s |   %s\n", indent, t.marked(display.Clean(message(t.result, line)), help.Choose))
	}
}

func fixWord(fix *lint.Fix) string {
	if fix.Unsafe {
		return "unsafe fix"
	}
	return "fix"
}

// marked is a line with what has to be chosen in the color of a mark.
func (t *text) marked(line, choose string) string {
	if choose == "" || t.colors.mark == "" {
		return line
	}
	return strings.ReplaceAll(line, choose, t.colors.mark+choose+t.colors.none)
}

// remedyLines are what remedy says, for formats that have no colors: nothing
// where there is neither a fix that may be shown nor help.
func remedyLines(result *lint.Result, f lint.Finding) []string {
	if fix := shownFix(result, f); fix != nil {
		return []string{fixWord(fix) + ": " + message(result, fix.Title)}
	}
	help := HelpOf(f)
	if help == nil {
		return nil
	}
	lines := []string{message(result, help.Where)}
	for _, line := range help.Lines {
		lines = append(lines, "  "+message(result, line))
	}
	return lines
}

// told is what is said of a finding, and what to do about it on lines below.
func told(result *lint.Result, f lint.Finding) string {
	return strings.Join(append([]string{said(result, f)}, remedyLines(result, f)...), "\n")
}

// toldInALine is told for who reads single lines.
func toldInALine(result *lint.Result, f lint.Finding) string {
	text := said(result, f)
	for i, line := range remedyLines(result, f) {
		separator := " "
		if i == 0 {
			separator = "; "
		}
		text += separator + strings.TrimSpace(line)
	}
	return text
}

// cleanLines is display.Clean for a text of several lines.
func cleanLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = display.Clean(line)
	}
	return strings.Join(lines, "\n")
}
