package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/editor/protocol"
)

// lspClient is an editor as far as a server sees one.
type lspClient struct {
	t      testing.TB
	conn   *jsonrpc2.Conn
	root   string
	status chan int
	stderr *bytes.Buffer
	texts  map[string]*protocol.Text
	states map[string]int

	mutex     sync.Mutex
	changed   *sync.Cond
	published map[string][]protocol.PublishDiagnosticsParams
	messages  []string
}

type clientPipes struct {
	io.Reader
	io.WriteCloser
}

// startLSP begins a session in a directory of files.
func startLSP(t testing.TB, files map[string]string) *lspClient {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, content := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	chdir(t, root)
	c := &lspClient{
		t: t, root: root, status: make(chan int, 1), stderr: &bytes.Buffer{}, texts: map[string]*protocol.Text{}, states: map[string]int{},
		published: map[string][]protocol.PublishDiagnosticsParams{},
	}
	c.changed = sync.NewCond(&c.mutex)
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	go func() {
		c.status <- run([]string{"lsp", "--stdio"}, toServer, fromServer, c.stderr)
		fromServer.Close()
	}()
	stream := jsonrpc2.NewBufferedStream(clientPipes{toClient, fromClient}, jsonrpc2.VSCodeObjectCodec{})
	c.conn = jsonrpc2.NewConn(context.Background(), stream, jsonrpc2.HandlerWithError(c.heard))
	return c
}

func chdir(t testing.TB, directory string) {
	switch t := t.(type) {
	case *testing.T:
		t.Chdir(directory)
	case *testing.B:
		t.Chdir(directory)
	}
}

// heard takes what the server says by itself.
func (c *lspClient) heard(_ context.Context, _ *jsonrpc2.Conn, request *jsonrpc2.Request) (any, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	defer c.changed.Broadcast()
	switch request.Method {
	case "textDocument/publishDiagnostics":
		var params protocol.PublishDiagnosticsParams
		if err := json.Unmarshal(*request.Params, &params); err != nil {
			return nil, err
		}
		c.published[params.URI] = append(c.published[params.URI], params)
	default:
		c.messages = append(c.messages, request.Method+" "+string(*request.Params))
	}
	return nil, nil
}

func (c *lspClient) call(method string, params, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return c.conn.Call(ctx, method, params, result)
}

func (c *lspClient) notify(method string, params any) {
	require.NoError(c.t, c.conn.Notify(context.Background(), method, params))
}

// begin says what the editor can do.
func (c *lspClient) begin() *lspClient {
	return c.beginWith(map[string]any{"documentChanges": true, "resourceOperations": []string{"create", "rename", "delete"}})
}

// beginWith is begin for an editor that can do some changes alone.
func (c *lspClient) beginWith(changes map[string]any) *lspClient {
	var result protocol.InitializeResult
	require.NoError(c.t, c.call("initialize", map[string]any{
		"processId": nil, "capabilities": map[string]any{"workspace": map[string]any{"workspaceEdit": changes}},
	}, &result))
	require.Equal(c.t, "utf-16", result.Capabilities.PositionEncoding)
	c.notify("initialized", map[string]any{})
	return c
}

// end leaves as an editor does, and returns the server's exit status.
func (c *lspClient) end() int {
	require.NoError(c.t, c.call("shutdown", nil, nil))
	c.notify("exit", nil)
	return c.left()
}

func (c *lspClient) left() int {
	select {
	case status := <-c.status:
		return status
	case <-time.After(time.Minute):
		require.Fail(c.t, "the server does not end")
		return -1
	}
}

func (c *lspClient) uri(name string) string {
	return "file://" + filepath.ToSlash(filepath.Join(c.root, name))
}

// open opens a file as it is on disk, or with another text.
func (c *lspClient) open(name string, text ...string) []protocol.Diagnostic {
	c.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.root, name))
	if len(text) > 0 {
		content, err = []byte(text[0]), nil
	}
	require.NoError(c.t, err)
	shown := strings.TrimPrefix(string(content), "\ufeff") // as editors do
	c.texts[name], c.states[name] = protocol.NewText(shown), 1
	c.notify("textDocument/didOpen", protocol.DidOpenParams{TextDocument: protocol.TextDocumentItem{URI: c.uri(name), Version: 1, Text: shown}})
	return c.wait(name)
}

// replace changes the first piece of a text that is another, as typing does.
func (c *lspClient) replace(name, old, new string) []protocol.Diagnostic {
	c.t.Helper()
	c.send(name, old, new)
	return c.wait(name)
}

func (c *lspClient) send(name, old, new string) {
	c.t.Helper()
	text := c.texts[name]
	start := strings.Index(text.String(), old)
	require.GreaterOrEqual(c.t, start, 0, "there is no %q in %s", old, text)
	where := text.Between(start, start+len(old))
	c.change(name, protocol.Change{Range: &where, Text: new})
}

func (c *lspClient) change(name string, change protocol.Change) {
	c.texts[name] = c.texts[name].Apply(change)
	c.states[name]++
	version := c.states[name]
	c.notify("textDocument/didChange", protocol.DidChangeParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(name), Version: &version}, ContentChanges: []protocol.Change{change},
	})
}

// wait returns what is said of the newest state of a text.
func (c *lspClient) wait(name string) []protocol.Diagnostic {
	c.t.Helper()
	return c.until(name, func(p protocol.PublishDiagnosticsParams) bool {
		return p.Version != nil && *p.Version == c.states[name]
	})
}

func (c *lspClient) until(name string, wanted func(protocol.PublishDiagnosticsParams) bool) []protocol.Diagnostic {
	c.t.Helper()
	late := time.AfterFunc(time.Minute, func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.published["late"] = append(c.published["late"], protocol.PublishDiagnosticsParams{})
		c.changed.Broadcast()
	})
	defer late.Stop()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for {
		if all := c.published[c.uri(name)]; len(all) > 0 && wanted(all[len(all)-1]) {
			return all[len(all)-1].Diagnostics
		}
		require.Empty(c.t, c.published["late"], "nothing is said of %s; messages: %q", name, c.messages)
		c.changed.Wait()
	}
}

// at is the place behind the first piece of a text, or in its middle.
func (c *lspClient) at(name, piece string, into int) protocol.PositionParams {
	c.t.Helper()
	start := strings.Index(c.texts[name].String(), piece)
	require.GreaterOrEqual(c.t, start, 0, "there is no %q", piece)
	return protocol.PositionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(name)}, Position: c.texts[name].Position(start + into),
	}
}

func (c *lspClient) hover(name, piece string) string {
	c.t.Helper()
	var hover *protocol.Hover
	require.NoError(c.t, c.call("textDocument/hover", c.at(name, piece, 1), &hover))
	if hover == nil {
		return ""
	}
	return hover.Contents.Value
}

func (c *lspClient) complete(name, behind string) []string {
	c.t.Helper()
	var completions protocol.CompletionList
	require.NoError(c.t, c.call("textDocument/completion", c.at(name, behind, len(behind)), &completions))
	var words []string
	for _, item := range completions.Items {
		words = append(words, item.Label)
	}
	return words
}

func (c *lspClient) actions(name string, at protocol.Range) []lspAction {
	c.t.Helper()
	var actions []lspAction
	require.NoError(c.t, c.call("textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": c.uri(name)}, "range": at, "context": map[string]any{"diagnostics": []any{}},
	}, &actions))
	return actions
}

// lspAction is a code action as a client reads it.
type lspAction struct {
	Title string `json:"title"`
	Edit  struct {
		Changes         map[string][]protocol.TextEdit `json:"changes"`
		DocumentChanges []lspChange                    `json:"documentChanges"`
	} `json:"edit"`
}

// lspChange makes a file, or changes one.
type lspChange struct {
	protocol.CreateFile
	protocol.TextDocumentEdit
}

// apply does what an action says: to the texts that are open, and to the files
// of the others.
func (c *lspClient) apply(name string, action lspAction) []protocol.Diagnostic {
	c.t.Helper()
	for _, change := range action.Edit.DocumentChanges {
		if change.Kind != "" {
			c.make(change.CreateFile)
			continue
		}
		changed, found := strings.CutPrefix(change.TextDocument.URI, c.uri("")+"/")
		require.True(c.t, found, change.TextDocument.URI)
		if c.texts[changed] == nil {
			require.Nil(c.t, change.TextDocument.Version)
			c.applyOnDisk(changed, change.Edits)
			continue
		}
		require.Equal(c.t, c.states[changed], *change.TextDocument.Version)
		for _, edit := range slices.Backward(change.Edits) {
			c.change(changed, protocol.Change{Range: &edit.Range, Text: edit.NewText})
		}
	}
	return c.wait(name)
}

func (c *lspClient) make(file protocol.CreateFile) {
	require.Equal(c.t, "create", file.Kind)
	path := strings.TrimPrefix(file.URI, "file://")
	require.NoError(c.t, os.MkdirAll(filepath.Dir(path), 0o755))
	made, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	require.NoError(c.t, err)
	require.NoError(c.t, made.Close())
}

func (c *lspClient) applyOnDisk(name string, edits []protocol.TextEdit) {
	path := filepath.Join(c.root, name)
	content, err := os.ReadFile(path)
	require.NoError(c.t, err)
	text := protocol.NewText(string(content))
	for _, edit := range slices.Backward(edits) {
		text = text.Apply(protocol.Change{Range: &edit.Range, Text: edit.NewText})
	}
	require.NoError(c.t, os.WriteFile(path, []byte(text.String()), 0o644))
}

func ruleAt(diagnostics []protocol.Diagnostic, rule string) (protocol.Range, bool) {
	for _, diagnostic := range diagnostics {
		if diagnostic.Code == rule {
			return diagnostic.Range, true
		}
	}
	return protocol.Range{}, false
}

func (c *lspClient) textAt(name string, at protocol.Range) string {
	text := c.texts[name]
	return text.String()[text.Offset(at.Start):text.Offset(at.End)]
}

func requireRule(t testing.TB, diagnostics []protocol.Diagnostic, rule string) protocol.Range {
	t.Helper()
	at, found := ruleAt(diagnostics, rule)
	require.True(t, found, "%s is not among %v", rule, diagnostics)
	return at
}

func assertNoRule(t testing.TB, diagnostics []protocol.Diagnostic, rule string) {
	t.Helper()
	_, found := ruleAt(diagnostics, rule)
	assert.False(t, found, "%s is among %v", rule, diagnostics)
}
