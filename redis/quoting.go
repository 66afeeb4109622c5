package redis

import (
	"fmt"
	"strings"
)

// token is a word of a line before its place is counted in characters: its text
// without quotes, and the bytes [start, end) of the line that it was written
// in, quotes included.
type token struct {
	text       string
	start, end int
}

// quoteError says why a line cannot be split into words: the bytes [start, end)
// hold the quoted part at fault.
type quoteError struct {
	start, end int
	message    string
}

func (e *quoteError) Error() string { return e.message }

// splitTokens splits one line into words as the server's sdssplitargs does:
// words stand between blanks; double quotes know \xHH, \n, \r, \t, \b, \a and
// otherwise take the character after a backslash as it is; single quotes know
// only \'; a backslash outside quotes is an ordinary character.
func splitTokens(line string, r Release) ([]token, *quoteError) {
	var tokens []token
	for at := skipBlanks(line, 0); at < len(line); at = skipBlanks(line, at) {
		t, err := readToken(line, at, r)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		at = t.end
	}
	return tokens, nil
}

// readToken reads the word that begins at start, which is not a blank.
func readToken(line string, start int, r Release) (token, *quoteError) {
	var text strings.Builder
	at := start
	for at < len(line) && !endsBareWord(line[at]) {
		quote := line[at]
		if quote != '"' && quote != '\'' {
			text.WriteByte(quote)
			at++
			continue
		}
		end, closed := readQuoted(&text, line, at)
		if !closed {
			return token{}, &quoteError{at, end, "unbalanced quotes: the opening quote has no closing one"}
		}
		at = end
		if r.joinsQuotedParts() {
			continue
		}
		if at < len(line) && !isBlank(line[at]) {
			return token{}, &quoteError{start, at + 1, "unbalanced quotes: a closing quote must be followed by a blank or the end of the line"}
		}
		break
	}
	return token{text.String(), start, at}, nil
}

// readQuoted appends what stands in the quotes that open at start, and says
// where they end (past the closing quote).
func readQuoted(text *strings.Builder, line string, start int) (end int, closed bool) {
	quote := line[start]
	for at := start + 1; at < len(line); {
		switch {
		case line[at] == quote:
			return at + 1, true
		case line[at] != '\\' || at+1 == len(line):
			text.WriteByte(line[at])
			at++
		case quote == '"':
			at += readEscape(text, line[at:])
		case line[at+1] == '\'':
			text.WriteByte('\'')
			at += 2
		default:
			text.WriteByte('\\')
			at++
		}
	}
	return len(line), false
}

// readEscape appends the character that the escape at the beginning of s stands
// for, and returns the escape's length in bytes.
func readEscape(text *strings.Builder, s string) int {
	if len(s) >= 4 && s[1] == 'x' && isHex(s[2]) && isHex(s[3]) {
		text.WriteByte(hexValue(s[2])<<4 | hexValue(s[3]))
		return 4
	}
	if at := strings.IndexByte(escapeLetters, s[1]); at >= 0 {
		text.WriteByte(escapedBytes[at])
	} else {
		text.WriteByte(s[1])
	}
	return 2
}

// The letters that mean a control character after a backslash in double quotes,
// and those characters.
const (
	escapeLetters = "nrtba"
	escapedBytes  = "\n\r\t\b\a"
)

// joinsQuotedParts says whether a closing quote may be followed by more of the
// same word, as in a shell ('abc'def is abcdef). Valkey reads words so since
// 9.0 (valkey-io/valkey#2098); every Redis, and Valkey before, refuses the
// line.
func (r Release) joinsQuotedParts() bool {
	return r.Engine == Valkey && r.Major >= 9
}

// SplitWords splits text into words as the server splits a line of redis.conf.
func SplitWords(text string, r Release) ([]string, error) {
	tokens, err := splitTokens(text, r)
	if err != nil {
		return nil, err
	}
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.text
	}
	return words, nil
}

// Quote writes text so that every server reads it back as one word of
// redis.conf: as it is where that is possible, in double quotes otherwise.
func Quote(text string) string {
	if text != "" && !strings.ContainsFunc(text, needsQuotes) {
		return text
	}
	return forceQuotes(text)
}

func needsQuotes(c rune) bool {
	return c <= ' ' || c == '"' || c == '\'' || c == 0x7f
}

// forceQuotes writes text in double quotes; control characters become escapes,
// every other byte stays.
func forceQuotes(text string) string { return quoted(text, `"\`) }

// bareQuotes is forceQuotes without a backslash in front of quotes and backslashes.
func bareQuotes(text string) string { return quoted(text, "") }

// quoted writes text in double quotes, with a backslash in front of what is
// special beside control characters.
func quoted(text, special string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch letter := strings.IndexByte(escapedBytes, c); {
		case letter >= 0:
			quoted.WriteByte('\\')
			quoted.WriteByte(escapeLetters[letter])
		case strings.IndexByte(special, c) >= 0:
			quoted.WriteByte('\\')
			quoted.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&quoted, `\x%02x`, c)
		default:
			quoted.WriteByte(c)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}

func skipBlanks(s string, at int) int {
	for at < len(s) && isBlank(s[at]) {
		at++
	}
	return at
}

// isBlank is C's isspace: what may stand between words and after a closing quote.
func isBlank(c byte) bool { return c == ' ' || (c >= '\t' && c <= '\r') }

// endsBareWord says whether c ends a word outside quotes. Vertical tab and form
// feed separate words only where another blank has ended the word before;
// inside it they are ordinary characters.
func endsBareWord(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

func hexValue(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
