package editor

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/position"
)

// byteOrderMark is what some programs write in front of a text. Most editors
// take it off what they show and put it back when they save.
const byteOrderMark = "\ufeff"

// document is one state of a text that is open in the editor.
type document struct {
	uri, path string
	version   int
	kind      kind
	text      *protocol.Text
	mark      bool           // the file has a byte order mark that the editor does not show
	source    *position.Text // the file, as it were if it were saved
}

func newDocument(uri, path string, version int, text *protocol.Text, mark bool) *document {
	d := &document{uri: uri, path: path, version: version, text: text, kind: kindOf(path, text.String())}
	d.mark = mark && !strings.HasPrefix(text.String(), byteOrderMark)
	content := text.String()
	if d.mark {
		content = byteOrderMark + content
	}
	d.source = position.NewText(path, []byte(content))
	return d
}

// hasMark reports whether a file begins with a byte order mark.
func hasMark(path string) bool {
	roots, err := disk.NewRoots("", "")
	if err != nil {
		return false
	}
	defer roots.Close()
	tree, absolute, _, err := roots.Locate(path)
	if err != nil {
		return false
	}
	content, err := tree.ReadFile(absolute)
	return err == nil && bytes.HasPrefix(content, []byte(byteOrderMark))
}

// hidden is how many bytes of the file the editor does not show.
func (d *document) hidden() int {
	if d.mark {
		return len(byteOrderMark)
	}
	return 0
}

// rangeOf is where the editor has a span.
func (d *document) rangeOf(span position.Span) protocol.Range {
	return d.between(d.source.Offset(span.Start), d.source.Offset(span.End))
}

// between is where the editor has two bytes of the file.
func (d *document) between(start, end int) protocol.Range {
	return d.text.Between(start-d.hidden(), max(start, end)-d.hidden())
}

// place is where a text that rules speak of has a position of the editor.
func (d *document) place(at protocol.Position) position.Pos {
	shown := strings.TrimPrefix(d.text.String()[:d.text.Offset(at)], byteOrderMark)
	line := shown[strings.LastIndexByte(shown, '\n')+1:]
	return position.At(1+strings.Count(shown, "\n"), 1+utf8.RuneCountInString(line))
}
