// Package dockerfile reads a Dockerfile: what the image that is built of it
// starts, and the steps that bring its files, with the place of everything in
// them. Nothing is run and nothing is fetched. It knows nothing of Redis.
//
// The text is parsed as Docker parses it, by BuildKit's own parser. What the
// steps do to files is left to the reader of an Image: see Step.
package dockerfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/rcomp/rcomp/lint/position"
)

// Bounds of a Dockerfile: it comes with other people's pull requests. Real
// ones have a few KiB.
const (
	maxBytes        = 256 << 10
	maxInstructions = 1000
	maxStages       = 100
)

// Source is the text of a Dockerfile and where it stands.
type Source struct {
	Text string
	File *position.Text // the file that holds it
	// Above is how many lines of the file stand above the text's first.
	Above int
	// Whole is where all of it is, for a text whose lines are not the file's;
	// zero where they are.
	Whole position.Span
}

// File is a Dockerfile that was parsed.
type File struct {
	source  Source
	stages  []instructions.Stage
	globals []instructions.ArgCommand // ARG in front of the first FROM
	escape  rune
}

// Parse reads a Dockerfile. Its error is what Docker says of it, too.
func Parse(source Source) (file *File, err error) {
	if len(source.Text) > maxBytes {
		return nil, fmt.Errorf("it is larger than %d KiB", maxBytes>>10)
	}
	result, err := parser.Parse(strings.NewReader(source.Text))
	if err != nil {
		return nil, plain(err)
	}
	if count := len(result.AST.Children); count > maxInstructions {
		return nil, fmt.Errorf("it has more than %d instructions", maxInstructions)
	}
	stages, globals, err := instructions.Parse(result.AST, nil)
	switch {
	case err != nil:
		return nil, plain(err)
	case len(stages) == 0:
		return nil, errors.New("it has no FROM")
	case len(stages) > maxStages:
		return nil, fmt.Errorf("it has more than %d stages", maxStages)
	}
	return &File{source: source, stages: stages, globals: globals, escape: result.EscapeToken}, nil
}

// plain is an error in one line that begins with the line of the Dockerfile.
func plain(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if after, found := strings.CutPrefix(text, "dockerfile parse error on "); found {
		return errors.New(after)
	}
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 && len(located.Locations[0]) > 0 {
		return fmt.Errorf("line %d: %s", located.Locations[0][0].Start.Line, text)
	}
	return errors.New(text)
}
