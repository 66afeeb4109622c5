package compose

import (
	"bytes"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/position"
	"go.yaml.in/yaml/v4"
)

// linesOf splits a text as editors do. A byte order mark is no character of
// the first line.
func linesOf(source []byte) [][]byte {
	return bytes.Split(bytes.TrimPrefix(source, []byte("\xef\xbb\xbf")), []byte("\n"))
}

// isUTF16 reports whether a text begins as UTF-16 does.
func isUTF16(source []byte) bool {
	return bytes.HasPrefix(source, []byte("\xff\xfe")) || bytes.HasPrefix(source, []byte("\xfe\xff"))
}

// yamlLines says where the lines that the YAML library counts begin in the
// lines that a reader counts: YAML 1.1 ends a line at more than a line feed.
// It is nil where both are the same.
func yamlLines(lines [][]byte) []position.Pos {
	starts := []position.Pos{{}} // lines count from 1
	odd := false
	for number, line := range lines {
		starts = append(starts, position.At(number+1, 0))
		column, rest := 0, line
		if number < len(lines)-1 {
			rest = bytes.TrimSuffix(line, []byte("\r")) // with the line feed, one end
		}
		for len(rest) > 0 {
			r, size := utf8.DecodeRune(rest)
			rest, column = rest[size:], column+1
			if r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029' {
				starts, odd = append(starts, position.At(number+1, column)), true
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
