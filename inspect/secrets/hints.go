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

// index says which hints begin with a pair of bytes. Most pairs of a text begin
// none, so that it is passed over at the cost of reading it.
type index struct {
	lists [][]hint
	of    [1 << 16]uint8 // the list of a pair
}

var hintIndex = sync.OnceValue(func() *index {
	i := &index{lists: [][]hint{nil}}
	for _, hint := range hints {
		list := &i.of[pair(hint.text[0], hint.text[1])]
		if *list == 0 {
			*list = uint8(len(i.lists))
			i.lists = append(i.lists, nil)
		}
		i.lists[*list] = append(i.lists[*list], hint)
	}
	return i
})

// pair is two bytes as one number, letters as small ones.
func pair(first, second byte) uint16 { return uint16(first|0x20)<<8 | uint16(second|0x20) }

// holdsHint reports whether any hint stands in a text.
func holdsHint(text string) bool {
	index := hintIndex()
	for i := 0; i+1 < len(text); i++ {
		list := index.of[pair(text[i], text[i+1])]
		if list == 0 {
			continue
		}
		for _, hint := range index.lists[list] {
			if hint.begins(text[i:]) {
				return true
			}
		}
	}
	return false
}

func (h hint) begins(text string) bool {
	length := len(h.text)
	return len(text) >= length && strings.EqualFold(text[:length], h.text) &&
		(!h.ends || len(text) == length || !isAlphanumeric(rune(text[length])))
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
