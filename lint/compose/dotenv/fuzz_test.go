package dotenv_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rcomp/rcomp/lint/compose/dotenv"
	"github.com/rcomp/rcomp/lint/position"
)

// FuzzDotenv reads bytes in both formats: the usual one as Compose does, with
// places inside the file, no more than a budget allows, and errors that hold
// nothing of the file.
func FuzzDotenv(f *testing.F) {
	for _, source := range written {
		f.Add(source)
	}
	f.Add(doubling(27))
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 1<<14 {
			return
		}
		assertBounded(t, source)
		if strings.Count(source, "$") < 10 { // what Compose itself puts in has no bounds
			assertSilent(t, source)
			assertAsCompose(t, source)
			assertPlaces(t, source)
		}
	})
}

// assertBounded checks that the values of a file are no longer than the file
// and what a budget allowed to be put in.
func assertBounded(t *testing.T, source string) {
	t.Helper()
	left := 1 << 16
	bounded := dotenv.Reader{Lookup: lookup, Interpolate: expand}
	bounded.Spend = func(bytes int) error {
		if left -= bytes; left < 0 {
			return errors.New("too long")
		}
		return nil
	}
	for _, read := range []func(*position.Text) ([]dotenv.Assignment, error){bounded.Read, bounded.ReadRaw} {
		left = 1 << 16
		assignments, _ := read(textOf(source))
		length := 0
		for _, assignment := range assignments {
			length += len(assignment.Value)
		}
		require.LessOrEqual(t, length, 1<<16+2*len(source))
	}
}

// assertSilent checks that no error repeats what a file holds.
func assertSilent(t *testing.T, source string) {
	t.Helper()
	const secret = "hunter2"
	for _, source := range []string{source + secret, strings.ReplaceAll(source, "=", "="+secret), secret + source} {
		if _, err := reader.Read(textOf(source)); err != nil {
			require.NotContains(t, err.Error(), secret)
		}
		if _, err := reader.ReadRaw(textOf(source)); err != nil {
			require.NotContains(t, err.Error(), secret)
		}
	}
}

// failureOf is an error as this package makes it.
func failureOf(t *testing.T, err error) *dotenv.Error {
	t.Helper()
	var failure *dotenv.Error
	require.ErrorAs(t, err, &failure)
	return failure
}

// characters is a text with one replacement for each byte that is no
// character.
func characters(text string) string { return string([]rune(text)) }

// between is the text at a place.
func between(text *position.Text, span position.Span) string {
	first := []rune(text.RawLine(span.Start.Line))
	if span.Start.Line == span.End.Line {
		return string(first[span.Start.Column-1 : span.End.Column-1])
	}
	lines := []string{string(first[span.Start.Column-1:])}
	for line := span.Start.Line + 1; line < span.End.Line; line++ {
		lines = append(lines, text.RawLine(line))
	}
	last := []rune(text.RawLine(span.End.Line))
	return strings.Join(append(lines, string(last[:span.End.Column-1])), "\n")
}
