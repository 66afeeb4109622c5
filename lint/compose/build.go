package compose

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/position"
)

// Build says how the image is built. Its texts may hold marks.
type Build struct {
	Context    string // absolute for a directory, as written for what is elsewhere
	Dockerfile string // "" the usual one
	Target     string
	Args       []Environment
	Contexts   []Context
	Inline     *Inline // the Dockerfile, where it stands in the compose file
}

// Context is a further context of a build.
type Context struct {
	Name  string
	Value string // absolute for a directory, as written for what is elsewhere
}

// Inline is a text that stands in a compose file.
type Inline struct {
	Text string
	Span position.Span // of the whole
	// Above is how many lines of the file stand above the text's first, where
	// its lines are those of the file; -1 where they are not.
	Above int
}

// elsewhere are the beginnings of contexts that are no directories, as
// Compose and BuildKit know them.
var elsewhere = []string{
	"https://", "http://", "git://", "ssh://", "github.com/", "git@", "docker-image://", "oci-layout://", "service:", "target:",
}

// IsElsewhere reports whether a context is no directory: a repository, an
// image, another service.
func IsElsewhere(context string) bool {
	return slices.ContainsFunc(elsewhere, func(prefix string) bool { return strings.HasPrefix(context, prefix) })
}

func (s *Service) build(build *model.Value) *Build {
	if build == nil || build.Kind != model.Mapping {
		return nil
	}
	b := &Build{Context: contextOf(build.Get("context")), Dockerfile: textOf(build.Get("dockerfile")), Target: textOf(build.Get("target"))}
	if inline := build.Get("dockerfile_inline"); textOf(inline) != "" {
		b.Inline = inlineOf(inline)
	}
	if args := build.Get("args"); args != nil {
		for _, entry := range entriesOf(asAssignments(args)) {
			b.Args = append(b.Args, environmentOf(entry))
		}
	}
	for _, entry := range entriesOf(build.Get("additional_contexts")) {
		b.Contexts = append(b.Contexts, Context{Name: entry.Name, Value: contextOf(entry.Value)})
	}
	return b
}

func contextOf(value *model.Value) string {
	text := textOf(value)
	if value == nil || value.Marked || IsElsewhere(text) {
		return text
	}
	return Absolute(value.Origin.Document.Directory, text)
}

// inlineOf finds the lines of a text in its file: those of a block are the
// file's, below the one with its indicator.
func inlineOf(value *model.Value) *Inline {
	inline := &Inline{Text: value.Text, Span: value.Origin.Span(), Above: -1}
	node := resolve(value.Origin.Node)
	if node == nil || node.Style&yaml.LiteralStyle == 0 {
		return inline
	}
	document, first := value.Origin.Document, value.Origin.Document.Span(node).Start.Line
	for i, line := range strings.Split(strings.TrimRight(node.Value, "\n"), "\n") {
		if strings.TrimSpace(document.Line(first+1+i)) != strings.TrimSpace(line) {
			return inline
		}
	}
	inline.Above = first
	return inline
}
