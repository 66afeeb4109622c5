// Package protocol holds the part of the Language Server Protocol that rcomp
// speaks, as version 3.17 has it, and its places in a text.
package protocol

import "encoding/json"

// The kinds of a method's words. Numbers are those of the protocol.
const (
	SeverityError       = 1
	SeverityWarning     = 2
	SeverityInformation = 3
	SeverityHint        = 4

	SyncIncremental = 2

	MessageError   = 1
	MessageWarning = 2

	KindEnumMember = 20
	KindProperty   = 10
	KindValue      = 12

	QuickFix = "quickfix"
	Create   = "create"
	Markdown = "markdown"
)

// Position is a place in a text: a line and a number of UTF-16 units in it,
// both counted from 0.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// Range is a stretch of a text; End is just past it.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Location is a stretch of a file.
type Location struct {
	URI   string `json:"uri"`
	Range Range  `json:"range"`
}

// InitializeParams is what an editor says of itself.
type InitializeParams struct {
	Capabilities struct {
		TextDocument struct {
			Completion struct {
				CompletionItem struct {
					DocumentationFormat []string `json:"documentationFormat"`
				} `json:"completionItem"`
			} `json:"completion"`
		} `json:"textDocument"`
		Workspace struct {
			WorkspaceEdit struct {
				DocumentChanges    bool     `json:"documentChanges"`
				ResourceOperations []string `json:"resourceOperations"`
			} `json:"workspaceEdit"`
			DidChangeWatchedFiles struct {
				DynamicRegistration bool `json:"dynamicRegistration"`
			} `json:"didChangeWatchedFiles"`
		} `json:"workspace"`
	} `json:"capabilities"`
}

// InitializeResult is what the server can do.
type InitializeResult struct {
	Capabilities ServerCapabilities `json:"capabilities"`
	ServerInfo   ServerInfo         `json:"serverInfo"`
}

// ServerInfo names the server.
type ServerInfo struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// ServerCapabilities says which requests the server answers.
type ServerCapabilities struct {
	PositionEncoding   string            `json:"positionEncoding"`
	TextDocumentSync   SyncOptions       `json:"textDocumentSync"`
	HoverProvider      bool              `json:"hoverProvider"`
	CompletionProvider CompletionOptions `json:"completionProvider"`
	CodeActionProvider CodeActionOptions `json:"codeActionProvider"`
	Workspace          *json.RawMessage  `json:"workspace,omitempty"`
}

// SyncOptions says which changes of a text the server wants to hear of.
type SyncOptions struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"`
	Save      bool `json:"save"`
}

// CompletionOptions says when an editor asks for completions by itself.
type CompletionOptions struct {
	TriggerCharacters []string `json:"triggerCharacters"`
}

// CodeActionOptions says which kinds of actions there are.
type CodeActionOptions struct {
	CodeActionKinds []string `json:"codeActionKinds"`
}

// TextDocumentItem is a text as an editor opens it.
type TextDocumentItem struct {
	URI     string `json:"uri"`
	Version int    `json:"version"`
	Text    string `json:"text"`
}

// TextDocumentIdentifier names a text, and one state of it.
type TextDocumentIdentifier struct {
	URI     string `json:"uri"`
	Version *int   `json:"version,omitempty"`
}

// DidOpenParams says that a text is open.
type DidOpenParams struct {
	TextDocument TextDocumentItem `json:"textDocument"`
}

// DidChangeParams says how a text has changed.
type DidChangeParams struct {
	TextDocument   TextDocumentIdentifier `json:"textDocument"`
	ContentChanges []Change               `json:"contentChanges"`
}

// Change is a new text for a stretch of the old one, or for all of it.
type Change struct {
	Range *Range `json:"range"`
	Text  string `json:"text"`
}

// DocumentParams names the text that something has happened to.
type DocumentParams struct {
	TextDocument TextDocumentIdentifier `json:"textDocument"`
}

// PositionParams asks about a place.
type PositionParams struct {
	TextDocument TextDocumentIdentifier `json:"textDocument"`
	Position     Position               `json:"position"`
}

// CodeActionParams asks what can be done about a stretch of a text.
type CodeActionParams struct {
	TextDocument TextDocumentIdentifier `json:"textDocument"`
	Range        Range                  `json:"range"`
	Context      struct {
		Only []string `json:"only"`
	} `json:"context"`
}

// CancelParams names a request that nobody waits for any more.
type CancelParams struct {
	ID json.RawMessage `json:"id"`
}

// PublishDiagnosticsParams says all that is wrong with a text.
type PublishDiagnosticsParams struct {
	URI         string       `json:"uri"`
	Version     *int         `json:"version,omitempty"`
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// Diagnostic is one thing that is wrong with a text.
type Diagnostic struct {
	Range           Range            `json:"range"`
	Severity        int              `json:"severity"`
	Code            string           `json:"code,omitempty"`
	CodeDescription *CodeDescription `json:"codeDescription,omitempty"`
	Source          string           `json:"source"`
	Message         string           `json:"message"`
}

// CodeDescription leads to where a code is explained.
type CodeDescription struct {
	Href string `json:"href"`
}

// Hover is what is said of a place.
type Hover struct {
	Contents MarkupContent `json:"contents"`
	Range    *Range        `json:"range,omitempty"`
}

// MarkupContent is a text with marks.
type MarkupContent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// CompletionList is what may stand at a place.
type CompletionList struct {
	IsIncomplete bool             `json:"isIncomplete"`
	Items        []CompletionItem `json:"items"`
}

// CompletionItem is one of the words that may stand at a place.
type CompletionItem struct {
	Label         string         `json:"label"`
	Kind          int            `json:"kind"`
	Detail        string         `json:"detail,omitempty"`
	Documentation *MarkupContent `json:"documentation,omitempty"`
	SortText      string         `json:"sortText,omitempty"`
	TextEdit      TextEdit       `json:"textEdit"`
}

// TextEdit is a new text for a stretch of a file.
type TextEdit struct {
	Range   Range  `json:"range"`
	NewText string `json:"newText"`
}

// CodeAction is something that can be done about a diagnostic.
type CodeAction struct {
	Title       string         `json:"title"`
	Kind        string         `json:"kind"`
	Diagnostics []Diagnostic   `json:"diagnostics,omitempty"`
	IsPreferred bool           `json:"isPreferred,omitempty"`
	Edit        *WorkspaceEdit `json:"edit"`
}

// WorkspaceEdit changes several files. An editor takes one of its two forms.
type WorkspaceEdit struct {
	Changes         map[string][]TextEdit `json:"changes,omitempty"`
	DocumentChanges []any                 `json:"documentChanges,omitempty"` // TextDocumentEdit and CreateFile
}

// TextDocumentEdit changes one file. Without a version it is as it is on disk.
type TextDocumentEdit struct {
	TextDocument VersionedIdentifier `json:"textDocument"`
	Edits        []TextEdit          `json:"edits"`
}

// VersionedIdentifier names a state of a text; null is what is on disk.
type VersionedIdentifier struct {
	URI     string `json:"uri"`
	Version *int   `json:"version"`
}

// CreateFile makes a file that is not there.
type CreateFile struct {
	Kind string `json:"kind"` // Create
	URI  string `json:"uri"`
}

// MessageParams is a message to the user, or a line of a log.
type MessageParams struct {
	Type    int    `json:"type"`
	Message string `json:"message"`
}

// RegistrationParams asks the editor to tell of something.
type RegistrationParams struct {
	Registrations []Registration `json:"registrations"`
}

// Registration is one thing that an editor is asked to tell of.
type Registration struct {
	ID              string `json:"id"`
	Method          string `json:"method"`
	RegisterOptions any    `json:"registerOptions"`
}

// WatchOptions names the files that an editor watches.
type WatchOptions struct {
	Watchers []Watcher `json:"watchers"`
}

// Watcher is a pattern of files.
type Watcher struct {
	GlobPattern string `json:"globPattern"`
}
