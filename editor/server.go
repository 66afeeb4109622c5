package editor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"runtime/debug"
	"sync"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/rcomp/rcomp/editor/protocol"
)

// Server is one session with an editor.
type Server struct {
	tool Tool
	conn *jsonrpc2.Conn

	left    context.Context // done when the editor says that it leaves
	leave   context.CancelFunc
	unasked sync.WaitGroup // what runs aside

	mutex     sync.Mutex
	editor    protocol.InitializeParams
	began     bool                          // the editor has said what it can do
	ended     bool                          // it wants nothing more
	documents map[string]*document          // by URI
	analysis  *analysis                     // of the newest texts
	published map[string]publication        // by URI
	trouble   string                        // why nothing could be judged, as it was said last
	cancels   map[string]context.CancelFunc // of the requests that are being answered
}

// errNoEnd says that an editor was gone all at once.
var errNoEnd = errors.New("the editor left without saying so")

// Serve speaks with an editor until it leaves.
func Serve(in io.Reader, out io.Writer, diary io.Writer, tool Tool) error {
	s := &Server{
		tool: tool, documents: map[string]*document{}, published: map[string]publication{},
		cancels: map[string]context.CancelFunc{},
	}
	s.left, s.leave = context.WithCancel(context.Background())
	defer s.leave()
	stream := jsonrpc2.NewBufferedStream(pipes{in, out}, jsonrpc2.VSCodeObjectCodec{})
	s.conn = newConn(s, stream, diary)
	select {
	case <-s.conn.DisconnectNotify():
	case <-s.left.Done():
		s.conn.Close()
	}
	s.mutex.Lock()
	ended := s.ended
	s.stop()
	s.mutex.Unlock()
	s.unasked.Wait()
	if !ended {
		return errNoEnd
	}
	return nil
}

// newConn begins to read once the server knows its connection.
func newConn(s *Server, stream jsonrpc2.ObjectStream, diary io.Writer) *jsonrpc2.Conn {
	ready := make(chan struct{})
	defer close(ready)
	s.conn = jsonrpc2.NewConn(context.Background(), stream, handler(func(ctx context.Context, request *jsonrpc2.Request) {
		<-ready
		s.handle(ctx, request)
	}), jsonrpc2.SetLogger(log.New(diary, "rcomp: ", 0)))
	return s.conn
}

type handler func(context.Context, *jsonrpc2.Request)

func (h handler) Handle(ctx context.Context, _ *jsonrpc2.Conn, request *jsonrpc2.Request) {
	h(ctx, request)
}

// pipes is what an editor and its server speak through.
type pipes struct {
	io.Reader
	io.Writer
}

// Close closes what may be closed, so that nobody waits for another word.
func (p pipes) Close() error {
	if closer, ok := p.Reader.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// The codes of errors that the protocol has beside those of JSON-RPC.
const (
	codeNotInitialized = -32002
	codeCancelled      = -32800
)

// handle takes one message. Messages come one after the other; what takes long
// is answered aside.
func (s *Server) handle(ctx context.Context, request *jsonrpc2.Request) {
	defer s.hold("a message of the editor (" + request.Method + ")")
	if request.Notif {
		s.notified(request)
		return
	}
	if err := s.allowed(request.Method); err != nil {
		s.reply(request.ID, nil, err)
		return
	}
	switch request.Method {
	case "initialize":
		result, err := s.initialize(request)
		s.reply(request.ID, result, err)
	case "shutdown":
		s.mutex.Lock()
		s.ended = true
		s.stop()
		s.mutex.Unlock()
		s.reply(request.ID, nil, nil)
	default:
		s.answer(ctx, request)
	}
}

// allowed refuses what is asked at the wrong time.
func (s *Server) allowed(method string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case s.ended:
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "the session has ended"}
	case !s.began && method != "initialize":
		return &jsonrpc2.Error{Code: codeNotInitialized, Message: "the session has not begun: initialize comes first"}
	}
	return nil
}

// questions are the requests that are answered from a look at the files.
var questions = map[string]func(*Server, *question) (any, error){
	"textDocument/hover":      (*Server).hover,
	"textDocument/completion": (*Server).complete,
	"textDocument/codeAction": (*Server).act,
}

// answer answers a request aside, so that it can be cancelled.
func (s *Server) answer(ctx context.Context, request *jsonrpc2.Request) {
	ask, known := questions[request.Method]
	if !known {
		s.reply(request.ID, nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: fmt.Sprintf("there is no method %q", request.Method)})
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	id := request.ID.String()
	s.mutex.Lock()
	s.cancels[id] = cancel
	s.mutex.Unlock()
	s.unasked.Go(func() {
		var result any
		err := errFault
		func() {
			defer s.hold("a question (" + request.Method + ")")
			result, err = s.ask(ctx, ask, request)
		}()
		if ctx.Err() != nil {
			result, err = nil, &jsonrpc2.Error{Code: codeCancelled, Message: "it was cancelled"}
		}
		s.mutex.Lock()
		delete(s.cancels, id)
		s.mutex.Unlock()
		cancel()
		s.reply(request.ID, result, err)
	})
}

var errFault error = &jsonrpc2.Error{Code: jsonrpc2.CodeInternalError, Message: "rcomp met a fault of its own"}

// hold keeps a fault of rcomp's own from ending the session, and says it.
func (s *Server) hold(where string) {
	fault := recover()
	if fault == nil {
		return
	}
	s.notify("window/logMessage", protocol.MessageParams{Type: protocol.MessageError, Message: fmt.Sprintf("%v\n%s", fault, debug.Stack())})
	s.notify("window/showMessage", protocol.MessageParams{
		Type: protocol.MessageError, Message: "rcomp met a fault of its own at " + where + ": please report it, with what the log says. The session goes on.",
	})
}

func (s *Server) reply(id jsonrpc2.ID, result any, err error) {
	if err == nil {
		_ = s.conn.Reply(context.Background(), id, result) // an editor that is gone wants no answer
		return
	}
	failure := (*jsonrpc2.Error)(nil)
	if !errors.As(err, &failure) {
		failure = &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	_ = s.conn.ReplyWithError(context.Background(), id, failure)
}

func (s *Server) notify(method string, params any) {
	_ = s.conn.Notify(context.Background(), method, params)
}

func (s *Server) initialize(request *jsonrpc2.Request) (any, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err := read(request, &s.editor); err != nil {
		return nil, err
	}
	s.began = true
	return protocol.InitializeResult{
		ServerInfo: protocol.ServerInfo{Name: "rcomp", Version: s.tool.Version},
		Capabilities: protocol.ServerCapabilities{
			PositionEncoding:   "utf-16",
			TextDocumentSync:   protocol.SyncOptions{OpenClose: true, Change: protocol.SyncIncremental, Save: true},
			HoverProvider:      true,
			CompletionProvider: protocol.CompletionOptions{TriggerCharacters: []string{"-", " ", "[", "\"", "="}},
			CodeActionProvider: protocol.CodeActionOptions{CodeActionKinds: []string{protocol.QuickFix}},
		},
	}, nil
}

// read reads the parameters of a message.
func read(request *jsonrpc2.Request, into any) error {
	if request.Params == nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: request.Method + " needs parameters"}
	}
	if err := json.Unmarshal(*request.Params, into); err != nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: fmt.Sprintf("%s: %v", request.Method, err)}
	}
	return nil
}
