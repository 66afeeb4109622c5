package editor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
)

// pause is how long an editor is left in peace after a change: who types makes
// another one soon, and the work for the first would be for nothing.
const pause = 5 * time.Millisecond

// analysis is a look at the files of one moment: those that are open as the
// editor has them, the others as they are on disk. It is made once, when
// somebody asks or the pause is over.
type analysis struct {
	server    *Server
	documents map[string]*document // by URI
	timer     *time.Timer
	start     sync.Once
	done      chan struct{}

	stopped bool // its texts are old; the server's mutex guards it
	roots   *disk.Roots

	// What was found, once it is done.
	look    *Look
	byPath  map[string]*document // by the path that lint has for it
	trouble error

	mutex     sync.Mutex // of what is worked out when it is asked for
	described map[*compose.Project]inspect.Document
}

// changed begins anew after a change of a text. Who calls it holds the mutex.
func (s *Server) changed() {
	s.stop()
	a := &analysis{server: s, documents: maps.Clone(s.documents), done: make(chan struct{}), described: map[*compose.Project]inspect.Document{}}
	if roots, err := disk.NewRoots("", ""); err == nil {
		a.roots = roots
	}
	s.analysis = a
	a.timer = time.AfterFunc(pause, a.begin)
}

// refresh begins anew after a change of files on the disk.
func (s *Server) refresh() {
	s.tool.Refresh()
	s.changed()
}

// stop ends the work on texts that are old.
func (s *Server) stop() {
	a := s.analysis
	if a == nil {
		return
	}
	s.analysis, a.stopped = nil, true
	a.timer.Stop()
	if a.roots != nil {
		a.roots.Stop()
	}
	a.start.Do(func() { close(a.done) }) // it never begins
	s.unasked.Go(func() {
		<-a.done
		if a.roots != nil {
			a.roots.Close()
		}
	})
}

// begin makes the look in a goroutine of its own.
func (a *analysis) begin() {
	a.start.Do(func() {
		go func() {
			defer close(a.done)
			defer a.server.hold("the judging of the open files")
			a.run()
			a.server.publish(a)
		}()
	})
}

func (a *analysis) run() {
	a.look, a.byPath = &Look{}, map[string]*document{}
	if a.roots == nil {
		a.trouble = fmt.Errorf("the directory that rcomp was started in is not there any more")
		return
	}
	var paths []string
	for _, uri := range slices.Sorted(maps.Keys(a.documents)) {
		document := a.documents[uri]
		if err := a.roots.Provide(document.path, document.source.Source); err != nil {
			continue // it is somewhere that is never read
		}
		_, absolute, _, err := a.roots.Locate(document.path)
		if err != nil {
			continue
		}
		a.byPath[absolute] = document
		if document.kind != otherFile && len(document.source.Source) <= disk.MaxFile {
			paths = append(paths, document.path)
		}
	}
	look, err := a.server.tool.Judge(a.roots, paths)
	if a.trouble = err; err == nil {
		a.look = look
	}
}

// documentOf is the open text of a file as lint shows it, nil where it is not
// open.
func (a *analysis) documentOf(shown string) *document {
	return a.byPath[a.roots.Absolute(shown)]
}

// shownAs is what lint calls an open text; "" where it does not know it.
func (a *analysis) shownAs(document *document) string {
	for absolute, known := range a.byPath {
		if known != document {
			continue
		}
		if tree, _, _, err := a.roots.Locate(document.path); err == nil {
			return tree.Show(absolute)
		}
	}
	return ""
}

// newest waits for a look at the newest texts, until nobody waits any more.
func (s *Server) newest(ctx context.Context) (*analysis, error) {
	for {
		s.mutex.Lock()
		a := s.analysis
		s.mutex.Unlock()
		if a == nil {
			return nil, errNothingOpen
		}
		a.begin()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-a.done:
		}
		s.mutex.Lock()
		current := !a.stopped
		s.mutex.Unlock()
		if current {
			return a, nil
		}
	}
}

var errNothingOpen = fmt.Errorf("no file is open")

// publication is what an editor was told of a text.
type publication struct {
	version     int
	diagnostics []protocol.Diagnostic
}

// publish tells the editor what was found, of every open text that has changed
// or that something else is said of.
func (s *Server) publish(a *analysis) {
	found := a.diagnostics()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if a.stopped {
		return
	}
	trouble := said(nil, a.look.Troubles)
	if a.trouble != nil {
		trouble = said(nil, "rcomp: "+a.trouble.Error())
	}
	if trouble != "" && trouble != s.trouble { // said once, not at every key
		s.notify("window/showMessage", protocol.MessageParams{Type: protocol.MessageWarning, Message: trouble})
	}
	s.trouble = trouble
	for _, uri := range slices.Sorted(maps.Keys(a.documents)) {
		document := a.documents[uri]
		diagnostics := found[document]
		if diagnostics == nil {
			diagnostics = []protocol.Diagnostic{}
		}
		before, known := s.published[uri]
		if known && before.version == document.version && slices.EqualFunc(before.diagnostics, diagnostics, sameDiagnostic) {
			continue
		}
		s.published[uri] = publication{document.version, diagnostics}
		s.notify("textDocument/publishDiagnostics", protocol.PublishDiagnosticsParams{URI: uri, Version: &document.version, Diagnostics: diagnostics})
	}
}

func sameDiagnostic(a, b protocol.Diagnostic) bool {
	return a.Range == b.Range && a.Severity == b.Severity && a.Code == b.Code && a.Message == b.Message
}
