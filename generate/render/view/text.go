package view

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// commentWidth is the length of a comment's line in generated files.
const commentWidth = 110

// wrap breaks a text into lines for a comment.
func wrap(text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > commentWidth {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// comment is a text as lines of a comment, "" where there is none.
func comment(text string) string {
	lines := wrap(text)
	if len(lines) == 0 {
		return ""
	}
	return "# " + strings.Join(lines, "\n# ")
}

// typedWords are plain words that YAML readers take for something else than text.
var typedWords = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}

// Word writes a name or a number-like text so that YAML reads it as text.
func Word(text string) string {
	letter := text != "" && (text[0]|0x20) >= 'a' && (text[0]|0x20) <= 'z'
	if letter && !slices.Contains(typedWords, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}

// words are texts as YAML has them.
func words(list []string) []string {
	var all []string
	for _, text := range list {
		all = append(all, Word(text))
	}
	return all
}

// orEmptyText is a word, or an empty text as YAML has it.
func orEmptyText(word string) string { return cmp.Or(word, `""`) }

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
