package compose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// yamlPlace finds the place in a message of the YAML library; what it says
// stands behind the last one.
var yamlPlace = regexp.MustCompile(`line (\d+)(?:, column \d+)?: `)

// yamlFailure places what the YAML library says about a text.
func yamlFailure(shown, path string, source []byte, err error) *Failure {
	document := &Document{File: shown, Path: path, Source: source, lines: linesOf(source)}
	message, number := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", " "), "yaml: "), 1
	if places := yamlPlace.FindAllStringSubmatchIndex(message, -1); places != nil {
		last := places[len(places)-1]
		number, _ = strconv.Atoi(message[last[2]:last[3]])
		message = strings.TrimSpace(message[last[1]:])
	}
	number = readerPos(yamlLines(document.lines), position.Pos{Line: number}).Line
	number = min(max(number, 1), len(document.lines))
	for number > 1 && strings.TrimSpace(document.line(number)) == "" {
		number-- // an unexpected end is behind the last line
	}
	return &Failure{Kind: NotYAML, Span: document.lineSpan(number), Message: brief(message)}
}

// shape looks for what is no compose file of today before Compose's loader
// says so in its own words.
func (p *Project) shape() *Failure {
	services := 0
	for _, document := range p.documents {
		if document.Root == nil {
			continue
		}
		if document.Root.Kind != yaml.MappingNode {
			return &Failure{Kind: Refused, Span: document.Span(document.Root), Message: "the top level must be a mapping"}
		}
		if _, value := entry(document.Root, "services"); value != nil {
			services++
		}
		if _, value := entry(document.Root, "include"); value != nil {
			services++
		}
	}
	if services > 0 {
		return nil
	}
	first := p.documents
	if len(first) == 0 || first[0].Root == nil {
		return &Failure{Kind: NoServices, Span: position.Span{File: p.Files[0], Start: position.At(1, 1), End: position.At(1, 2)}, Message: "the file is empty"}
	}
	if key := version1Service(first[0].Root); key != nil {
		return &Failure{
			Kind: Version1, Span: first[0].Span(key), Service: key.Value,
			Message: fmt.Sprintf("%q stands at the top level, as in the format of Compose v1; Compose v2 wants it under services", key.Value),
		}
	}
	return &Failure{Kind: NoServices, Span: first[0].Span(first[0].Root), Message: "the file has no services"}
}

// version1Service returns the first top-level key that looks like a service.
func version1Service(root *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if strings.HasPrefix(root.Content[i].Value, "x-") {
			continue
		}
		_, image := entry(root.Content[i+1], "image")
		_, build := entry(root.Content[i+1], "build")
		if image != nil || build != nil {
			return root.Content[i]
		}
	}
	return nil
}
