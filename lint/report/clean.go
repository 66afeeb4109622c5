// Package report prints what a run has to say, one format per file.
package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from a file harmless on a terminal and in a workflow log:
// everything that does not print is written as an escape (\x1b, \u202e), so
// nothing can move the cursor, turn the reading direction or begin a line.
func Clean(text string) string {
	if isClean(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		piece, size := cleanNext(text[:i], text[i:])
		b.WriteString(piece)
		i += size
	}
	return b.String()
}

func isClean(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, isHidden) < 0 && !strings.Contains(text, runnerCommand)
}

// isHidden tells that a character would not be seen as itself.
func isHidden(r rune) bool { return !unicode.IsPrint(r) }

// runnerCommand begins a command to GitHub's runner wherever it stands in a
// line of a log, in the older of its two syntaxes (actions/runner,
// ActionCommand.TryParse).
const runnerCommand = "##["

// cleanNext returns what stands for the first character of rest, and how many
// bytes of rest that character has.
func cleanNext(before, rest string) (piece string, size int) {
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == utf8.RuneError && size <= 1:
		return escapeByte(rest[0]), 1
	case r == '[' && strings.HasSuffix(before, strings.TrimSuffix(runnerCommand, "[")):
		return escapeByte('['), size
	case isHidden(r):
		quoted := strconv.QuoteRuneToASCII(r)
		return quoted[1 : len(quoted)-1], size
	}
	return rest[:size], size
}

func escapeByte(b byte) string {
	const digits = "0123456789abcdef"
	return `\x` + string(digits[b>>4]) + string(digits[b&15])
}

// cleanPath is Clean for what begins a line: a line that begins with two
// colons is a command to GitHub's runner.
func cleanPath(path string) string {
	if strings.HasPrefix(strings.TrimLeft(path, " "), "::") {
		path = "./" + path
	}
	return Clean(path)
}
