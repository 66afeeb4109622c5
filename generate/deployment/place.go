package deployment

import (
	"path"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
)

// Gen is the command that brings the files to what the intent says, typed in their directory.
func (p Plan) Gen(flags ...string) string {
	words := append([]string{"rcomp gen"}, flags...)
	if p.elsewhere {
		words = append(words, "-o .")
	}
	switch {
	case path.Base(p.Source) == intent.Unnamed:
		words = append(words, "INTENT")
	case p.Source != "redis.toml":
		words = append(words, p.Source)
	}
	return strings.Join(words, " ")
}
