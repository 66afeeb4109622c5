package editor

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint"
)

// makesFiles reports whether a fix makes files that are not there.
func makesFiles(fix *lint.Fix) bool {
	return slices.ContainsFunc(fix.Edits, func(edit lint.Edit) bool { return edit.Create })
}

// canMakeFiles reports whether the editor makes files where it is told to.
func (s *Server) canMakeFiles() bool {
	return slices.Contains(s.editor.Capabilities.Workspace.WorkspaceEdit.ResourceOperations, protocol.Create)
}

// openDirectory says of the directory that an editor makes for a secret what
// lint --fix sees to by itself: that nobody else looks into it.
func (q *question) openDirectory(fix *lint.Fix) string {
	tree, _, _, err := q.roots.Locate(q.document.path)
	if err != nil {
		return ""
	}
	for _, edit := range fix.Edits {
		directory := filepath.Dir(q.roots.Absolute(edit.File))
		if _, err := tree.Stat(directory); edit.Secret && err != nil {
			return "; all users of this machine may look into " + tree.Show(directory) + " unless you make it first, for yourself alone"
		}
	}
	return ""
}

// editOf is what the editor has to change, nil where that cannot be said to it.
func (s *Server) editOf(q *question, edits []lint.Edit) *protocol.WorkspaceEdit {
	byFile := map[string][]lint.Edit{}
	var files []string
	for _, edit := range edits {
		if byFile[edit.File] == nil {
			files = append(files, edit.File)
		}
		byFile[edit.File] = append(byFile[edit.File], edit)
	}
	var made, changed []protocol.TextDocumentEdit
	for _, file := range files {
		edits := byFile[file]
		if edits[0].Create {
			made = append(made, protocol.TextDocumentEdit{
				TextDocument: protocol.VersionedIdentifier{URI: uriOf(q.roots.Absolute(file))}, Edits: []protocol.TextEdit{{NewText: edits[0].New}},
			})
			continue
		}
		change := q.changeOf(file, edits)
		if change == nil {
			return nil
		}
		changed = append(changed, *change)
	}
	if len(made) > 0 && !s.canMakeFiles() {
		return nil
	}
	return s.inItsForm(made, changed)
}

// changeOf is what becomes of a file that is there, nil where the editor does
// not show what changes.
func (q *question) changeOf(file string, edits []lint.Edit) *protocol.TextDocumentEdit {
	text := q.textOf(file)
	if text == nil {
		return nil
	}
	change := &protocol.TextDocumentEdit{TextDocument: protocol.VersionedIdentifier{URI: text.uri}}
	if q.documents[text.uri] == text {
		change.TextDocument.Version = &text.version
	}
	for _, edit := range edits {
		if edit.Start < text.hidden() && text.mark {
			return nil
		}
		change.Edits = append(change.Edits, protocol.TextEdit{Range: text.between(edit.Start, edit.End), NewText: edit.New})
	}
	return change
}

// inItsForm puts changes as the editor takes them. One that makes files takes
// the form that alone can say so, also where it is silent on that form: Neovim
// is. What is named is made before it is named.
func (s *Server) inItsForm(made, changed []protocol.TextDocumentEdit) *protocol.WorkspaceEdit {
	edit := &protocol.WorkspaceEdit{}
	if len(made) == 0 && !s.editor.Capabilities.Workspace.WorkspaceEdit.DocumentChanges {
		edit.Changes = map[string][]protocol.TextEdit{}
		for _, change := range changed {
			edit.Changes[change.TextDocument.URI] = change.Edits
		}
		return edit
	}
	for _, file := range made {
		edit.DocumentChanges = append(edit.DocumentChanges, protocol.CreateFile{Kind: protocol.Create, URI: file.TextDocument.URI}, file)
	}
	for _, change := range changed {
		edit.DocumentChanges = append(edit.DocumentChanges, change)
	}
	return edit
}

// textOf is a text that a fix changes: as the editor has it, or as it was read
// from the disk.
func (q *question) textOf(shown string) *document {
	if open := q.documentOf(shown); open != nil {
		return open
	}
	for _, project := range q.look.Projects {
		if source := project.Source(shown); source != nil {
			path := q.roots.Absolute(shown)
			text := string(source)
			visible := strings.TrimPrefix(text, byteOrderMark)
			return newDocument(uriOf(path), path, 0, protocol.NewText(visible), len(visible) < len(text))
		}
	}
	return nil
}
