// Package baseline keeps the findings that a repository has and knows of, so
// that a run shows what is new. A finding is known again by what it is about,
// not by where it stands: lines, keys and neighbours may move.
package baseline

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/position"
)

// Entry is a finding as a baseline keeps it.
type Entry struct {
	Rule        string `json:"rule"`
	File        string `json:"file"` // from where the baseline stands
	Service     string `json:"service"`
	Fingerprint string `json:"fingerprint"`

	at position.Span
}

// At is where an entry stands in its file.
func (e Entry) At() position.Span { return e.at }

func (e Entry) compare(other Entry) int {
	return cmp.Or(
		cmp.Compare(e.File, other.File), cmp.Compare(e.Rule, other.Rule),
		cmp.Compare(e.Service, other.Service), cmp.Compare(e.Fingerprint, other.Fingerprint),
	)
}

// fingerprintLength is how much of a digest is kept, in bytes: it has to tell
// apart the findings of one rule in one file.
const fingerprintLength = 8

// NewEntry makes the entry of a finding. text is what the finding marks,
// without secrets: a digest of a weak password would be as good as itself.
func NewEntry(f lint.Finding, file, text string) Entry {
	digest := sha256.New()
	for _, part := range []string{f.Rule.ID, file, f.Service, strings.Join(strings.Fields(text), " ")} {
		fmt.Fprintf(digest, "%d:%s", len(part), part)
	}
	return Entry{
		Rule: f.Rule.ID, File: file, Service: f.Service,
		Fingerprint: hex.EncodeToString(digest.Sum(nil)[:fingerprintLength]),
	}
}

// version would rise if an older program could misread the file.
const version = 1

// Format writes entries as a file that is made to be committed: sorted, one
// finding a line.
func Format(entries []Entry) []byte {
	sorted := slices.Clone(entries)
	slices.SortFunc(sorted, Entry.compare)
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"version\": %d,\n  \"findings\": [", version)
	for i, entry := range sorted {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		b.Write(encoded(entry))
	}
	if len(sorted) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("]\n}\n")
	return b.Bytes()
}

func encoded(entry Entry) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(entry) // of texts alone
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Baseline is a file of known findings.
type Baseline struct {
	File    string // as shown
	entries []Entry
	open    map[string][]Entry // by fingerprint, those that nothing was found for yet
	known   int
}

// Read reads a baseline. Its errors say where it is none.
func Read(text *position.Text) (*Baseline, error) {
	r := reader{text: text, decoder: json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text.Source, []byte("\xef\xbb\xbf"))))}
	r.decoder.DisallowUnknownFields()
	b := &Baseline{File: text.File, open: map[string][]Entry{}}
	err := r.read(b)
	if err != nil {
		at := r.place()
		return nil, fmt.Errorf("%s:%d:%d: not a baseline: %w", text.File, at.Start.Line, at.Start.Column, err)
	}
	for _, entry := range b.entries {
		b.open[entry.Fingerprint] = append(b.open[entry.Fingerprint], entry)
	}
	return b, nil
}

type reader struct {
	text    *position.Text
	decoder *json.Decoder
	line    int // where the reading was last
	offset  int64
}

var errShape = errors.New("it has to be {\"version\": 1, \"findings\": [...]}: --write-baseline writes one")

func (r *reader) read(b *Baseline) error {
	if err := r.expect(json.Delim('{')); err != nil {
		return err
	}
	seen := 0
	for r.decoder.More() {
		key, err := r.decoder.Token()
		if err != nil {
			return plain(err)
		}
		seen++
		switch key {
		case "version":
			var given int
			if err := r.decoder.Decode(&given); err != nil {
				return errShape
			}
			if given != version {
				return fmt.Errorf("it is of version %d, and this program reads version %d", given, version)
			}
		case "findings":
			if err := r.entries(b); err != nil {
				return err
			}
		default:
			return errShape
		}
	}
	if err := r.expect(json.Delim('}')); err != nil {
		return err
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) || seen != 2 {
		return errShape
	}
	return nil
}

func (r *reader) expect(delim json.Delim) error {
	token, err := r.decoder.Token()
	if err != nil {
		return plain(err)
	}
	if token != delim {
		return errShape
	}
	return nil
}

func (r *reader) entries(b *Baseline) error {
	if err := r.expect(json.Delim('[')); err != nil {
		return err
	}
	for r.decoder.More() {
		var entry Entry
		if err := r.decoder.Decode(&entry); err != nil {
			return plain(err)
		}
		if raw, err := hex.DecodeString(entry.Fingerprint); err != nil || len(raw) != fingerprintLength || entry.Rule == "" || entry.File == "" {
			return errors.New("a finding has a rule, a file, a service and a fingerprint")
		}
		entry.at = r.place()
		b.entries = append(b.entries, entry)
	}
	return r.expect(json.Delim(']'))
}

// place is the line that the reading has come to. Asked in order it counts
// each line once.
func (r *reader) place() position.Span {
	end := min(r.decoder.InputOffset(), int64(len(r.text.Source)))
	if end > r.offset {
		r.line += bytes.Count(r.text.Source[r.offset:end], []byte("\n"))
		r.offset = end
	}
	return r.text.LineSpan(min(r.line+1, r.text.Lines()))
}

// plain says of what JSON's decoder refuses only that.
func plain(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends too early")
	case errors.As(err, &syntax):
		return errors.New("it is not JSON")
	}
	return errShape
}

// Takes reports whether a finding is known, and takes it off the list: a
// finding that is there twice is known twice or once.
func (b *Baseline) Takes(entry Entry) bool {
	left := b.open[entry.Fingerprint]
	at := slices.IndexFunc(left, func(e Entry) bool { return e.Rule == entry.Rule && e.File == entry.File })
	if at < 0 {
		return false
	}
	b.open[entry.Fingerprint] = slices.Delete(left, at, at+1)
	b.known++
	return true
}

// Known is how many findings were taken.
func (b *Baseline) Known() int { return b.known }

// Gone lists the entries that nothing was found for, of those that a run can
// speak of.
func (b *Baseline) Gone(judged func(Entry) bool) []Entry {
	var gone []Entry
	for _, left := range b.open {
		for _, entry := range left {
			if judged(entry) {
				gone = append(gone, entry)
			}
		}
	}
	slices.SortFunc(gone, func(x, y Entry) int { return cmp.Or(x.at.Compare(y.at), x.compare(y)) })
	return gone
}
