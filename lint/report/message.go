// Package report prints what a run has to say, one format per file.
package report

import (
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint"
)

// maxMessage bounds a message, in characters: it may repeat a word of a file,
// and that may be as long as the file.
const maxMessage = 1000

// message returns a message as every format has it: without secrets, and not
// without end.
func message(result *lint.Result, text string) string {
	return brief(result.Secrets.Hide(text))
}

func brief(text string) string {
	if utf8.RuneCountInString(text) <= maxMessage {
		return text
	}
	return string([]rune(text)[:maxMessage]) + cutMark
}
