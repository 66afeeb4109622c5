// Package report prints what a run has to say, one format per file.
package report

import (
	"fmt"
	"strconv"
	"strings"
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

// said is the message of a finding with the other services that it concerns.
func said(result *lint.Result, f lint.Finding) string {
	if len(f.Also) == 0 {
		return message(result, f.Message)
	}
	named := f.Also[:min(len(f.Also), mostNamed)]
	quoted := make([]string, len(named))
	for i, name := range named {
		quoted[i] = strconv.Quote(name)
	}
	others := strings.Join(quoted, ", ")
	if more := len(f.Also) - len(named); more > 0 {
		others += fmt.Sprintf(" and %d more", more)
	}
	return message(result, f.Message) + message(result, " (also "+others+")")
}

// mostNamed bounds how many services are named behind a message.
const mostNamed = 5

func brief(text string, characters int) string {
	if len(text) <= characters || utf8.RuneCountInString(text) <= characters {
		return text
	}
	return string([]rune(text)[:characters]) + cutMark
}
