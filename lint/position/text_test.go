package position_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/rcomp/rcomp/lint/position"
)

func TestTextCountsCharacters(t *testing.T) {
	text := position.NewText("a.yml", []byte("\xef\xbb\xbfone\r\n  zwölf: ü ü\nlast"))
	assert.Equal(t, 3, text.Lines())
	assert.Equal(t, "one", text.Line(1))
	assert.Equal(t, "one\r", text.RawLine(1))
	assert.Equal(t, "", text.Line(4))
	assert.Equal(t, "ölf: ü ü", text.From(position.At(2, 5)))
	assert.Equal(t, "ü ü", text.From(position.At(2, 10)))
	assert.Equal(t, "", text.From(position.At(2, 99)))
	assert.Equal(t, position.Span{File: "a.yml", Start: position.At(2, 3), End: position.At(2, 13)}, text.LineSpan(2))
}

func TestOffsetsAreBytesOfTheFile(t *testing.T) {
	source := "\xef\xbb\xbfone\r\n  zwölf: ü ü\nlast"
	text := position.NewText("a.yml", []byte(source))
	for at, want := range map[position.Pos]string{
		position.At(1, 1): "one\r\n  zw", position.At(1, 9): "\r\n  zwölf", position.At(2, 6): "lf: ü", position.At(2, 9): " ü ü",
		position.At(2, 99): "\nlast", position.At(3, 1): "last", position.At(3, 5): "", position.At(9, 1): "",
	} {
		assert.Equal(t, want, source[text.Offset(at):][:len(want)], "%v", at)
	}
	assert.Equal(t, len(source), text.Offset(position.At(3, 5)))
	assert.Equal(t, len(source), text.Offset(position.At(9, 1)))
}
