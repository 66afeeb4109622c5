package editor_test

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/editor"
	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// session is an editor whose tool is made for a test.
type session struct {
	*jsonrpc2.Conn
	heard chan *jsonrpc2.Request
	ended chan error
	file  string
}

type pipes struct {
	io.Reader
	io.WriteCloser
}

func begin(t *testing.T, judge func(*disk.Roots, []string) (*editor.Look, error)) *session {
	t.Helper()
	directory, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	t.Chdir(directory)
	s := &session{heard: make(chan *jsonrpc2.Request, 100), ended: make(chan error, 1), file: "file://" + directory + "/compose.yml"}
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	go func() {
		s.ended <- editor.Serve(toServer, fromServer, io.Discard, editor.Tool{Judge: judge, Refresh: func() {}})
		fromServer.Close()
	}()
	s.Conn = jsonrpc2.NewConn(t.Context(), jsonrpc2.NewBufferedStream(pipes{toClient, fromClient}, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, request *jsonrpc2.Request) (any, error) {
			s.heard <- request
			return nil, nil
		}))
	require.NoError(t, s.Call(t.Context(), "initialize", map[string]any{"capabilities": map[string]any{}}, nil))
	return s
}

func (s *session) open(t *testing.T, version int, text string) {
	t.Helper()
	require.NoError(t, s.Notify(t.Context(), "textDocument/didOpen", protocol.DidOpenParams{
		TextDocument: protocol.TextDocumentItem{URI: s.file, Version: version, Text: text},
	}))
}

// next returns the next message of a method.
func (s *session) next(t *testing.T, method string) string {
	t.Helper()
	late := time.After(time.Minute)
	for {
		select {
		case request := <-s.heard:
			if request.Method == method {
				return string(*request.Params)
			}
		case <-late:
			require.Fail(t, "nothing was said", method)
		}
	}
}

// A fault of rcomp's own is said, and the session goes on.
func TestPanicIsSaidAndSurvived(t *testing.T) {
	var asked atomic.Int32
	s := begin(t, func(*disk.Roots, []string) (*editor.Look, error) {
		if asked.Add(1) == 1 {
			panic("a fault of the test's")
		}
		return &editor.Look{Faults: []editor.Fault{{Span: position.Span{File: "compose.yml", Start: position.At(1, 1), End: position.At(1, 3)}, Message: "seen"}}}, nil
	})
	s.open(t, 1, "services:\n")
	assert.Contains(t, s.next(t, "window/logMessage"), "a fault of the test's")
	assert.Contains(t, s.next(t, "window/showMessage"), "please report it")
	s.open(t, 2, "services: {}\n")
	assert.Contains(t, s.next(t, "textDocument/publishDiagnostics"), `"message":"seen"`)
	require.NoError(t, s.Call(t.Context(), "shutdown", nil, nil))
	require.NoError(t, s.Notify(t.Context(), "exit", nil))
	assert.NoError(t, <-s.ended)
}

// A new edit ends the work on the old text, at its next piece of work, and
// nothing is said of what it came to.
func TestNewEditCancelsTheOldRun(t *testing.T) {
	working, cancelled := make(chan bool, 1), make(chan error, 1)
	var asked atomic.Int32
	s := begin(t, func(roots *disk.Roots, paths []string) (*editor.Look, error) {
		if asked.Add(1) > 1 {
			return &editor.Look{Result: &lint.Result{}}, nil
		}
		tree, _, _, err := roots.Locate(paths[0])
		if err != nil {
			return nil, err
		}
		working <- true
		for {
			if err := tree.With(disk.NewBudget()).Budget().Left(disk.Nodes); err != nil {
				cancelled <- err
				return nil, err
			}
			time.Sleep(time.Millisecond)
		}
	})
	s.open(t, 1, "services:\n")
	<-working
	s.open(t, 2, "services: {}\n")
	require.ErrorIs(t, <-cancelled, disk.ErrBudget)
	var published protocol.PublishDiagnosticsParams
	require.NoError(t, json.Unmarshal([]byte(s.next(t, "textDocument/publishDiagnostics")), &published))
	assert.Equal(t, 2, *published.Version)
}

// A request that nobody waits for any more is answered with just that.
func TestRequestIsCancelled(t *testing.T) {
	open := make(chan bool)
	s := begin(t, func(*disk.Roots, []string) (*editor.Look, error) {
		<-open
		return &editor.Look{Result: &lint.Result{}}, nil
	})
	defer close(open)
	s.open(t, 1, "services:\n")
	waiting, err := s.DispatchCall(t.Context(), "textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": s.file}}, jsonrpc2.PickID(jsonrpc2.ID{Num: 42}))
	require.NoError(t, err)
	require.NoError(t, s.Notify(t.Context(), "$/cancelRequest", map[string]any{"id": 42}))
	failure := (*jsonrpc2.Error)(nil)
	require.ErrorAs(t, waiting.Wait(t.Context(), nil), &failure)
	assert.EqualValues(t, -32800, failure.Code)
}

// What keeps everything from being judged is said once, not at every key.
func TestTroubleIsSaidOnce(t *testing.T) {
	s := begin(t, func(*disk.Roots, []string) (*editor.Look, error) { return nil, io.ErrUnexpectedEOF })
	s.open(t, 1, "services:\n")
	assert.Contains(t, s.next(t, "window/showMessage"), "unexpected EOF")
	s.next(t, "textDocument/publishDiagnostics")
	s.open(t, 2, "services: {}\n")
	for request := range s.heard {
		require.NotEqual(t, "window/showMessage", request.Method)
		if request.Method == "textDocument/publishDiagnostics" {
			return
		}
	}
}
