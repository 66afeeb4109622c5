// Package display makes what files say fit to be shown: nothing in it moves a
// cursor, turns the reading direction or is a command to a workflow's runner,
// and secrets are not in it. Everything that lint and inspect print goes
// through it.
package display

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
		piece, size := CleanNext(text[:i], text[i:])
		b.WriteString(piece)
		i += size
	}
	return b.String()
}

func isClean(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, isHidden) < 0 && !strings.Contains(text, commandMark)
}

// isHidden tells that a character would not be seen as itself.
func isHidden(r rune) bool { return !unicode.IsPrint(r) }

// commandMark and a bracket, with letters between them or without, begin a
// command to a runner wherever they stand in a line of a log: ##[ to GitHub's
// (in the older of its two syntaxes) and to Azure's, ##vso[ to Azure's,
// ##teamcity[ to TeamCity's. GitHub's newer one, ::, counts behind nothing but
// blanks (actions/runner, ActionCommand.TryParse and TryParseV2).
const commandMark = "##"

// opensCommand reports whether a bracket behind a text would begin a command.
func opensCommand(before string) bool {
	return strings.HasSuffix(strings.TrimRightFunc(before, isLetterRune), commandMark)
}

func isLetterRune(r rune) bool { return r < utf8.RuneSelf && isLetter(byte(r)) }

// CleanNext returns what stands for the first character of rest, and how many
// bytes of rest that character has. before is what stands in front of it.
func CleanNext(before, rest string) (piece string, size int) {
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == utf8.RuneError && size <= 1:
		return escapeByte(rest[0]), 1
	case r == '[' && opensCommand(before):
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

// CleanPath is Clean for a path that begins a line, and that a colon follows:
// the line may not begin with two.
func CleanPath(path string) string {
	if name := strings.TrimLeftFunc(path, unicode.IsSpace); strings.HasPrefix(name, ":") {
		path = "./" + name
	}
	return Clean(path)
}
