package deployment

import (
	"slices"
	"strconv"
	"strings"
)

// typedWords are plain words that YAML readers take for something else than text.
var typedWords = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}

// yamlWord writes a name or a number-like text so that YAML reads it as text.
func yamlWord(text string) string {
	letter := text != "" && (text[0]|0x20) >= 'a' && (text[0]|0x20) <= 'z'
	if letter && !slices.Contains(typedWords, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}
