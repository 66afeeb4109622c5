package topology

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/display"
)

// WriteMermaid draws a document as a flowchart. Nodes have numbers for names and
// every text stands in quotes, so that no name of a service is a word of Mermaid.
func WriteMermaid(out io.Writer, document Document) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	nodes := map[string]string{}
	for i, service := range document.Services {
		nodes[service.Name] = fmt.Sprintf("s%d", i)
		fmt.Fprintf(&b, "  s%d%s\n", i, shape(service))
	}
	elsewhere := map[string]string{}
	for _, r := range document.Relations {
		to := nodes[r.To]
		if r.To == "" {
			if to = elsewhere[r.Address]; to == "" {
				to = fmt.Sprintf("x%d", len(elsewhere))
				elsewhere[r.Address] = to
				fmt.Fprintf(&b, "  %s[\"%s\"]\n", to, quoted(nonEmpty(r.Address, "?")))
			}
		}
		fmt.Fprintf(&b, "  %s -- \"%s\" --> %s\n", nodes[r.From], quoted(label(r)), to)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// shape is a cylinder for what holds data, and a box for the rest.
func shape(service ServiceDocument) string {
	text := quoted(service.Name) + "<br>" + quoted(kindOf(service))
	switch service.Kind {
	case inspect.Server, inspect.ClusterNode, inspect.Compatible:
		return `[("` + text + `")]`
	}
	return `["` + text + `"]`
}

// label is short: what a picture cannot say stands in the other formats.
func label(r RelationDocument) string {
	text := phrase(r)
	if r.Name != "" {
		text += fmt.Sprintf(" as %s, quorum %d", r.Name, r.Quorum)
	}
	if r.Login == Missing || r.Login == Wrong || r.Login == NoUser {
		text += ", password " + string(r.Login)
	}
	return text
}

// quoted writes a text for the inside of quotes: all that may mean something to
// Mermaid, to Markdown or to a page becomes its number.
func quoted(text string) string {
	var b strings.Builder
	for _, r := range display.Clean(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" ._-:/,?", r) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "#%d;", r)
	}
	return b.String()
}

func nonEmpty(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// volumeName is the name of a volume, or the end of a path of the host.
func volumeName(source string) string {
	return source[strings.LastIndex(source, "/")+1:]
}
