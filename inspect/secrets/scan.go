package secrets

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// hit is a secret that was found.
type hit struct {
	name string // what it stands behind, "" where that is somewhere else
	text string
	word int // of the words that were looked at, the one that it is
}

// scan finds the secrets in a text of one or several lines: a line of a conf,
// of an ACL file, a dotenv file, a script or a Dockerfile, or a command.
func (f *finder) scan(text string) []hit {
	var hits []hit
	for line := range strings.SplitSeq(text, "\n") {
		hits = append(hits, f.scanLine(strings.TrimSuffix(line, "\r"))...)
	}
	return append(hits, f.scanWhole(text)...)
}

// scanWhole finds the secrets for which line ends are blanks.
func (f *finder) scanWhole(text string) []hit {
	hits := f.scanWords(splitWords(text))
	hits = append(hits, f.scanPairs(text)...)
	hits = append(hits, f.scanDefaults(text)...)
	hits = append(hits, scanAddresses(text)...)
	if strings.Contains(text, "PRIVATE KEY") {
		for _, key := range privateKey.FindAllStringSubmatch(text, -1) {
			hits = append(hits, hit{text: strings.TrimSpace(key[1])})
		}
	}
	return hits
}

var privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]+)`)

// linePrefixes may stand in front of a directive or an assignment.
var linePrefixes = regexp.MustCompile(`^(?:[\s#>|-]|(?i:export|env|arg|local|readonly|declare|typeset|set|setenv)\s)*["']?`)

var assignment = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_.-]*)\s*(?:=|:\s)\s*(.+)$`)

// scanLine finds the secrets of a line by how it begins. In a comment a
// directive counts only as it is commented out: with one word behind it.
func (f *finder) scanLine(line string) []hit {
	prefix := linePrefixes.FindString(line)
	line = strings.TrimSpace(line[len(prefix):])
	if match := assignment.FindStringSubmatch(line); match != nil {
		f.assigned[match[1]] = true
		if f.isSecret(match[1]) {
			return all(match[1], match[2], nil)
		}
	}
	name, rest, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	rest = strings.TrimSpace(rest)
	name = strings.TrimRight(name, `"'`)
	words := splitWords(rest)
	if rest == "" || strings.Contains(prefix, "#") && len(words) != 1 && !strings.EqualFold(name, "sentinel") && !strings.EqualFold(name, "user") {
		return nil
	}
	switch lower := strings.ToLower(name); {
	case redis.IsSecret(name):
		return all(name, rest, words)
	case isInstruction(prefix) && f.isSecret(name):
		return all(name, rest, words)
	case lower == "sentinel" && len(words) > 1 && redis.IsSecretSentinel(words[0]):
		return behind(words[0], rest, words[sentinelSecret(words):])
	case lower == "rename-command" && len(words) > 1:
		return behind(words[0], rest, words[1:])
	case lower == "user":
		return aclPasswords(words, 0)
	}
	return nil
}

// isInstruction reports whether a line begins as one of a Dockerfile that
// separates name and value by a blank.
func isInstruction(prefix string) bool {
	word := strings.ToLower(strings.TrimSpace(prefix))
	return word == "env" || word == "arg" || word == "setenv"
}

// all makes hits of a rest of a line, as a whole and word by word.
func all(name, rest string, words []string) []hit {
	rest = withoutComment(rest)
	hits := []hit{{name: name, text: rest}, {name: name, text: trimQuotes(rest)}}
	return append(hits, each(name, words)...)
}

// behind makes hits of the words at the end of a line, and of the line from
// the first of them on.
func behind(name, rest string, words []string) []hit {
	hits := each(name, words)
	if _, after, found := strings.Cut(rest, words[0]); found && len(words) > 1 {
		hits = append(hits, hit{name: name, text: words[0] + after})
	}
	return hits
}

func each(name string, words []string) []hit {
	var hits []hit
	for _, word := range words {
		hits = append(hits, hit{name: name, text: word}, hit{name: name, text: trimQuotes(word)})
	}
	return hits
}

// withoutComment leaves out what follows a # behind a blank. What is a comment
// to one program is a part of the password to another, so only a text in quotes
// loses it.
func withoutComment(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || text[0] != '"' && text[0] != '\'' {
		return text
	}
	if end := strings.IndexByte(text[1:], text[0]); end >= 0 && strings.HasPrefix(strings.TrimSpace(text[end+2:]), "#") {
		return text[:end+2]
	}
	return text
}

func trimQuotes(text string) string {
	return strings.Trim(strings.Trim(text, ",;)]} \t"), `"'\`+"`")
}

// sentinelSecret is the first of the words behind "sentinel" that is a secret.
// The name of a master may be missing, and is a secret then for all anyone
// knows.
func sentinelSecret(words []string) int {
	if len(words) > 2 && strings.HasPrefix(strings.ToLower(words[0]), "a") { // auth-pass, which has a master's name
		return 2
	}
	return 1
}

// aclPasswords finds the passwords in the words of a user from one on.
func aclPasswords(words []string, from int) []hit {
	var hits []hit
	for i := from; i < len(words); i++ {
		word := strings.Trim(words[i], `"'`)
		if strings.HasPrefix(word, "--") {
			break
		}
		if len(word) > 1 && strings.IndexByte("><#!", word[0]) >= 0 {
			hits = append(hits, hit{name: word[:1], text: word[1:], word: i})
		}
	}
	return hits
}

// isOperator reports whether a word of a shell ends a command.
func isOperator(word string) bool {
	switch word {
	case "&&", "||", ";", "|", "&", ">", ">>", "<", "<<", "2>&1", "then", "do":
		return true
	}
	return false
}

// scanWords finds the secrets among words by the words in front of them.
func (f *finder) scanWords(words []string) []hit {
	var hits []hit
	client := slices.ContainsFunc(words, isClient)
	for i, word := range words {
		if strings.ContainsAny(word, " \t\n") && len(words) > 1 { // a script, or an option with its value
			for _, h := range f.scan(word) {
				hits = append(hits, hit{name: h.name, text: h.text, word: i})
			}
			continue
		}
		name := strings.Trim(word, `"',[]({`)
		option := strings.HasPrefix(name, "-")
		name = strings.TrimLeft(name, "-")
		switch {
		case i+1 == len(words):
		case option && (redis.IsSecret(name) || f.isSecret(name)):
			hits = append(hits, following(words, i+1, word)...)
		case client && word == "-a":
			hits = append(hits, following(words, i+1, word)[:min(2, len(words)-i-1)]...)
		case strings.EqualFold(name, "requirepass"), strings.EqualFold(name, "masterauth"), strings.EqualFold(name, "primaryauth"):
			hits = append(hits, one(words, i+1, word)...)
		case client && strings.EqualFold(name, "auth") && !strings.HasPrefix(word, "-"):
			hits = append(hits, following(words, i+1, word)...)
		case strings.EqualFold(name, "sentinel") && i+2 < len(words) && redis.IsSecretSentinel(words[i+1]):
			hits = append(hits, following(words, i+1+sentinelSecret(words[i+1:min(len(words), i+4)]), words[i+1])...)
		case option && strings.EqualFold(name, "rename-command") && i+2 < len(words):
			hits = append(hits, one(words, i+2, words[i+1])...)
		case option && strings.EqualFold(name, "user"), strings.EqualFold(name, "setuser"):
			hits = append(hits, aclPasswords(words, i+2)...)
		}
	}
	return hits
}

func isClient(word string) bool {
	word = strings.ToLower(word)
	return strings.Contains(path.Base(word), "cli") || strings.Contains(word, "redis-benchmark")
}

// following makes hits of words from one on, up to the next option or the end
// of the command. The first of them is one unless it is an option of a server.
func following(words []string, from int, name string) []hit {
	var hits []hit
	for i := from; i < len(words) && !strings.HasPrefix(words[i], "--") && !isOperator(words[i]); i++ {
		if i > from && strings.HasPrefix(words[i], "-") {
			break
		}
		hits = append(hits, one(words, i, name)...)
	}
	return hits
}

func one(words []string, i int, name string) []hit {
	return []hit{{name: name, text: words[i], word: i}, {name: name, text: trimQuotes(words[i]), word: i}}
}

// splitWords splits a text at blanks, with those in quotes left together where
// the quotes are closed on their line.
func splitWords(text string) []string {
	var words []string
	for i := 0; i < len(text); {
		if strings.IndexByte(" \t\r\n", text[i]) >= 0 || text[i] == '\\' && i+1 < len(text) && text[i+1] == '\n' {
			i++
			continue
		}
		start := i
		for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) < 0 {
			if text[i] == '"' || text[i] == '\'' {
				i += quotedLength(text[i:])
				continue
			}
			i++
		}
		words = append(words, unquote(text[start:i]))
	}
	return words
}

// quotedLength is the length of a quoted text that another begins with, 1
// where nothing closes the quote on its line.
func quotedLength(text string) int {
	line, _, _ := strings.Cut(text, "\n")
	return max(quotedEnd(line), 1)
}

func unquote(word string) string {
	if len(word) > 1 && (word[0] == '"' || word[0] == '\'') && word[len(word)-1] == word[0] {
		return word[1 : len(word)-1]
	}
	return word
}

// pair is a name and a value as many notations have them: NAME=value,
// "name": "value", ?name=value&, --name=value. A quote that nothing closes
// lasts to the end of its line; redis://… is no pair.
var pair = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)\\?["']?\s*(?:=\s*(` + pairValue + `|/` + bareValue + `*)|:\s?(` + pairValue + `))`)

const (
	bareValue = `(?:\$\{[^}]*\}|[^\s,;&"'})\]])`
	pairValue = `\\?"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|\$\{[^}]*\}` + bareValue + `*|[^\s,;&"'})\]/{[]` + bareValue + `*`
)

func (f *finder) scanPairs(text string) []hit {
	if !strings.ContainsAny(text, "=:") {
		return nil
	}
	var hits []hit
	for _, at := range pair.FindAllStringSubmatchIndex(text, -1) {
		name, start, end := text[at[2]:at[3]], max(at[4], at[6]), max(at[5], at[7])
		if f.isSecret(name) && !strings.HasSuffix(text[:at[0]], "${") {
			value := text[start:end]
			hits = append(hits, hit{name: name, text: value}, hit{name: name, text: trimQuotes(value)})
		}
	}
	return hits
}

// defaultValue is a variable with what stands in its place where it is unset,
// or where it is set.
var defaultValue = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*):?[-=+]([^}]+)\}`)

func (f *finder) scanDefaults(text string) []hit {
	if !strings.Contains(text, "${") {
		return nil
	}
	var hits []hit
	for _, match := range defaultValue.FindAllStringSubmatch(text, -1) {
		if f.isSecret(match[1]) {
			hits = append(hits, hit{name: match[1], text: match[2]})
		}
	}
	return hits
}

var (
	address   = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*)://(\S+)@`)
	ofServers = regexp.MustCompile(`(?i)^(redis|valkey)`)
)

// scanAddresses finds the passwords in addresses: scheme://user:password@host,
// and scheme://password@host of a server.
func scanAddresses(text string) []hit {
	if !strings.Contains(text, "://") {
		return nil
	}
	var hits []hit
	for _, match := range address.FindAllStringSubmatch(text, -1) {
		_, password, both := strings.Cut(match[2], ":")
		if !both && ofServers.MatchString(match[1]) {
			password = match[2]
		}
		if password != "" {
			hits = append(hits, hit{name: "://", text: password})
		}
		// The password ends at the first @ for one program, at the last for another.
		if first, _, more := strings.Cut(password, "@"); more {
			hits = append(hits, hit{name: "://", text: first})
		}
	}
	return hits
}
