package editor

import (
	"strings"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/lint/display"
)

// mostCode bounds a piece of a file that is repeated, in characters.
const mostCode = 200

// code shows a text as it is, whatever marks are in it.
func code(text string) string {
	text = display.Clean(brief(text, mostCode))
	if text == "" {
		return "`\"\"`"
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

func markdown(paragraphs ...string) protocol.MarkupContent {
	var said []string
	for _, paragraph := range paragraphs {
		if paragraph != "" {
			said = append(said, paragraph)
		}
	}
	return protocol.MarkupContent{Kind: protocol.Markdown, Value: strings.Join(said, "\n\n")}
}

func list(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "- " + strings.Join(lines, "\n- ")
}
