package mutate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// textKinds are changes of what is written, most of which leave no YAML or
// other YAML than was meant.
var textKinds = []kind{
	{"tab in the indentation", onLine(func(_ *rand.Rand, line string) string {
		blanks := len(line) - len(strings.TrimLeft(line, " "))
		if blanks == 0 {
			return line
		}
		return "\t" + line[blanks:]
	})},
	{"indentation", onLine(func(r *rand.Rand, line string) string {
		if strings.HasPrefix(line, "  ") && r.IntN(2) == 0 {
			return line[2:]
		}
		return pick(r, []string{" ", "  ", "    "}) + line
	})},
	{"quote without an end", onLine(func(r *rand.Rand, line string) string {
		quote := pick(r, []string{`"`, `'`})
		before, after, found := strings.Cut(line, ": ")
		if !found || strings.ContainsAny(after, `"'`) {
			return line
		}
		return before + ": " + quote + after
	})},
	{"bracket without an end", onLine(func(r *rand.Rand, line string) string {
		for _, bracket := range []string{"]", "}"} {
			if at := strings.LastIndex(line, bracket); at >= 0 {
				return line[:at] + line[at+1:]
			}
		}
		return line
	})},
	{"missing colon", onLine(func(_ *rand.Rand, line string) string {
		return strings.Replace(line, ":", "", 1)
	})},
	{"missing blank behind a colon", onLine(func(_ *rand.Rand, line string) string {
		return strings.Replace(line, ": ", ":", 1)
	})},
	{"missing dash", onLine(func(_ *rand.Rand, line string) string {
		return strings.Replace(line, "- ", "  ", 1)
	})},
	{"anchor that is not there", onLine(func(_ *rand.Rand, line string) string {
		before, _, found := strings.Cut(line, ": ")
		if !found {
			return line
		}
		return before + ": *nowhere"
	})},
	{"line lost", onLine(func(*rand.Rand, string) string { return "" })},
	{"line twice", onLine(func(_ *rand.Rand, line string) string { return line + "\n" + line })},
	{"comment", onLine(func(r *rand.Rand, line string) string {
		return pick(r, []string{"# " + line, line + " # said", line + "#said"})
	})},
	{"value lost", onLine(func(_ *rand.Rand, line string) string {
		before, _, found := strings.Cut(line, ": ")
		if !found {
			return line
		}
		return before + ":"
	})},
	{"cut off", func(r *rand.Rand, text string) (string, string) {
		at := r.IntN(len(text))
		return text[:at], fmt.Sprintf("nothing behind byte %d", at)
	}},
	{"whole text", func(r *rand.Rand, text string) (string, string) {
		whole := pick(r, wholes)
		return whole.change(text), whole.name
	}},
}

// wholes change the frame of a text.
var wholes = []struct {
	name   string
	change func(string) string
}{
	{"empty", func(string) string { return "" }},
	{"a comment alone", func(string) string { return "# nothing\n" }},
	{"null", func(string) string { return "null\n" }},
	{"a list", func(string) string { return "- services\n" }},
	{"a text", func(string) string { return "services\n" }},
	{"no services", func(string) string { return "volumes: {data: {}}\n" }},
	{"an empty mapping", func(string) string { return "{}\n" }},
	{"services that are nothing", func(string) string { return "services:\n" }},
	{"services that are an empty mapping", func(string) string { return "services: {}\n" }},
	{"services that are a list", func(string) string { return "services: []\n" }},
	{"a name alone", func(string) string { return "name: shop\n" }},
	{"two documents, the second nothing", func(text string) string { return text + "---\n" }},
	{"two documents, the first nothing", func(text string) string { return "---\n---\n" + text }},
	{"two documents, the second a list", func(text string) string { return text + "---\n- a\n" }},
	{"two documents, the second a text", func(text string) string { return text + "---\ntext\n" }},
	{"two documents, the second with a service of its own", func(text string) string { return text + "---\nservices: {late: {image: redis}}\n" }},
	{"two documents, the second with a part of a service", func(text string) string { return text + "---\nservices: {late: {restart: always}}\n" }},
	{"two documents, the second refused", func(text string) string { return text + "---\nservices: {late: {image: redis, nonsense: 1}}\n" }},
	{"an end of the document", func(text string) string { return text + "...\n" }},
	{"more behind the end of the document", func(text string) string { return text + "...\nvolumes: {late: {}}\n" }},
	{"a directive", func(text string) string { return "%YAML 1.2\n---\n" + text }},
	{"a byte order mark", func(text string) string { return "\ufeff" + text }},
	{"the line ends of Windows", func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }},
	{"no line end at the end", func(text string) string { return strings.TrimRight(text, "\n") }},
	{"services twice", func(text string) string { return text + "services: {late: {image: redis}}\n" }},
	{"no UTF-8", func(text string) string { return text + "# \xff\xfe\nx-a: \"\xff\"\n" }},
	{"a NUL", func(text string) string { return text + "x-a: \x00\n" }},
	{"the format of Compose v1", func(string) string { return "cache:\n  image: redis\n  ports: [\"6379:6379\"]\n" }},
}

// onLine is a change of one line.
func onLine(edit func(*rand.Rand, string) string) change {
	return func(r *rand.Rand, text string) (string, string) {
		lines := strings.Split(text, "\n")
		at := r.IntN(len(lines))
		changed := edit(r, lines[at])
		if changed == lines[at] {
			return text, ""
		}
		said := fmt.Sprintf("line %d: %q is %q", at+1, lines[at], changed)
		lines[at] = changed
		return strings.Join(lines, "\n"), said
	}
}
