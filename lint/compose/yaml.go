package compose

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// isUTF16 reports whether a text begins as UTF-16 does.
func isUTF16(source []byte) bool {
	return bytes.HasPrefix(source, []byte("\xff\xfe")) || bytes.HasPrefix(source, []byte("\xfe\xff"))
}

// maxDocuments bounds the YAML documents of a file: a handful is many, and each
// costs more than the four bytes that begin it.
const maxDocuments = 1000

var errTooManyDocuments = fmt.Errorf("not read any further: it has more than %d documents", maxDocuments)

// parseYAML reads every YAML document of a file, first to last; nil stands for
// one that holds nothing.
func parseYAML(text *position.Text) ([]*yaml.Node, error) {
	starts := yamlLines(text)
	decoder := yaml.NewDecoder(bytes.NewReader(text.Source))
	var roots []*yaml.Node
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return roots, nil
		}
		if err != nil {
			return roots, err
		}
		if len(roots) == maxDocuments {
			return roots, errTooManyDocuments
		}
		if len(node.Content) == 0 {
			roots = append(roots, nil)
			continue
		}
		renumber(&node, starts)
		roots = append(roots, resolve(node.Content[0]))
	}
}

// yamlPlace finds the place in a message of the YAML library; what it says
// stands behind the last one.
var yamlPlace = regexp.MustCompile(`line (\d+)(?:, column \d+)?: `)

// yamlFault is what the YAML library says about a text, and where.
func yamlFault(text *position.Text, err error) (position.Span, string) {
	message, number := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", " "), "yaml: "), 1
	if places := yamlPlace.FindAllStringSubmatchIndex(message, -1); places != nil {
		last := places[len(places)-1]
		number, _ = strconv.Atoi(message[last[2]:last[3]])
		message = strings.TrimSpace(message[last[1]:])
	}
	number = readerPos(yamlLines(text), position.Pos{Line: number}).Line
	number = min(max(number, 1), text.Lines())
	for number > 1 && strings.TrimSpace(text.Line(number)) == "" {
		number-- // an unexpected end is behind the last line
	}
	return text.LineSpan(number), brief(message)
}

// yamlLines says where the lines that the YAML library counts begin in the
// lines that a reader counts: YAML 1.1 ends a line at more than a line feed.
// It is nil where both are the same.
func yamlLines(text *position.Text) []position.Pos {
	if !bytes.ContainsAny(text.Source, "\r\u0085\u2028\u2029") {
		return nil
	}
	starts := []position.Pos{{}} // lines count from 1
	odd := false
	for number := 1; number <= text.Lines(); number++ {
		starts = append(starts, position.At(number, 0))
		column, rest := 0, text.RawLine(number)
		if number < text.Lines() {
			rest = strings.TrimSuffix(rest, "\r") // with the line feed, one end
		}
		for len(rest) > 0 {
			r, size := utf8.DecodeRuneInString(rest)
			rest, column = rest[size:], column+1
			if r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029' {
				starts, odd = append(starts, position.At(number, column)), true
			}
		}
	}
	if !odd {
		return nil
	}
	return starts
}

// readerPos is the place that a reader finds for one of the YAML library.
func readerPos(starts []position.Pos, pos position.Pos) position.Pos {
	if starts == nil || pos.Line < 1 {
		return pos
	}
	pos.Line = min(pos.Line, len(starts)-1)
	start := starts[pos.Line]
	return position.At(start.Line, start.Column+pos.Column)
}

// renumber moves nodes to where a reader finds them.
func renumber(root *yaml.Node, starts []position.Pos) {
	for nodes := []*yaml.Node{root}; starts != nil && len(nodes) > 0; {
		node := nodes[len(nodes)-1]
		pos := readerPos(starts, position.At(node.Line, node.Column))
		node.Line, node.Column = pos.Line, pos.Column
		nodes = append(nodes[:len(nodes)-1], node.Content...)
	}
}

// resolve follows an alias to what it stands for.
func resolve(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

func isMerge(key *yaml.Node) bool {
	return key.Tag == "!!merge" || key.Value == "<<" && key.Style == 0
}

// mergeSources are the mappings that a merge key brings.
func mergeSources(node *yaml.Node) []*yaml.Node {
	if node := resolve(node); node != nil && node.Kind == yaml.SequenceNode {
		return node.Content
	}
	return []*yaml.Node{node}
}

// mergeable reports whether a merge key may have a value: a mapping, or a list
// of mappings.
func mergeable(node *yaml.Node) bool {
	for _, source := range mergeSources(node) {
		if source = resolve(source); source == nil || source.Kind != yaml.MappingNode {
			return false
		}
	}
	return true
}

// maxMessage bounds what is repeated of a file in a message, in characters.
const maxMessage = 400

func brief(text string) string {
	text = unset.Plain(text)
	if len(text) <= maxMessage {
		return text
	}
	if characters := []rune(text[:min(len(text), 4*maxMessage)]); len(characters) > maxMessage {
		return string(characters[:maxMessage]) + "…"
	}
	return text
}
