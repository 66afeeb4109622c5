package secrets

import (
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/display"
)

// text is a file as excerpts show it: without a byte order mark and carriage
// returns at the ends of lines.
type text struct {
	name      string
	lines     []string
	starts    []int // of the lines in joined, in bytes
	joined    string
	documents []*yaml.Node // nil where it is no compose file
}

func newText(name string, source []byte) *text {
	t := &text{name: name}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	length := 0
	t.joined = strings.ReplaceAll(string(source), "\r\n", "\n")
	t.joined = strings.TrimSuffix(t.joined, "\r")
	for line := range strings.SplitSeq(t.joined, "\n") {
		t.lines, t.starts = append(t.lines, line), append(t.starts, length)
		length += len(line) + 1
	}
	return t
}

// parse reads a text as YAML, where nobody has done so and its name says that
// it is.
func (t *text) parse(known []*yaml.Node) {
	switch extension := path.Ext(t.name); {
	case len(known) > 0:
		t.documents = known
	case extension != ".yml" && extension != ".yaml", len(t.joined) > largestYAML:
	default:
		t.documents = documentsOf(t.joined)
	}
}

// largestYAML is from how many bytes on a text is looked at line by line only.
const largestYAML = 1 << 20

// maxDocuments bounds the YAML documents that are looked at. A file that has
// more is not judged.
const maxDocuments = 1000

// documentsOf returns the documents of a YAML file, nil where it is something
// else.
func documentsOf(text string) []*yaml.Node {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var documents []*yaml.Node
	for len(documents) < maxDocuments {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents
		}
		if err != nil {
			return nil
		}
		documents = append(documents, &document)
	}
	return documents
}

// offset is where a place of the YAML library is in the joined text.
func (t *text) offset(line, column int) int {
	if line < 1 || line > len(t.lines) {
		return len(t.joined)
	}
	offset, text := 0, t.lines[line-1]
	for ; column > 1 && offset < len(text); column-- {
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	return t.starts[line-1] + offset
}

// region is a stretch of a text, in bytes of joined.
type region struct {
	text       *text
	start, end int
}

// placesOf returns where a secret stands in a region: behind its name, where
// that stands there too. Where it is written in a way that is not found, that
// is the whole region.
func (r region) placesOf(h hit) (places []display.Place, found bool) {
	for piece := range strings.SplitSeq(h.text, "\n") {
		piece = strings.TrimSpace(piece)
		if piece == "" {
			continue
		}
		at := r.find(h.name, piece)
		if at == nil {
			return r.whole(), false
		}
		places = append(places, at...)
	}
	return places, true
}

// written is what stands in a region: of a text in quotes that text, else all
// of it.
func (r region) written() string {
	text := r.text.joined[r.start:r.end]
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		if end := quotedEnd(text); end > 0 {
			return text[:end]
		}
	}
	return text
}

// quotedEnd is where a quoted text ends that another begins with, 0 where
// nothing closes it.
func quotedEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] == '"':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return 0
}

func (r region) find(name, piece string) []display.Place {
	written := r.text.joined[r.start:r.end]
	from := 0
	if at := strings.Index(written, name); name != "" && at >= 0 {
		from = at + len(name)
	}
	for _, form := range display.Forms(piece) {
		var places []display.Place
		for at := from; ; {
			next := strings.Index(written[at:], form)
			if next < 0 {
				break
			}
			start, end := at+next, at+next+len(form)
			if display.StandsAlone(written, start, end) {
				places = append(places, region{r.text, r.start + start, r.start + end}.whole()...)
			}
			at = end
		}
		if places != nil {
			return places
		}
	}
	return nil
}

// whole returns the places of all of a region, one a line.
func (r region) whole() []display.Place {
	var places []display.Place
	line, found := slices.BinarySearch(r.text.starts, r.start)
	if !found {
		line--
	}
	for ; line < len(r.text.lines) && r.text.starts[line] < r.end; line++ {
		first := r.text.starts[line]
		start, end := max(0, r.start-first), min(len(r.text.lines[line]), r.end-first)
		if start < end {
			places = append(places, display.Place{File: r.text.name, Line: line + 1, Start: start, End: end})
		}
	}
	return places
}
