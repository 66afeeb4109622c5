package editor

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/redis"
)

// directive is the directive that a word names, "" where it names none: the
// first one of a line of a conf, or an option of a command.
func (q *question) directive() (name string, at protocol.Range) {
	word, at := q.wordAt(isWord)
	if q.document.kind == confFile {
		return confDirective(q.before+q.after, word, len(q.before)), at
	}
	if option, ok := strings.CutPrefix(word, "--"); ok {
		return strings.ToLower(option), at
	}
	return "", at
}

// confDirective is the directive of a line, if the place is on its name.
func confDirective(line, word string, at int) string {
	said := strings.TrimLeft(line, " \t")
	fields := strings.Fields(said)
	if len(fields) == 0 || strings.HasPrefix(said, "#") {
		return ""
	}
	first := len(line) - len(said)
	if at <= first+len(fields[0]) {
		return strings.ToLower(fields[0])
	}
	if strings.EqualFold(fields[0], "sentinel") && len(fields) > 1 && strings.EqualFold(fields[1], word) {
		return "sentinel " + strings.ToLower(word)
	}
	return ""
}

// servers are those that a place of a file is about: in a compose file the
// service around it, else all that read the file.
func (q *question) servers() []*inspect.Service {
	shown := q.shownAs(q.document)
	var found []*inspect.Service
	for _, project := range q.look.Projects {
		for _, service := range inspect.Services(project) {
			if service.Kind == inspect.Client {
				continue
			}
			if project.IsAlone() && project.Files[0] == shown || q.document.kind == composeFile && q.isIn(service, shown) || q.document.kind != composeFile && reads(service, shown) {
				found = append(found, service)
			}
		}
	}
	return found
}

// isIn reports whether a place of a compose file is in a service.
func (q *question) isIn(service *inspect.Service, shown string) bool {
	span := service.Span()
	return span.File == shown && span.Start.Line <= q.place.Line && q.place.Line <= lastLine(service.Value.Origin.Node, 0)
}

// lastLine is the last line on which something below a node begins.
func lastLine(node *yaml.Node, depth int) int {
	if node == nil || depth > 100 {
		return 0
	}
	last := node.Line + strings.Count(node.Value, "\n")
	for _, child := range node.Content {
		last = max(last, lastLine(child, depth+1))
	}
	return last
}

// reads reports whether a server has a file for its configuration.
func reads(service *inspect.Service, shown string) bool {
	if slices.ContainsFunc(service.Confs, func(conf inspect.Conf) bool { return conf.Shown == shown }) {
		return true
	}
	return slices.ContainsFunc(service.All(), func(setting inspect.Setting) bool {
		return setting.Set && slices.ContainsFunc(setting.Parts, func(part inspect.Origin) bool { return part.Span.File == shown })
	})
}

// releaseAt is the release that a place is written for.
func (q *question) releaseAt() redis.Release { return releaseOf(q.servers()) }
