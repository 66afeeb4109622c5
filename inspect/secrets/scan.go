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
	// doubtful says that it may well be prose, as in a comment or an echo: it is
	// hidden where it stands, and elsewhere only if it does not look like a word.
	doubtful bool
}

// doubted marks hits as doubtful.
func doubted(hits []hit) []hit {
	for i := range hits {
		hits[i].doubtful = true
	}
	return hits
}

// scan finds the secrets in a text of one or several lines: a line of a conf,
// of an ACL file, a dotenv file, a script or a Dockerfile, or a command.
func (f *finder) scan(text string) []hit {
	if !strings.ContainsAny(text, " \t\n=:$") {
		return nil // a single word says nothing of another
	}
	var hits []hit
	for line := range strings.SplitSeq(text, "\n") {
		hits = append(hits, f.scanLine(strings.TrimSuffix(line, "\r"))...)
	}
	if !f.isPromising(text) {
		return hits
	}
	return append(hits, f.scanWhole(text)...)
}

// scanWhole finds the secrets for which line ends are blanks.
func (f *finder) scanWhole(text string) []hit {
	hits := f.scanWords(splitWords(text))
	hits = append(hits, f.scanPairs(text)...)
	hits = append(hits, f.scanDefaults(text)...)
	hits = append(hits, f.scanAddresses(text)...)
	if strings.Contains(text, "PRIVATE KEY") {
		for _, key := range privateKey.FindAllStringSubmatch(text, -1) {
			hits = append(hits, hit{text: strings.TrimSpace(key[1])})
		}
	}
	return hits
}

var privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]+)`)

// prefixOf returns what stands in front of a directive or an assignment: signs
// of lists, comments and quotes, and words such as export.
func prefixOf(line string) string {
	at := 0
	for at < len(line) {
		if strings.IndexByte(" \t\r#>|-", line[at]) >= 0 {
			at++
			continue
		}
		word := line[at : at+nameLength(line[at:])]
		if at+len(word) == len(line) || line[at+len(word)] != ' ' || !linePrefixes[strings.ToLower(word)] {
			break
		}
		at += len(word)
	}
	if at < len(line) && (line[at] == '"' || line[at] == '\'') {
		at++
	}
	return line[:at]
}

var linePrefixes = partSet("export env arg local readonly declare typeset set setenv")

// assignmentIn splits a line that gives a name a value: NAME=value, name: value.
func assignmentIn(line string) (name, value string, ok bool) {
	end := 0
	for end < min(len(line), longestName) && isNameByte(line[end]) {
		end++
	}
	if end == 0 || strings.IndexByte("0123456789.-", line[0]) >= 0 {
		return "", "", false
	}
	rest := strings.TrimLeft(line[end:], blanks)
	switch {
	case strings.HasPrefix(rest, "="):
		rest = rest[1:]
	case len(rest) > 1 && rest[0] == ':' && strings.IndexByte(blanks, rest[1]) >= 0:
		rest = rest[2:]
	default:
		return "", "", false
	}
	value = strings.TrimLeft(rest, blanks)
	return line[:end], value, value != ""
}

const blanks = " \t\n\f\r"

// scanLine finds the secrets of a line by how it begins. In a comment a
// directive counts only as it is commented out: with one word behind it.
func (f *finder) scanLine(line string) []hit {
	prefix := prefixOf(line)
	if strings.Contains(prefix, "#") {
		return doubted(f.scanStatement(prefix, line))
	}
	return f.scanStatement(prefix, line)
}

func (f *finder) scanStatement(prefix, line string) []hit {
	line = strings.TrimSpace(line[len(prefix):])
	if name, value, ok := assignmentIn(line); ok {
		f.assigned[name] = true
		if f.isSecret(name) {
			return all(name, value, nil)
		}
	}
	name, rest, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	rest = strings.TrimSpace(rest)
	name = strings.TrimRight(name, `"'`)
	if !f.isSecret(name) && !f.isPromising(line) {
		return nil
	}
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
		return aclPasswords(words, 0, true)
	case f.byLines && f.isSecret(name): // password hunter2, which is no directive
		return all(name, rest, words)
	case f.byLines && len(words) > 1 && f.isSecret(words[0]): // require pass hunter2
		return behind(words[0], rest, words[1:])
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

// each makes hits of words, of which only the first is one for certain.
func each(name string, words []string) []hit {
	var hits []hit
	for i, word := range words {
		hits = append(hits, hit{name: name, text: word, doubtful: i > 0}, hit{name: name, text: trimQuotes(word), doubtful: i > 0})
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

// aclPasswords finds the passwords in the words of a user, of which the first
// is its name. A word in quotes may be several rules. What is no rule may be a
// password without its >; isLine tells that no shell reads the words, to which
// a > alone means something else.
func aclPasswords(words []string, from int, isLine bool) []hit {
	var hits, doubtful []hit
	isUser := false
	for i := from; i < len(words); i++ {
		word := strings.Trim(words[i], `"'`)
		if strings.HasPrefix(word, "--") || isOperator(word) && !isLine || word == lineEnd || strings.EqualFold(word, "setuser") {
			break
		}
		for _, rule := range strings.Fields(word) {
			rule = strings.TrimLeft(rule, "(")
			switch {
			case rule == "":
			case len(rule) > 1 && strings.IndexByte("><#!", rule[0]) >= 0:
				hits = append(hits, hit{name: rule[:1], text: rule[1:], word: i})
				isUser = true
			case i == from || strings.IndexByte("><#!-", rule[0]) >= 0:
			case isRule(rule):
				isUser = true
			default:
				doubtful = append(doubtful, hit{text: rule, word: i, doubtful: true})
			}
		}
	}
	if isUser {
		hits = append(hits, doubtful...)
		slices.SortStableFunc(hits, func(a, b hit) int { return a.word - b.word })
	}
	return hits
}

// isRule reports whether a word is one of a user's rules, as far as that can be
// seen.
func isRule(word string) bool {
	_, message := redis.CheckUser([]string{"", strings.TrimRight(word, ")")}, true)
	return message == ""
}

// isOperator reports whether a word of a shell ends a command.
func isOperator(word string) bool {
	switch word {
	case lineEnd, "&&", "||", ";", "|", "&", ">", ">>", "<", "<<", "2>&1", "then", "do":
		return true
	}
	return false
}

// scanWords finds the secrets among words by the words in front of them.
func (f *finder) scanWords(words []string) []hit {
	var hits []hit
	client := slices.ContainsFunc(words, isClient)
	for i := 0; i < len(words); i++ {
		word := words[i]
		if word == lineEnd {
			continue
		}
		if strings.ContainsAny(word, " \t\n") && len(words) > 1 { // a script, or an option with its value
			inside := f.scan(word)
			for _, h := range inside {
				h.word = i
				hits = append(hits, h)
			}
			if slices.ContainsFunc(inside, isFormat) {
				hits = append(hits, following(words, i+1, "")...)
			}
			continue
		}
		// What was taken for a secret is not looked at again: words that repeat
		// themselves would be looked at for each other.
		if found := f.behindWord(words, i, client); len(found) > 0 {
			hits = append(hits, found...)
			i = max(i, found[len(found)-1].word)
		}
	}
	return hits
}

// isFormat reports whether printf puts its arguments in the place of a secret.
func isFormat(h hit) bool { return strings.Contains(h.text, "%s") || strings.Contains(h.text, "%b") }

// behindWord finds the secrets that a word says are behind it.
func (f *finder) behindWord(words []string, i int, client bool) []hit {
	if i+1 == len(words) {
		return nil
	}
	word := words[i]
	name := strings.Trim(word, `"',[]({`)
	option := strings.HasPrefix(name, "-")
	name = strings.TrimLeft(name, "-")
	switch lower := strings.ToLower(name); {
	case option && redis.IsSecret(name): // which a server refuses with two words
		return following(words, i+1, word)
	case option && f.isSecret(name), client && word == "-a":
		return one(words, i+1, word)
	case lower == "requirepass", lower == "masterauth", lower == "primaryauth":
		return doubted(one(words, i+1, word))
	case client && lower == "auth" && !option:
		return doubted(following(words, i+1, word))
	case lower == "sentinel" && i+2 < len(words) && redis.IsSecretSentinel(words[i+1]):
		return one(words, i+1+sentinelSecret(words[i+1:min(len(words), i+4)]), words[i+1])
	case option && lower == "rename-command" && i+2 < len(words):
		return one(words, i+2, words[i+1])
	case option && lower == "user", lower == "setuser":
		return aclPasswords(words, i+1, false)
	}
	return nil
}

// isClient reports whether a word is a client or a variable that is called like
// one.
func isClient(word string) bool {
	base := strings.Trim(path.Base(strings.ToLower(word)), `"'}`)
	return strings.HasSuffix(base, "cli") || strings.HasSuffix(base, "-benchmark")
}

// mostWords is how many words somebody may give in the place of one.
const mostWords = 8

// following makes hits of words from one on, up to the next option or the end
// of the command. The first of them is one unless it is an option of a server.
func following(words []string, from int, name string) []hit {
	if from+1 < len(words) && words[from] == lineEnd {
		from++
	}
	var hits []hit
	for i := from; i < min(len(words), from+mostWords) && !strings.HasPrefix(words[i], "--") && !isOperator(words[i]); i++ {
		if i > from && strings.HasPrefix(words[i], "-") {
			break
		}
		found := one(words, i, name)
		if i > from {
			found = doubted(found)
		}
		hits = append(hits, found...)
	}
	return hits
}

// one makes hits of a word, which may stand in the next line.
func one(words []string, i int, name string) []hit {
	if i+1 < len(words) && words[i] == lineEnd {
		i++
	}
	return []hit{{name: name, text: words[i], word: i}, {name: name, text: trimQuotes(words[i]), word: i}}
}

// lineEnd stands among the words of a text where a line ends and nothing says
// that it goes on.
const lineEnd = "\n"

// splitWords splits a text at blanks, with those in quotes left together where
// the quotes are closed on their line.
func splitWords(text string) []string {
	var words []string
	open := map[byte]int{} // the end of the line in which nothing closes a quote
	end := -1
	for i := 0; i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], "\\\n"):
			i += 2
			continue
		case text[i] == '\n':
			words = append(words, lineEnd)
			i++
			continue
		case strings.IndexByte(" \t\r", text[i]) >= 0:
			i++
			continue
		}
		start := i
		for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) < 0 {
			quote := text[i]
			if quote != '"' && quote != '\'' || i < open[quote] {
				i++
				continue
			}
			if i > end {
				end = endOfLine(text, i)
			}
			length := quotedEnd(text[i:end])
			if length == 0 {
				open[quote], length = end, 1
			}
			i += length
		}
		words = append(words, unquote(text[start:i]))
	}
	return words
}

func endOfLine(text string, from int) int {
	if end := strings.IndexByte(text[from:], '\n'); end >= 0 {
		return from + end
	}
	return len(text)
}

func unquote(word string) string {
	if len(word) > 1 && (word[0] == '"' || word[0] == '\'') && word[len(word)-1] == word[0] {
		return word[1 : len(word)-1]
	}
	return word
}
