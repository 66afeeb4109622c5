package editor

import (
	"context"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/rcomp/rcomp/editor/protocol"
)

// notified takes a message that wants no answer. What cannot be read of one is
// logged: nobody waits for an error.
func (s *Server) notified(request *jsonrpc2.Request) {
	take, known := notifications[request.Method]
	if !known {
		return
	}
	if request.Method != "exit" && s.allowed(request.Method) != nil {
		return
	}
	if err := take(s, request); err != nil {
		s.notify("window/logMessage", protocol.MessageParams{Type: protocol.MessageWarning, Message: err.Error()})
	}
}

var notifications = map[string]func(*Server, *jsonrpc2.Request) error{
	"initialized":                     (*Server).initialized,
	"exit":                            (*Server).exit,
	"textDocument/didOpen":            (*Server).didOpen,
	"textDocument/didChange":          (*Server).didChange,
	"textDocument/didClose":           (*Server).didClose,
	"textDocument/didSave":            (*Server).didSave,
	"workspace/didChangeWatchedFiles": (*Server).didChangeFiles,
	"$/cancelRequest":                 (*Server).cancel,
}

// watched are the files whose changes on the disk count: what compose files
// name and what servers read.
var watched = []string{"**/*.{yml,yaml,conf,acl,toml,env,sh}", "**/.env*", "**/*Dockerfile*", "**/secrets/*"}

// initialized asks the editor to watch files, where it can.
func (s *Server) initialized(*jsonrpc2.Request) error {
	if !s.editor.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		return nil
	}
	options := protocol.WatchOptions{}
	for _, pattern := range watched {
		options.Watchers = append(options.Watchers, protocol.Watcher{GlobPattern: pattern})
	}
	s.unasked.Go(func() {
		// Without it, what is saved outside the editor counts from the next change on.
		_ = s.conn.Call(context.Background(), "client/registerCapability", protocol.RegistrationParams{Registrations: []protocol.Registration{
			{ID: "files", Method: "workspace/didChangeWatchedFiles", RegisterOptions: options},
		}}, nil)
	})
	return nil
}

func (s *Server) exit(*jsonrpc2.Request) error {
	s.leave()
	return nil
}

func (s *Server) didOpen(request *jsonrpc2.Request) error {
	var params protocol.DidOpenParams
	if err := read(request, &params); err != nil {
		return err
	}
	item := params.TextDocument
	path, ok := pathOf(item.URI)
	if !ok {
		return nil
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.documents[item.URI] = newDocument(item.URI, path, item.Version, protocol.NewText(item.Text), hasMark(path))
	s.refresh()
	return nil
}

func (s *Server) didChange(request *jsonrpc2.Request) error {
	var params protocol.DidChangeParams
	if err := read(request, &params); err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	before := s.documents[params.TextDocument.URI]
	if before == nil {
		return nil
	}
	text, version := before.text, before.version
	for _, change := range params.ContentChanges {
		text = text.Apply(change)
	}
	if params.TextDocument.Version != nil {
		version = *params.TextDocument.Version
	}
	s.documents[before.uri] = newDocument(before.uri, before.path, version, text, before.mark)
	s.changed()
	return nil
}

func (s *Server) didClose(request *jsonrpc2.Request) error {
	var params protocol.DocumentParams
	if err := read(request, &params); err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	uri := params.TextDocument.URI
	if s.documents[uri] == nil {
		return nil
	}
	delete(s.documents, uri)
	delete(s.published, uri)
	s.notify("textDocument/publishDiagnostics", protocol.PublishDiagnosticsParams{URI: uri, Diagnostics: []protocol.Diagnostic{}})
	s.refresh()
	return nil
}

func (s *Server) didSave(*jsonrpc2.Request) error { return s.didChangeFiles(nil) }

func (s *Server) didChangeFiles(*jsonrpc2.Request) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.refresh()
	return nil
}

func (s *Server) cancel(request *jsonrpc2.Request) error {
	var params protocol.CancelParams
	if err := read(request, &params); err != nil {
		return err
	}
	var id jsonrpc2.ID
	if err := id.UnmarshalJSON(params.ID); err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if cancel := s.cancels[id.String()]; cancel != nil {
		cancel()
	}
	return nil
}
