package editor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/ignore"
	"github.com/rcomp/rcomp/lint/position"
)

// act lists what can be done about the findings of a stretch: their fixes, and
// a comment that says why each is none.
func (s *Server) act(q *question) (any, error) {
	var params protocol.CodeActionParams
	if err := read(q.request, &params); err != nil {
		return nil, err
	}
	actions := []protocol.CodeAction{}
	if q.look.Result == nil || !wantsQuickFix(params.Context.Only) {
		return actions, nil
	}
	for _, finding := range q.look.Result.Findings {
		if q.documentOf(finding.Span.File) != q.document || !meets(q.document.rangeOf(finding.Span), params.Range) {
			continue
		}
		actions = append(actions, s.actionsFor(q, finding)...)
	}
	// What cures comes before what only hides.
	slices.SortStableFunc(actions, func(a, b protocol.CodeAction) int { return rank(a) - rank(b) })
	return actions, nil
}

const ignoreTitle = "Ignore "

func rank(action protocol.CodeAction) int {
	switch {
	case action.IsPreferred:
		return 0
	case !strings.HasPrefix(action.Title, ignoreTitle):
		return 1
	}
	return 2
}

func wantsQuickFix(only []string) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(kind string) bool {
		return kind == "" || kind == protocol.QuickFix || strings.HasPrefix(kind, protocol.QuickFix+".")
	})
}

// meets reports whether two ranges have a place in common, their ends included.
func meets(a, b protocol.Range) bool {
	return !before(a.End, b.Start) && !before(b.End, a.Start)
}

func before(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}

func (s *Server) actionsFor(q *question, finding lint.Finding) []protocol.CodeAction {
	var actions []protocol.CodeAction
	about := []protocol.Diagnostic{{
		Range: q.document.rangeOf(finding.Span), Severity: severities[finding.Severity], Code: finding.Rule.ID, Source: "rcomp", Message: q.message(finding),
	}}
	if fix := finding.Fix; fix != nil {
		if edit := s.editOf(q, fix.Edits); edit != nil {
			title := said(q.look.Result.Secrets, fix.Title)
			if fix.Unsafe && fix.Else != "" {
				title += " (" + said(q.look.Result.Secrets, fix.Else+q.openDirectory(fix)) + ")"
			}
			actions = append(actions, protocol.CodeAction{Title: title, Kind: protocol.QuickFix, Diagnostics: about, IsPreferred: !fix.Unsafe, Edit: edit})
		}
	}
	if edit := s.ignoring(q, finding); edit != nil {
		actions = append(actions, protocol.CodeAction{
			Title: fmt.Sprintf("%s%s here, with a reason", ignoreTitle, finding.Rule.ID), Kind: protocol.QuickFix, Diagnostics: about, Edit: edit,
		})
	}
	return actions
}

// reasonToWrite is what a person replaces: a comment without a reason counts
// for nothing.
const reasonToWrite = "say why"

// ignoring is the edit that writes a comment, nil where none can stand.
func (s *Server) ignoring(q *question, finding lint.Finding) *protocol.WorkspaceEdit {
	text := position.NewText(finding.Span.File, q.document.source.Source)
	edited, left := ignore.Add(text, []lint.Finding{finding}, reasonToWrite)
	if len(left) > 0 {
		return nil
	}
	return s.editOf(q, []lint.Edit{difference(finding.Span.File, q.document.source.Source, edited)})
}

// difference is the one edit that makes a text of another.
func difference(file string, old, edited []byte) lint.Edit {
	start, end := 0, 0
	for start < min(len(old), len(edited)) && old[start] == edited[start] {
		start++
	}
	for end < min(len(old), len(edited))-start && old[len(old)-1-end] == edited[len(edited)-1-end] {
		end++
	}
	return lint.Edit{File: file, Start: start, End: len(old) - end, New: string(edited[start : len(edited)-end])}
}
