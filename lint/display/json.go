package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// WriteJSON writes a value as every command of rcomp writes JSON: indented,
// with < and & as they are. Since it may be shown on a terminal or in a
// workflow's log, what does not print is escaped, and so is what a runner would
// take for a command; a program reads the same text.
func WriteJSON(w io.Writer, value any) error { return writeJSON(w, value, "  ") }

// WriteJSONLine is WriteJSON on one line.
func WriteJSONLine(w io.Writer, value any) error { return writeJSON(w, value, "") }

func writeJSON(w io.Writer, value any, indent string) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escapeHidden(buffer.Bytes()))
	return err
}

// escapeHidden writes what does not print, and the last character of what
// begins a command, as JSON's \u escapes. The encoder has escaped everything
// below U+0020, and outside of strings no such text stands.
func escapeHidden(encoded []byte) []byte {
	escaped := make([]byte, 0, len(encoded))
	for i := 0; i < len(encoded); {
		r, size := utf8.DecodeRune(encoded[i:])
		switch {
		case r == '[' && bytes.HasSuffix(bytes.TrimRightFunc(encoded[:i], isLetterRune), []byte(commandMark)),
			r == ':' && bytes.HasSuffix(encoded[:i], []byte(":")) && i+1 < len(encoded) && isLetter(encoded[i+1]):
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		case r < utf8.RuneSelf && r != '\x7f', unicode.IsPrint(r):
			escaped = append(escaped, encoded[i:i+size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			escaped = fmt.Appendf(escaped, `\u%04x\u%04x`, high, low)
		default:
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		}
		i += size
	}
	return escaped
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
