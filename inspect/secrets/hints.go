package secrets

import (
	"strings"
	"sync"
)

// hint is what has to stand in a text, in some case, for a secret to be in it,
// or for it to announce one.
type hint struct {
	text string
	ends bool // a word ends behind it
}

// hints are few on purpose: most lines of a conf with all its comments speak of
// clients, users and keys, and have no secret.
var hints = []hint{
	{text: "pas"}, {text: "secret"}, {text: "token"}, {text: "pw"}, {text: "cred"}, {text: "phrase"},
	{text: "private"}, {text: "api"}, {text: "access"}, {text: "encryption"}, {text: "signing"}, // in front of "key"
	{text: "masterk"}, {text: "master_k"}, {text: "master-k"}, {text: "master.k"},
	{text: "auth", ends: true}, {text: "user", ends: true}, {text: "rename-command"}, {text: "sentinel"}, {text: "://"},
	{text: "--"}, // an option, which may be misspelt
	{text: "cli", ends: true}, {text: "benchmark", ends: true},
}

// beginnings are the pairs of bytes that hints begin with, folded. Most pairs
// of a text are none, so that a text is passed over at the cost of reading it.
var beginnings = sync.OnceValue(func() *[1 << 16]bool {
	var pairs [1 << 16]bool
	for _, hint := range hints {
		pairs[pair(hint.text[0], hint.text[1])] = true
	}
	return &pairs
})

// pair is two bytes as one number, letters as small ones.
func pair(first, second byte) uint16 { return uint16(first|0x20)<<8 | uint16(second|0x20) }

// holdsHint reports whether any hint stands in a text.
func holdsHint(text string) bool {
	pairs := beginnings()
	for i := 0; i+1 < len(text); i++ {
		if pairs[pair(text[i], text[i+1])] && beginsWithHint(text[i:]) {
			return true
		}
	}
	return false
}

func beginsWithHint(text string) bool {
	for _, hint := range hints {
		length := len(hint.text)
		if len(text) >= length && strings.EqualFold(text[:length], hint.text) && (!hint.ends || len(text) == length || !isAlphanumeric(rune(text[length]))) {
			return true
		}
	}
	return false
}

// maxReferred is from how many variables on their names are not looked for one
// by one.
const maxReferred = 16

// isPromising reports whether a secret may be found in a text: it holds a hint,
// or the name of a variable that was put in the place of a secret.
func (f *finder) isPromising(text string) bool {
	if len(f.referred) > maxReferred || holdsHint(text) {
		return true
	}
	for _, name := range f.referred {
		if strings.Contains(text, name) {
			return true
		}
	}
	return false
}
