package editor

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/redis"
)

// choice is a word that may stand at a place.
type choice struct {
	word   string
	kind   int
	detail string
	about  protocol.MarkupContent
}

// complete lists what may stand at a place.
func (s *Server) complete(q *question) (any, error) {
	result := protocol.CompletionList{Items: []protocol.CompletionItem{}}
	written, choices := s.choices(q)
	offset := q.document.text.Offset(q.at)
	at := q.document.text.Between(offset-len(written), offset)
	for i, choice := range choices {
		item := protocol.CompletionItem{
			Label: choice.word, Kind: choice.kind, Detail: choice.detail, SortText: fmt.Sprintf("%04d", i),
			TextEdit: protocol.TextEdit{Range: at, NewText: choice.word},
		}
		if choice.about.Value != "" {
			item.Documentation = &choice.about
		}
		result.Items = append(result.Items, item)
	}
	return result, nil
}

// choices are what may stand instead of what is written in front of a place.
func (s *Server) choices(q *question) (written string, choices []choice) {
	if inIgnore(q.before) {
		return lastWord(q.before), s.rules()
	}
	switch q.document.kind {
	case confFile:
		return confChoices(q.before, q.releaseAt())
	case composeFile:
		return q.commandChoices()
	case settingsFile, intentFile:
		return s.keyChoices(q)
	}
	return "", nil
}

// ignoring is a comment up to where it names rules.
var ignoring = regexp.MustCompile(`#+[ \t]*rcomp:[ \t]*ignore[ \t]*\[[^\]]*$`)

func inIgnore(before string) bool { return ignoring.MatchString(before) }

// lastWord is the word that a text ends with.
func lastWord(text string) string {
	return text[len(strings.TrimRightFunc(text, isWord)):]
}

func (s *Server) rules() []choice {
	var choices []choice
	for _, rule := range s.tool.Rules {
		choices = append(choices, choice{rule.ID, protocol.KindEnumMember, rule.Group, aboutRule(rule)})
	}
	return choices
}

// confChoices are the directives of a release at the beginning of a line, and
// then their values.
func confChoices(before string, release redis.Release) (written string, choices []choice) {
	said := strings.TrimLeft(before, " \t")
	written = lastWord(before)
	fields := strings.Fields(strings.TrimSuffix(said, written))
	switch {
	case strings.HasPrefix(said, "#"):
		return "", nil
	case len(fields) == 0:
		return written, append(directives(release, ""), choice{word: "sentinel", kind: protocol.KindProperty})
	case strings.EqualFold(fields[0], "sentinel"):
		if len(fields) > 1 {
			return "", nil
		}
		for _, directive := range release.SentinelDirectives() {
			choices = append(choices, choice{directive.Name, protocol.KindProperty, directive.Syntax, aboutSentinel(directive)})
		}
		return written, choices
	}
	return written, values(release, fields[0], len(fields)-1)
}

// directives are those of a release that have an effect, with something in
// front of each.
func directives(release redis.Release, prefix string) []choice {
	var choices []choice
	for _, directive := range release.Directives() {
		if directive.Hidden || directive.Ignored {
			continue
		}
		choices = append(choices, choice{
			prefix + directive.Name, protocol.KindProperty, typeOf(directive), markdown(headOf(directive), factsOf(directive, directive.Name), sinceOf(directive.Name)),
		})
	}
	return choices
}

// values are the words that a directive takes as its value of a number.
func values(release redis.Release, name string, number int) []choice {
	directive, known := release.Directive(name)
	if !known || number > 0 && !directive.MultiArg {
		return nil
	}
	words := directive.Enum
	if directive.Type == redis.Bool {
		words = []string{"yes", "no"}
	}
	var choices []choice
	for _, word := range words {
		detail := ""
		if directive.HasDefault && directive.Default == word {
			detail = "default"
		}
		choices = append(choices, choice{word: word, kind: protocol.KindValue, detail: detail})
	}
	return choices
}

// An option of a command, and one with its value begun: on the line of the
// option, or as the next item of a list.
var (
	option       = regexp.MustCompile(`(?:^|[\s"'\[,])(--[a-z0-9-]*)$`)
	optionValue  = regexp.MustCompile(`(?:^|[\s"'\[,])--([a-z0-9-]+)["']?[ \t]*,?[ \t]*["']?([\w-]*)$`)
	optionItem   = regexp.MustCompile(`^[ \t]*-[ \t]+["']?--([a-z0-9-]+)["']?[ \t]*$`)
	itemOfOption = regexp.MustCompile(`^[ \t]*-[ \t]+["']?([\w-]*)$`)
)

// commandChoices are the options of the server of a service, and their values.
func (q *question) commandChoices() (written string, choices []choice) {
	servers := q.servers()
	if len(servers) == 0 {
		return "", nil
	}
	release := releaseOf(servers)
	if found := option.FindStringSubmatch(q.before); found != nil {
		return found[1], directives(release, "--")
	}
	if found := optionValue.FindStringSubmatch(q.before); found != nil {
		return found[2], values(release, found[1], 0)
	}
	if item := itemOfOption.FindStringSubmatch(q.before); item != nil {
		if above := optionItem.FindStringSubmatch(q.lineAbove()); above != nil {
			return item[1], values(release, above[1], 0)
		}
	}
	return "", nil
}

func (q *question) lineAbove() string {
	text := q.document.text.String()[:q.document.text.Offset(q.at)-len(q.before)]
	text = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"), " \t")
	return text[1+strings.LastIndexAny(text, "\r\n"):]
}

// keyChoices are the keys of a table of TOML, and their values.
func (s *Server) keyChoices(q *question) (written string, choices []choice) {
	node, path := s.schemaOf(q.document), q.table()
	written = lastWord(q.before)
	said := strings.TrimLeft(q.before, " \t")
	switch given := assignment.FindStringSubmatch(q.before); {
	case strings.HasPrefix(said, "#"):
		return "", nil
	case strings.HasPrefix(said, "["):
		return written, keysOf(node.tables())
	case given != nil:
		return q.tomlValues(node, append(path, keyParts(given[1])...), given[2], written)
	case q.isRaw(path):
		return written, directives(redis.DefaultRelease(redis.Redis), "")
	}
	for _, key := range path {
		node = node.below(key)
	}
	return written, keysOf(node)
}

// tomlValues are the words that a key takes. They are put in quotes where
// nobody has opened one.
func (q *question) tomlValues(node schema, path []string, value, written string) (string, []choice) {
	for _, key := range path {
		node = node.below(key)
	}
	quote := `"`
	if strings.ContainsAny(strings.TrimSuffix(value, written), `"'`) {
		quote = ""
	}
	var choices []choice
	words := node.words("enum")
	if node.text("type") == "boolean" {
		words, quote = []string{"true", "false"}, ""
	}
	if q.isRaw(path) && len(path) == 2 {
		for _, choice := range values(redis.DefaultRelease(redis.Redis), path[1], 0) {
			words = append(words, choice.word)
		}
	}
	for _, word := range words {
		choices = append(choices, choice{word: quote + word + quote, kind: protocol.KindValue})
	}
	return written, choices
}

func keysOf(node schema) []choice {
	var choices []choice
	for _, key := range node.keys() {
		about := node.below(key)
		choices = append(choices, choice{key, protocol.KindProperty, about.text("type"), aboutKey(key, about)})
	}
	return choices
}

// tables is a schema with those of its keys alone that are tables.
func (s schema) tables() schema {
	tables := maps.Clone(s.part("properties"))
	maps.DeleteFunc(tables, func(key string, _ any) bool {
		one := s.below(key)
		return one.text("type") != "object" && !slices.Contains([]string{"object"}, one.part("items").text("type"))
	})
	return schema{"properties": map[string]any(tables)}
}
