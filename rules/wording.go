package rules

import "strings"

// enumerated joins words as a sentence has them: "a", "a and b", "a, b and c".
func enumerated(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// plural chooses the word for one or for several.
func plural(words []string, one, several string) string {
	if len(words) > 1 {
		return several
	}
	return one
}
