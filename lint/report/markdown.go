package report

import (
	"fmt"
	"strings"
)

// escapeMarkdown writes a text so that a reader of Markdown sees it as it is:
// whatever could mean something there, an address or a name to notify as well,
// is written as an entity, which is never markup.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range cleanLines(text) {
		if strings.ContainsRune("&<>|`*_[]\\~#@$:", r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
