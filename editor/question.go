package editor

import (
	"context"
	"fmt"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint/position"
)

// question is a request about an open text, and what is known of its files.
type question struct {
	*analysis
	request  *jsonrpc2.Request
	document *document
	at       protocol.Position
	place    position.Pos // the same place as rules count
	before   string       // what stands in front of it in its line
	after    string       // and behind it
}

// ask answers a request from a look at the newest texts.
func (s *Server) ask(ctx context.Context, answer func(*Server, *question) (any, error), request *jsonrpc2.Request) (any, error) {
	var params protocol.PositionParams
	if err := read(request, &params); err != nil {
		return nil, err
	}
	a, err := s.newest(ctx)
	if err != nil {
		return nil, err
	}
	document := a.documents[params.TextDocument.URI]
	if document == nil {
		return nil, fmt.Errorf("the file is not open")
	}
	q := &question{analysis: a, request: request, document: document, at: params.Position, place: document.place(params.Position)}
	text, offset := document.text.String(), document.text.Offset(params.Position)
	q.before = text[1+strings.LastIndexAny(text[:offset], "\r\n") : offset]
	q.after = text[offset:]
	if end := strings.IndexAny(q.after, "\r\n"); end >= 0 {
		q.after = q.after[:end]
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return answer(s, q)
}

// wordAt is the word that a place is in or at, of characters that belong to
// words, and its range.
func (q *question) wordAt(belongs func(rune) bool) (word string, at protocol.Range) {
	front := q.before[len(strings.TrimRightFunc(q.before, belongs)):]
	back := q.after[:len(q.after)-len(strings.TrimLeftFunc(q.after, belongs))]
	offset := q.document.text.Offset(q.at)
	return front + back, q.document.text.Between(offset-len(front), offset+len(back))
}

func isWord(r rune) bool {
	return r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
