package generate

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// plainPath is what stands in a shell line, a comment of YAML and of Markdown without quotes.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9._][A-Za-z0-9._/-]*$`)

const longestPath = 200

// unnamedIntent is how generated files call an intent whose name could be mistaken for something else.
const unnamedIntent = "the intent"

// readOutput takes a directory below that of the intent: a pull request may write it, so it leads nowhere else.
func readOutput(i *Intent, s string) *complaint {
	const hint = `write a directory below that of the intent, as in output = "cache"; gen -o DIRECTORY writes anywhere`
	switch {
	case !filepath.IsLocal(filepath.FromSlash(s)) || path.Clean(s) == ".":
		return complain(hint, "%q is no directory below that of the intent", s)
	case !plainPath.MatchString(s) || strings.Contains(s, "--") || len(s) > longestPath:
		return complain(hint, "%q has other characters than letters, digits, ., _, - and /, or too many", s)
	}
	i.Output = path.Clean(s)
	return nil
}

// source is how generated files name the intent: by the way that leads to it from their directory.
func (i Intent) source() string {
	way := filepath.ToSlash(i.Way)
	if way == "" || i.Source == unnamedIntent || way == "." || !plainPath.MatchString(way) || strings.Contains(way, "--") || len(way) > longestPath {
		return i.Source
	}
	return path.Join(way, i.Source)
}

// sameSource tells that two names of intents in generated files mean the same one. Files of former releases name it without a way.
func sameSource(standing, wanted string) bool {
	return standing == wanted || standing == path.Base(wanted)
}

// Gen is the command that brings the files to what the intent says, typed in their directory.
func (p Plan) Gen(flags ...string) string {
	words := append([]string{"rcomp gen"}, flags...)
	if p.elsewhere {
		words = append(words, "-o .")
	}
	switch {
	case path.Base(p.Source) == unnamedIntent:
		words = append(words, "INTENT")
	case p.Source != "redis.toml":
		words = append(words, p.Source)
	}
	return strings.Join(words, " ")
}
