package inspect

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/rcomp/rcomp/lint/display"
)

// Print writes a document for people: what is set first, with its place, and
// the defaults behind it where all is true.
func Print(out io.Writer, document Document, all bool) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for i, service := range document.Services {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s: %s\n", display.Clean(service.Name), headline(service))
		defaults := 0
		for _, name := range slices.Sorted(maps.Keys(service.Directives)) {
			directive := service.Directives[name]
			if directive.Origin.Kind == FromDefault && !all {
				defaults++
				continue
			}
			fmt.Fprintf(w, "  %s\t%s\t%s\n", display.Clean(name), display.Clean(quoteEmpty(directive.Value)), place(directive.Origin))
		}
		for _, unknown := range service.Unknown {
			name := unknown.Directive
			if name == "" {
				name = "(any other)"
			}
			fmt.Fprintf(w, "  %s\t?\t%s: %s\n", display.Clean(name), place(unknown.Origin), display.Clean(unknown.Reason))
		}
		for _, end := range service.Ends {
			fmt.Fprintf(w, "  does not start: %s:%d:%d: %s\n", display.Clean(end.File), end.Line, end.Column, display.Clean(end.Message))
		}
		if defaults > 0 {
			fmt.Fprintf(w, "  and %d defaults of %s %s%s\n", defaults, service.Engine, service.Version, today(service))
		}
	}
	return w.Flush()
}

func headline(service ServiceDocument) string {
	kind := string(service.Kind)
	if service.Engine == "" {
		return kind
	}
	said := strings.TrimSpace(fmt.Sprintf("%s, %s %s", kind, service.Engine, display.Clean(service.Version)))
	if service.Assumed != "" {
		said += fmt.Sprintf("%s: %s moves, and the defaults with it", today(service), display.Clean(service.Assumed))
	}
	return said
}

// today marks a version that a tag stands for only now.
func today(service ServiceDocument) string {
	if service.Assumed == "" {
		return ""
	}
	return " today"
}

func place(o OriginDocument) string {
	if o.File == "" {
		return string(o.Kind)
	}
	return fmt.Sprintf("%s %s:%d:%d", o.Kind, display.Clean(o.File), o.Line, o.Column)
}

func quoteEmpty(value string) string {
	if value == "" {
		return `""`
	}
	return strings.ReplaceAll(value, "\n", "; ")
}
