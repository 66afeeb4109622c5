package inspect

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// everyArgument recognises "$@" alone, and $@ and $* without quotes: as many
// words as there are arguments.
func everyArgument(word *syntax.Word) bool {
	if len(word.Parts) != 1 {
		return false
	}
	part := word.Parts[0]
	quotes, inQuotes := part.(*syntax.DblQuoted)
	if inQuotes {
		if len(quotes.Parts) != 1 {
			return false
		}
		part = quotes.Parts[0]
	}
	p, ok := part.(*syntax.ParamExp)
	if !ok || p.Param == nil || p.Exp != nil || p.Length || p.Slice != nil || p.Repl != nil {
		return false
	}
	return p.Param.Value == "@" || p.Param.Value == "*" && !inQuotes
}

// positional returns $0, $1, $@, $* or $#.
func (s *shell) positional(name string) (value string, set bool) {
	switch name {
	case "@", "*":
		return strings.Join(s.arguments, " "), true
	case "#":
		return strconv.Itoa(len(s.arguments)), true
	case "0":
		return s.zero, s.zero != ""
	}
	number, err := strconv.Atoi(name)
	if err != nil {
		return "", false
	}
	if number > len(s.arguments) {
		return "", true
	}
	return s.arguments[number-1], true
}

// set follows `set -- WORD…`, which replaces the arguments. Under a condition
// it may or may not do so.
func (s *shell) set(words []string) {
	for i, word := range words {
		if word != "--" {
			continue
		}
		s.arguments = words[i+1:]
		if s.branch > 0 {
			s.arguments = []string{unknown("$@")}
		}
		return
	}
}

// document returns the text of a here-document. Quotes around its end word
// keep it as it is; without them only $ ` \ and line ends are escaped.
func (s *shell) document(redirect *syntax.Redirect) string {
	var text string
	if quoted(redirect.Word) || strings.Contains(redirect.Word.Lit(), `\`) {
		text = redirect.Hdoc.Lit()
	} else if redirect.Hdoc != nil {
		text = s.parts(redirect.Hdoc.Parts, true)
	}
	if redirect.Op != syntax.DashHdoc {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "")
}

// substitutionsIn follows the commands whose output a test looks at.
func (s *shell) substitutionsIn(node syntax.Node) {
	syntax.Walk(node, func(node syntax.Node) bool {
		substitution, ok := node.(*syntax.CmdSubst)
		if ok {
			s.substitute(substitution)
		}
		return !ok
	})
}

// readers are programs that change none of the files that they name.
var readers = map[string]bool{
	"grep": true, "egrep": true, "head": true, "tail": true, "wc": true, "stat": true, "readlink": true, "realpath": true,
	"basename": true, "dirname": true, "cut": true, "tr": true, "sort": true, "md5sum": true, "sha256sum": true, "diff": true,
	"cmp": true, "file": true, "awk": true, "find": true, "which": true, "type": true, "pgrep": true, "getent": true,
}

// onlyReads reports whether a program leaves the files alone that it names.
func onlyReads(program string, arguments []string) bool {
	if program == "sed" || program == "find" || program == "sort" {
		for _, argument := range arguments {
			// sed -i, --in-place and its w command; find -exec and -delete; sort -o.
			if strings.HasPrefix(argument, "-") && argument != "-e" && argument != "-n" && argument != "-E" && argument != "-r" ||
				program == "sed" && strings.ContainsAny(argument, "wW") {
				return false
			}
		}
		return true
	}
	return readers[program]
}
