package display

import (
	"bytes"
	"io"
	"unicode"
	"unicode/utf8"
)

// Writer passes on what a program prints, as the last door behind all formats.
// No line that goes through it is a command to a workflow's runner, whatever
// the format forgot. It remembers the first error of writing, so that nobody
// who prints has to look.
type Writer struct {
	to   io.Writer
	err  error
	line lineState
	mark markState
}

// lineState says how a line has begun.
type lineState int

const (
	blank  lineState = iota // with nothing but blanks
	colon                   // with a colon behind them
	spoken                  // with anything else
)

// markState says how much of a command's mark was written last.
type markState int

const (
	unmarked markState = iota
	half               // one #
	marked             // ##
	worded             // ## and letters
)

// then is the state behind one more character.
func (m markState) then(r rune) markState {
	switch {
	case r == '#' && (m == half || m == marked):
		return marked
	case r == '#':
		return half
	case isLetterRune(r) && m >= marked:
		return worded
	}
	return unmarked
}

// NewWriter returns a writer in front of another.
func NewWriter(to io.Writer) *Writer { return &Writer{to: to} }

// Err returns the first error of writing.
func (w *Writer) Err() error { return w.err }

// Write passes text on with what begins a command escaped.
func (w *Writer) Write(text []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if _, err := w.to.Write(w.disarm(text)); err != nil {
		w.err = err
		return 0, err
	}
	return len(text), nil
}

// Commands returns a writer for commands to a runner that are meant. What it
// writes are whole lines.
func (w *Writer) Commands() io.Writer { return commands{w} }

type commands struct{ *Writer }

func (c commands) Write(text []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.to.Write(text)
	if err != nil {
		c.err = err
	}
	return n, err
}

func (w *Writer) disarm(text []byte) []byte {
	if !bytes.ContainsAny(text, ":[") && w.line == spoken {
		w.follow(text)
		return text
	}
	disarmed := make([]byte, 0, len(text)+8)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if w.line == colon && r == ':' || r == '[' && w.mark >= marked {
			disarmed = append(disarmed, escapeByte(byte(r))...)
		} else {
			disarmed = append(disarmed, text[:size]...)
		}
		w.follow(text[:size])
		text = text[size:]
	}
	return disarmed
}

// follow notes what was written.
func (w *Writer) follow(text []byte) {
	for _, r := range string(text) {
		switch {
		case r == '\n' || r == '\r':
			w.line = blank
		case w.line == blank && unicode.IsSpace(r):
		case w.line == blank && r == ':':
			w.line = colon
		default:
			w.line = spoken
		}
		w.mark = w.mark.then(r)
	}
}
