package redis

import (
	"slices"
	"strings"
)

// The directives whose words are passwords, of all releases; the second list
// are those behind "sentinel". Redis itself marks tls-key-file-pass only from
// 7.4 on.
var (
	secretDirectives         = []string{"requirepass", "masterauth", "primaryauth", "tls-key-file-pass", "tls-client-key-file-pass"}
	secretSentinelDirectives = []string{"auth-pass", "sentinel-pass"}
)

// secretTypingErrors is how many edits may separate what somebody wrote from
// the name of a secret directive.
const secretTypingErrors = 2

// IsSecret reports whether a spelling names a directive whose words are a
// password, in any release, or is so near to one that nobody can have meant
// anything else.
func IsSecret(spelling string) bool {
	name := strings.ReplaceAll(strings.ToLower(spelling), "_", "-")
	if slices.Contains(secretDirectives, name) {
		return true
	}
	return catalogue().spellings[name] == 0 && nearAny(name, secretDirectives)
}

// IsSecretSentinel is IsSecret for the word behind "sentinel".
func IsSecretSentinel(spelling string) bool {
	name := strings.ReplaceAll(strings.ToLower(spelling), "_", "-")
	if slices.Contains(secretSentinelDirectives, name) {
		return true
	}
	for _, row := range catalogue().sentinel {
		if row.Name == name {
			return false
		}
	}
	return nearAny(name, secretSentinelDirectives)
}

func nearAny(name string, names []string) bool {
	return slices.ContainsFunc(names, func(known string) bool {
		return abs(len(name)-len(known)) <= secretTypingErrors && editDistance(name, known) <= secretTypingErrors
	})
}

// Vocabulary lists the words that directives and their values are made of, in
// lower case: where one of them is a password as well, it cannot be told from
// itself in a message.
func (r Release) Vocabulary() map[string]bool {
	words := map[string]bool{}
	for _, d := range r.table().directives {
		for _, text := range slices.Concat([]string{d.Name, d.Default}, d.Enum) {
			for word := range strings.FieldsFuncSeq(strings.ToLower(text), isNoWord) {
				words[word] = true
			}
		}
	}
	return words
}

func isNoWord(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }
