package inspect

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// What a word becomes is put together here, since it may hold what is not
// known, and since mvdan's expand.Fields is another shell than those of the
// images: it loses the quotes inside ${P:+--requirepass "$P"}, expands {a,b}
// for every shell, and looks for ~name on the machine that it runs on. What it
// works out of known values is its: the operators of parameters, arithmetic,
// patterns, braces, formats and $'…'.

// fields expands words into those that a command gets.
func (s *shell) fields(words ...*syntax.Word) []string {
	b := &fieldBuilder{shell: s}
	for _, word := range words {
		for _, word := range s.braces(word) {
			s.build(b, word.Parts, false, false)
			b.separate()
			if s.spent || s.failed != "" {
				return b.done
			}
		}
	}
	s.loose = b.loose
	return b.done
}

// asArguments are the last words of the current command as those of a script or
// a function. Those behind a word that may be any number of words have no
// number.
func (s *shell) asArguments(words []string) []string {
	arguments := slices.Clone(words)
	for i := range arguments {
		at := len(s.loose) - len(arguments) + i
		if _, whole := wholeMark(arguments[i]); whole && at >= 0 && s.loose[at] {
			arguments[i] = unknown("$@")
		}
	}
	return arguments
}

// braces expands {a,b}, which only bash knows.
func (s *shell) braces(word *syntax.Word) []*syntax.Word {
	parted := *word
	if !syntax.SplitBraces(&parted) || s.dialect == dash || s.dialect == ash {
		return []*syntax.Word{word}
	}
	if s.dialect == anyShell {
		return []*syntax.Word{{Parts: []syntax.WordPart{&syntax.SglQuoted{Value: unknown(sourceOf(word))}}}}
	}
	var words []*syntax.Word
	for one, err := range expand.BracesSeq(nil, &parted) {
		if s.spend(16); err != nil || s.spent || len(words) > maxWords {
			s.spent = true
			break
		}
		words = append(words, one)
	}
	return words
}

// word expands a word that is not split, such as a value that is assigned.
func (s *shell) word(word *syntax.Word) string {
	if word == nil {
		return ""
	}
	b := &fieldBuilder{shell: s}
	s.build(b, word.Parts, false, true)
	text := b.field.text.String()
	s.spend(len(text))
	return text
}

// pattern expands a word that is matched: what is quoted is no pattern.
func (s *shell) pattern(word *syntax.Word) string {
	b := &fieldBuilder{shell: s}
	s.build(b, word.Parts, false, true)
	s.spend(b.field.text.Len())
	return b.field.pattern.String()
}

// build adds the parts of a word. whole is true where it is not split.
func (s *shell) build(b *fieldBuilder, parts []syntax.WordPart, inQuotes, whole bool) {
	for i, part := range parts {
		if s.spend(1); s.spent || s.failed != "" {
			return
		}
		switch part := part.(type) {
		case *syntax.Lit:
			s.literal(b, part.Value, inQuotes, i == 0)
		case *syntax.SglQuoted:
			b.quoted(s.singleQuoted(part))
		case *syntax.DblQuoted:
			if !s.nothing(part) {
				b.quoted("")
			}
			s.build(b, part.Parts, true, whole)
		case *syntax.ParamExp:
			s.buildParameter(b, part, inQuotes, whole)
		case *syntax.CmdSubst:
			b.add(s.substitute(part), inQuotes, whole)
		case *syntax.ArithmExp:
			b.add(s.calculated(part), inQuotes, whole)
		default:
			b.add(unknown(sourceOf(&syntax.Word{Parts: []syntax.WordPart{part}})), inQuotes, whole)
		}
	}
}

// nothing recognises "$@" without arguments, which is no word at all.
func (s *shell) nothing(quotes *syntax.DblQuoted) bool {
	if len(quotes.Parts) != 1 {
		return false
	}
	p, ok := quotes.Parts[0].(*syntax.ParamExp)
	if !ok || p.Exp != nil || p.Length || p.Param == nil {
		return false
	}
	list, ok := s.list(p)
	return ok && len(list) == 0
}

// literal adds what stands in the script itself.
func (s *shell) literal(b *fieldBuilder, text string, inQuotes, first bool) {
	if inQuotes {
		b.quoted(unescape(text))
		return
	}
	if first && strings.HasPrefix(text, "~") && !b.field.begun {
		name, rest, found := strings.Cut(text[1:], "/")
		if home, ok := s.home(name); ok {
			b.quoted(home)
			if text = ""; found {
				text = "/" + rest
			}
		}
	}
	for text != "" {
		at := strings.IndexByte(text, '\\')
		if at < 0 || at == len(text)-1 {
			break
		}
		b.plain(text[:at])
		size := 1
		for at+1+size < len(text) && text[at+1+size]&0xC0 == 0x80 {
			size++
		}
		if text[at+1] != '\n' {
			b.quoted(text[at+1 : at+1+size])
		}
		text = text[at+1+size:]
	}
	b.plain(text)
}

var userName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// home is what ~ and ~name stand for. ok is false where it is no name.
func (s *shell) home(name string) (directory string, ok bool) {
	switch {
	case name == "root":
		return "/root", true
	case name != "":
		return unknown("~" + name), userName.MatchString(name)
	}
	if home, _ := s.lookup("HOME"); home.set {
		return home.text, true
	}
	if s.user == "0" {
		return "/root", true
	}
	return unknown("~"), true
}

// unescape takes the backslashes out of a double-quoted text.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if text[i+1] == '\n' {
				i++
				continue
			}
			if strings.IndexByte("$`\"\\", text[i+1]) >= 0 {
				i++
			}
		}
		plain.WriteByte(text[i])
	}
	return plain.String()
}

// singleQuoted returns the text of '…' and of $'…'.
func (s *shell) singleQuoted(part *syntax.SglQuoted) string {
	if !part.Dollar {
		return part.Value
	}
	if s.dialect == anyShell {
		return unknown("$'…'")
	}
	text, _, err := expand.Format(nil, part.Value, nil)
	if err != nil || strings.ContainsAny(text, "\x00") || strings.Contains(part.Value, `\c`) {
		return unknown("$'…'")
	}
	return text
}

// paths are the files that a pattern stands for, in alphabetical order; the
// pattern itself where there are none.
func (s *shell) paths(text, of string) []string {
	if !isKnown(text) || !isKnown(s.directory) {
		return []string{text}
	}
	if literal := of[strings.LastIndex(of, "/")+1:]; literal != "" && strings.IndexByte("~+-@%=,", literal[0]) >= 0 {
		return []string{text} // ~* and -::* are for the server: no file is named so
	}
	whole := s.path(of)
	if strings.HasSuffix(of, "/") || strings.Contains(of, "\\") || !s.files.isMount(path.Dir(whole)) || strings.ContainsAny(path.Dir(whole), "*?[") {
		return []string{unknown(text)}
	}
	found, err := s.files.glob(whole)
	if err != nil {
		return []string{unknown(text)}
	}
	found = slices.DeleteFunc(found, func(name string) bool {
		return strings.HasPrefix(path.Base(name), ".") && !strings.HasPrefix(path.Base(whole), ".") || s.files.written.get(name).state == missing && s.files.isWritten(name)
	})
	if len(found) == 0 {
		return []string{text}
	}
	if !path.IsAbs(of) {
		prefix := text[:strings.LastIndex(text, "/")+1]
		for i, name := range found {
			found[i] = prefix + path.Base(name)
		}
	}
	return found
}

// sourceOf writes a word as it stands in the script.
func sourceOf(word *syntax.Word) string {
	var text strings.Builder
	if err := syntax.NewPrinter().Print(&text, word); err != nil {
		return "$(…)"
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// substitute expands $(…): what cat prints can be known, of another program
// only that it prints something.
func (s *shell) substitute(c *syntax.CmdSubst) string {
	inner := s.fork()
	inner.captures, inner.out, inner.runs = true, nil, nil
	ways := inner.statements(c.Stmts)
	text, same := strings.TrimRight(string(ways[0].out), "\n"), true
	for _, way := range ways[1:] {
		same = same && strings.TrimRight(string(way.out), "\n") == text
	}
	way := one(ways)
	s.files = way.files
	s.status, s.doubt = way.status, nil
	if same && isKnown(text) {
		return text
	}
	return unknown(sourceOf(&syntax.Word{Parts: []syntax.WordPart{c}}))
}

// wholeMark returns the mark that a text consists of.
func wholeMark(text string) (mark string, ok bool) {
	mark, rest, found := unset.CutMark(text)
	return mark, found && rest == ""
}

// filled reports whether a text is empty, if that is known.
func (s *shell) filled(text string) (filled, decided bool) {
	if isKnown(text) {
		return text != "", true
	}
	if unset.Replace(text, func(unset.Variable) string { return "" }) != "" {
		return true, true
	}
	for _, v := range unset.VariablesIn(text) {
		if s.denied.get(v.Mark() + "=") {
			return true, true
		}
	}
	return false, false
}

// positional returns $0, $1, $# and the like.
func (s *shell) positional(name string) (value string, ok bool) {
	switch name {
	case "#":
		if slices.ContainsFunc(s.arguments, isUnquotedMark) {
			return unknown("$#"), true
		}
		return strconv.Itoa(len(s.arguments)), true
	case "0":
		return nonEmpty(s.zero, unknown("$0")), true
	case "?":
		if s.status == maybe {
			return unknown("$?"), true
		}
		return strconv.Itoa(s.status), true
	case "$", "!", "-", "PPID", "RANDOM", "LINENO", "SECONDS", "PWD", "OLDPWD", "UID", "EUID":
		if name == "PWD" {
			return s.directory, true
		}
		return unknown("$" + name), true
	}
	number, err := strconv.Atoi(name)
	if err != nil {
		return "", false
	}
	for i := range min(number, len(s.arguments)) {
		// What stands behind a word that may be any number of words has no number.
		if _, mark := wholeMark(s.arguments[i]); mark && strings.Contains(unset.Plain(s.arguments[i]), "$@") {
			return unknown("$" + name), true
		}
	}
	if number > len(s.arguments) {
		return "", true
	}
	return s.settle(s.arguments[number-1]), true
}
