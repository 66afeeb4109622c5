package secrets

import (
	"strings"
	"sync"
)

// hints are what has to stand in a text, in some case, for a secret to be in
// it, or for it to announce one.
var hints = []string{
	"pas", "secret", "token", "aut", "key", "pw", "cred", "user", "rename", "://", "requi", "master", "primary", "phrase", "sentinel", "cli", "benchmark",
}

// beginnings are the pairs of bytes that hints begin with, folded. Most pairs
// of a text are none, so that a text is passed over at the cost of reading it.
var beginnings = sync.OnceValue(func() *[1 << 16]bool {
	var pairs [1 << 16]bool
	for _, hint := range hints {
		pairs[pair(hint[0], hint[1])] = true
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
		if len(text) >= len(hint) && strings.EqualFold(text[:len(hint)], hint) {
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
