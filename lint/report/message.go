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
// without end. It is cut twice, since hiding a secret makes it shorter: what
// the first cut leaves of one goes with it.
func message(result *lint.Result, text string) string {
	return brief(result.Secrets.Hide(brief(text, 16*maxMessage)), maxMessage)
}

func brief(text string, characters int) string {
	if len(text) <= characters || utf8.RuneCountInString(text) <= characters {
		return text
	}
	return string([]rune(text)[:characters]) + cutMark
}
