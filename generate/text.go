package generate

import (
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

// confSize spells bytes as redis.conf has them, in units of 1024 alone: 100m would be 100000000.
func confSize(bytes int64) string {
	switch {
	case bytes%gibibyte == 0:
		return strconv.FormatInt(bytes/gibibyte, 10) + "gb"
	case bytes%mebibyte == 0:
		return strconv.FormatInt(bytes/mebibyte, 10) + "mb"
	case bytes%kibibyte == 0:
		return strconv.FormatInt(bytes/kibibyte, 10) + "kb"
	}
	return strconv.FormatInt(bytes, 10)
}
