package protocol_test

import (
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/editor/protocol"
)

func at(line, character int) protocol.Position {
	return protocol.Position{Line: line, Character: character}
}

func TestPositionsAreUTF16(t *testing.T) {
	text := protocol.NewText("a: ü\r\nb: 😀x\rc\n")
	for _, test := range []struct {
		offset int
		want   protocol.Position
	}{
		{0, at(0, 0)}, {3, at(0, 3)}, {5, at(0, 4)}, {7, at(1, 0)}, {10, at(1, 3)}, {14, at(1, 5)}, {15, at(1, 6)}, {16, at(2, 0)}, {18, at(3, 0)},
	} {
		assert.Equal(t, test.want, text.Position(test.offset), "byte %d", test.offset)
		assert.Equal(t, test.offset, text.Offset(test.want), "%v", test.want)
	}
	assert.Equal(t, 10, text.Offset(at(1, 4)), "half of a character is in front of it")
	assert.Equal(t, 5, text.Offset(at(0, 99)), "no line goes on in the next")
	assert.Equal(t, 18, text.Offset(at(9, 0)))
	assert.Equal(t, 0, text.Offset(at(-1, 0)))
}

func TestApply(t *testing.T) {
	text := protocol.NewText("😀 ab\r\ncd")
	replace := func(from, to protocol.Position, with string) protocol.Change {
		return protocol.Change{Range: &protocol.Range{Start: from, End: to}, Text: with}
	}
	assert.Equal(t, "😀 xb\r\ncd", text.Apply(replace(at(0, 3), at(0, 4), "x")).String())
	assert.Equal(t, "😀 abcd", text.Apply(replace(at(0, 5), at(1, 0), "")).String())
	assert.Equal(t, "new", text.Apply(protocol.Change{Text: "new"}).String())
}

// FuzzText holds places against the meaning of the protocol: the units in front
// of a character are those of its line, as UTF-16 has them.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "a\nb", "\r\n\r", "ü😀\r\n\ufeffx"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		text, line, start := protocol.NewText(content), 0, 0
		for i, r := range content {
			if i > 0 && (content[i-1] == '\n' || content[i-1] == '\r' && content[i] != '\n') {
				line, start = line+1, i
			}
			want := at(line, len(utf16.Encode([]rune(content[start:i]))))
			if r == '\n' && i > 0 && content[i-1] == '\r' {
				continue // in the middle of a line's end
			}
			assert.Equal(t, want, text.Position(i))
			assert.Equal(t, i, text.Offset(want))
		}
	})
}
