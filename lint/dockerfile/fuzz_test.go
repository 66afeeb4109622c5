package dockerfile_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/dockerfile"
	"github.com/rcomp/rcomp/lint/position"
)

// FuzzDockerfile holds every place of an image in the file that it is read
// from, whatever stands there.
func FuzzDockerfile(f *testing.F) {
	content, err := os.ReadFile("testdata/images.txt")
	require.NoError(f, err)
	for _, row := range strings.Split("\n"+string(content), "\n=== ")[1:] {
		_, rest, _ := strings.Cut(row, "\n")
		text, _, _ := strings.Cut(rest, "-- want --\n")
		f.Add(text, "base", "1")
	}
	f.Fuzz(func(t *testing.T, text, target, value string) {
		source := sourceOf(text)
		file, err := dockerfile.Parse(source)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		for _, options := range []dockerfile.Options{{}, {Target: target, Args: map[string]string{"A": value, "VERSION": value}}} {
			image, err := file.Build(options)
			if err != nil {
				continue
			}
			inside(t, source.File, image.FromAt)
			for _, variable := range image.Environment {
				inside(t, source.File, variable.At)
			}
			for _, command := range []*dockerfile.Command{image.Entrypoint, image.Command, image.Health} {
				if command != nil {
					wordsInside(t, source.File, command.Words)
				}
			}
			for _, step := range image.Steps {
				switch step := step.(type) {
				case *dockerfile.Run:
					wordsInside(t, source.File, step.Words)
				case *dockerfile.Copy:
					inside(t, source.File, step.At)
					for _, source := range step.Sources {
						assert.GreaterOrEqual(t, source.Above, 0)
					}
				}
			}
		}
	})
}

func wordsInside(t *testing.T, text *position.Text, words []dockerfile.Word) {
	for _, word := range words {
		inside(t, text, word.At)
	}
}

func inside(t *testing.T, text *position.Text, at position.Span) {
	assert.Equal(t, text.File, at.File)
	assert.GreaterOrEqual(t, at.Start.Line, 1)
	assert.LessOrEqual(t, at.End.Line, text.Lines())
	assert.GreaterOrEqual(t, at.Start.Column, 1)
}
