package inspect

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// redirection is where the output of a command goes.
type redirection struct {
	elsewhere bool // than that of the script around it
	read      bool // it reads something else too
	files     []redirectedFile
}

type redirectedFile struct {
	path    string
	appends bool
}

// redirections follows what stands behind a command: where its output goes, and
// what it reads.
func (s *shell) redirections(redirects []*syntax.Redirect) (to redirection) {
	before := s.input
	defer func() { to.read = s.input != before }()
	for _, redirect := range redirects {
		number := ""
		if redirect.N != nil {
			number = redirect.N.Value
		}
		ofOutput := number == "" || number == "1"
		switch redirect.Op {
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			target := s.word(redirect.Word)
			if !ofOutput && redirect.Op != syntax.RdrAll && redirect.Op != syntax.AppAll {
				s.forget(target, "the start script writes messages to it")
				continue
			}
			to.elsewhere = true
			to.files = []redirectedFile{{target, redirect.Op == syntax.AppOut || redirect.Op == syntax.AppAll}}
		case syntax.DplOut:
			if ofOutput {
				to = redirection{elsewhere: true} // >&2, to the log
			}
		case syntax.Hdoc, syntax.DashHdoc:
			s.readFrom(number, s.document(redirect))
			s.inputAt = s.documentAt(redirect)
		case syntax.WordHdoc:
			s.readFrom(number, s.word(redirect.Word)+"\n")
		case syntax.RdrIn:
			s.readFrom(number, s.read(s.word(redirect.Word)))
		}
	}
	return to
}

// readFrom makes a text the standard input.
func (s *shell) readFrom(number, text string) {
	if number == "" || number == "0" {
		s.input, s.inputAt = &text, nil
	}
}

// document returns the text of a here-document. Quotes around its end word
// keep it as it is; without them only $ ` \ and line ends are escaped.
func (s *shell) document(redirect *syntax.Redirect) string {
	if redirect.Hdoc == nil {
		return ""
	}
	text := ""
	if isQuoted(redirect.Word) {
		text = redirect.Hdoc.Lit()
	} else {
		b := &fieldBuilder{shell: s}
		for _, part := range redirect.Hdoc.Parts {
			if literal, ok := part.(*syntax.Lit); ok {
				b.quoted(unescapeDocument(literal.Value))
			} else {
				s.build(b, []syntax.WordPart{part}, true, true)
			}
		}
		text = b.field.text.String()
	}
	s.spend(len(text))
	if redirect.Op != syntax.DashHdoc {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "")
}

// unescapeDocument takes the backslashes out of a here-document, where a quote
// is nothing special.
func unescapeDocument(text string) string {
	return strings.ReplaceAll(unescape(strings.ReplaceAll(text, `\"`, `\\"`)), `\\"`, `\"`)
}

func isQuoted(word *syntax.Word) bool {
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.DblQuoted, *syntax.SglQuoted:
			return true
		case *syntax.Lit:
			if strings.Contains(part.Value, `\`) {
				return true
			}
		}
	}
	return false
}

// documentAt is where the text of a here-document begins, if it stands there as
// it is read.
func (s *shell) documentAt(redirect *syntax.Redirect) *syntax.Pos {
	if redirect.Hdoc == nil || !isQuoted(redirect.Word) || s.pinned != nil {
		return nil
	}
	at := redirect.Hdoc.Pos()
	if s.shift != nil {
		at = syntax.NewPos(at.Offset()+s.shift.Offset(), at.Line()+s.shift.Line()-1, at.Col())
	}
	return &at
}

// write puts a text into a file.
func (s *shell) write(name, text string, appends bool) {
	if !isKnown(name) || !isKnown(s.directory) {
		return
	}
	target := s.path(name)
	if strings.HasPrefix(target, "/dev/") || strings.HasPrefix(target, "/proc/") {
		return
	}
	if appends {
		text = s.before(target) + text
	}
	if s.spend(len(text)); !s.spent {
		s.files.write(target, text)
	}
}

// before is what stands in a file that is added to: what is there, is there in
// lines.
func (s *shell) before(target string) string {
	if _, mounted := s.files.mountAt(target); !mounted && s.files.read(target).state == missing {
		return "" // what is in a mount may be there from the start before
	}
	text := s.read(target)
	if isKnown(text) || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// forget makes a file unknown.
func (s *shell) forget(name, why string) {
	if isKnown(name) && isKnown(s.directory) && !strings.HasPrefix(s.path(name), "/dev/") {
		s.files.forget(s.path(name), why)
	}
}

// read returns a file's text, a mark where it is not known.
func (s *shell) read(name string) string {
	if isKnown(name) && isKnown(s.directory) {
		content := s.files.read(s.path(name))
		switch {
		case content.state == present:
			return content.text
		case content.state == directory:
			return ""
		case content.state == missing && s.surelyMissing(s.path(name)):
			return ""
		}
	}
	return unknown("$(cat " + name + ")")
}

// echo prints its words. What a backslash is, each shell has its own mind about.
func (s *shell) echo(words []string) string {
	newline, escapes := "\n", s.dialect == dash
	for len(words) > 0 && isEchoOption(words[0], s.dialect) {
		if strings.Contains(words[0], "n") {
			newline = ""
		}
		if strings.Contains(words[0], "e") {
			escapes = true
		}
		if strings.Contains(words[0], "E") {
			escapes = false
		}
		words = words[1:]
	}
	text := strings.Join(words, " ")
	if !strings.Contains(text, `\`) {
		if s.dialect == anyShell && len(words) > 0 && strings.HasPrefix(words[0], "-") {
			return unknownOutput + newline
		}
		return text + newline
	}
	switch {
	case s.dialect == anyShell:
		return unknownOutput + newline
	case !escapes:
		return text + newline
	}
	text, ok := unescapeEcho(text)
	if !ok {
		return unknownOutput + newline
	}
	return text + newline
}

func isEchoOption(word string, d dialect) bool {
	if d == dash {
		return word == "-n"
	}
	return len(word) > 1 && word[0] == '-' && strings.Trim(word[1:], "neE") == ""
}

// unescapeEcho reads the escapes that every echo has. ok is false for others.
func unescapeEcho(text string) (plain string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out.WriteByte(text[i])
			continue
		}
		if i++; i == len(text) {
			out.WriteByte('\\')
			break
		}
		switch text[i] {
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 'r':
			out.WriteByte('\r')
		case '\\':
			out.WriteByte('\\')
		case 'a', 'b', 'c', 'e', 'E', 'f', 'v', 'x', 'u', 'U', '0', '1', '2', '3', '4', '5', '6', '7':
			return "", false // some shells know them
		default:
			out.WriteString(text[i-1 : i+1])
		}
	}
	return out.String(), true
}

// printf prints a format with its words, or with -v puts it in a variable.
func (s *shell) printf(words []string) {
	name := ""
	if len(words) > 2 && words[0] == "-v" && s.dialect == bash {
		name, words = words[1], words[2:]
	}
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	text := ""
	if len(words) > 0 {
		text = s.formatted(words[0], words[1:])
	}
	if name != "" {
		s.set(name, text)
		return
	}
	s.emit(text)
}

// formatted is what printf prints. Only %s takes what is not known.
func (s *shell) formatted(format string, values []string) string {
	if !isKnown(format) || !printsAlike(format, values) {
		return unknownOutput
	}
	var text strings.Builder
	for {
		part, used, err := expand.Format(nil, format, values)
		if err != nil || strings.Contains(part, "\x00") {
			return unknownOutput
		}
		if s.spend(len(part) + 1); s.spent {
			return unknownOutput
		}
		text.WriteString(part)
		if values = values[used:]; used == 0 || len(values) == 0 {
			return text.String()
		}
	}
}

// printsAlike reports whether all shells print a format alike, with values of
// which some may not be known.
func printsAlike(format string, values []string) bool {
	for first := true; first || len(values) > 0; first = false {
		before := len(values)
		for i := 0; i < len(format); i++ {
			switch {
			case format[i] == '\\' && i+1 < len(format):
				if i++; strings.IndexByte(`ntr\"'`, format[i]) < 0 {
					return false
				}
			case format[i] == '%' && strings.HasPrefix(format[i+1:], "%"):
				i++
			case format[i] == '%':
				end := i + 1
				for end < len(format) && strings.IndexByte("0123456789-", format[end]) >= 0 {
					end++
				}
				value := ""
				if len(values) > 0 {
					value, values = values[0], values[1:]
				}
				if end == len(format) || !isFormatted(format[i+1:end], format[end], value) {
					return false
				}
				i = end
			}
		}
		if len(values) == before {
			break
		}
	}
	return true
}

// isFormatted reports whether a value is printed alike by all shells. One that
// is not known can only be put in as it is.
func isFormatted(flags string, verb byte, value string) bool {
	switch verb {
	case 's':
		return flags == "" || isKnown(value) && isASCII(value)
	case 'd', 'i':
		return value == "" || wholeNumber.MatchString(value)
	}
	return false
}

func (s *shell) cat(words []string) {
	if len(words) == 0 {
		words = []string{"-"}
	}
	for _, word := range words {
		switch {
		case word == "-":
			if s.input == nil {
				s.emit(unknownOutput)
				continue
			}
			s.emit(*s.input)
		case word == "-u" || word == "--":
		case strings.HasPrefix(word, "-"):
			s.emit(unknownOutput) // numbers, ends of lines
		case !isKnown(word) || s.files.read(s.path(word)).state == missing:
			s.emit(unknown("$(cat " + word + ")")) // it fails, or something brings the file
		default:
			s.emit(s.read(word))
		}
	}
}

// operands parts the options of a program from its other words.
func operands(words []string, takes string) (options, rest []string) {
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "--":
			return options, append(rest, words[i+1:]...)
		case len(words[i]) > 1 && words[i][0] == '-':
			options = append(options, words[i])
			if len(words[i]) == 2 && strings.Contains(takes, words[i][1:]) {
				i++
			}
		default:
			rest = append(rest, words[i])
		}
	}
	return options, rest
}

// copy follows cp and mv. ok is false where they cannot be followed.
func (s *shell) copy(program string, words []string) (ok bool) {
	options, names := operands(words, "tS")
	for _, option := range options {
		switch {
		case strings.HasPrefix(option, "--"), strings.Trim(option[1:], "fpavdP") == "":
		case strings.Contains(option, "n"), strings.Contains(option, "u"), strings.Contains(option, "t"), strings.Contains(option, "i"), strings.Contains(option, "s"), strings.Contains(option, "l"):
			return false // it may leave a file alone, or name the target elsewhere
		}
	}
	if len(names) < 2 || slices.ContainsFunc(names, func(name string) bool { return !isKnown(name) }) || !isKnown(s.directory) {
		return false
	}
	last := names[len(names)-1]
	target := s.path(last)
	for _, source := range names[:len(names)-1] {
		s.place(s.path(source), target, strings.HasSuffix(last, "/") || len(names) > 2)
		if program == "mv" {
			s.files.remove(s.path(source))
		}
	}
	return true
}

// place copies a file to a path, or into the directory that is there.
func (s *shell) place(source, target string, isDirectory bool) {
	if isDirectory || s.files.read(target).state == directory {
		target = path.Join(target, path.Base(source))
	}
	if s.files.read(source).state == directory {
		s.files.forget(target, "the start script copies a directory there")
		return
	}
	s.files.copy(source, target)
}

// install follows install, which copies files and makes directories.
func (s *shell) install(words []string) (ok bool) {
	options, names := operands(words, "mgot")
	if slices.ContainsFunc(options, func(option string) bool { return strings.Contains(option, "t") }) {
		return false
	}
	if slices.ContainsFunc(options, func(option string) bool { return option == "-d" || option == "--directory" }) {
		return true
	}
	return s.copy("install", names)
}

// link follows ln: what is linked is read as a copy is.
func (s *shell) link(words []string) (ok bool) {
	_, names := operands(words, "tS")
	if len(names) != 2 || !isKnown(names[0]) || !isKnown(names[1]) || !isKnown(s.directory) {
		return false
	}
	target := s.path(names[1])
	source := s.path(names[0])
	if !path.IsAbs(names[0]) {
		source = join(path.Dir(target), names[0])
	}
	s.place(source, target, strings.HasSuffix(names[1], "/"))
	return true
}

func (s *shell) remove(words []string) {
	_, names := operands(words, "")
	for _, name := range names {
		if isKnown(name) && isKnown(s.directory) {
			s.files.remove(s.path(name))
		}
	}
}

// make follows mkdir and touch, which leave alone what is there.
func (s *shell) make(program string, words []string) {
	options, names := operands(words, "mdrt")
	for _, name := range names {
		if !isKnown(name) || !isKnown(s.directory) {
			continue
		}
		switch target := s.path(name); {
		case program == "mkdir":
			s.files.makeDirectory(target, slices.ContainsFunc(options, func(option string) bool { return strings.Contains(option, "p") }))
		case s.files.read(target).state == missing && s.surelyMissing(target):
			s.files.write(target, "")
		}
	}
}

func (s *shell) tee(words []string) {
	options, names := operands(words, "")
	appends := slices.ContainsFunc(options, func(option string) bool { return option == "-a" || option == "--append" || option == "-ai" })
	text := unknownOutput
	if s.input != nil {
		text = *s.input
	}
	for _, name := range names {
		s.write(name, text, appends)
	}
	s.emit(text)
}

// someLines follows `head -n 1` of what is known.
func (s *shell) someLines(program string, words []string) (ok bool) {
	if program != "head" || len(words) < 1 || words[0] != "-1" && (words[0] != "-n" || len(words) < 2 || words[1] != "1") && words[0] != "-n1" {
		return false
	}
	words = words[1:]
	if len(words) > 0 && words[0] == "1" {
		words = words[1:]
	}
	text, ok := s.inputOf(words)
	if !ok || !isKnown(text) {
		return false
	}
	line, _, ended := strings.Cut(text, "\n")
	if s.emit(line); ended {
		s.emit("\n")
	}
	return true
}

// inputOf is the text of the one file that a filter is given, or of its input.
func (s *shell) inputOf(names []string) (text string, ok bool) {
	switch {
	case len(names) == 0 && s.input != nil:
		return *s.input, true
	case len(names) == 1 && isKnown(names[0]) && isKnown(s.directory):
		found := s.files.read(s.path(names[0]))
		return found.text, found.state == present
	}
	return "", false
}

// touches makes the files that an unknown program names unknown.
func (s *shell) touches(program string, words []string) {
	why := nonEmpty(s.author, "the start script") + " changes it with " + program
	for _, word := range words {
		if strings.Contains(word, "/") || strings.HasSuffix(word, ".conf") {
			s.forget(word, why)
			if _, value, found := strings.Cut(word, "="); found {
				s.forget(value, why)
			}
		}
	}
}

// readers are programs that change none of the files that they name.
var readers = map[string]bool{
	"grep": true, "egrep": true, "fgrep": true, "head": true, "tail": true, "wc": true, "stat": true, "readlink": true, "realpath": true,
	"basename": true, "dirname": true, "cut": true, "tr": true, "sort": true, "md5sum": true, "sha256sum": true, "diff": true,
	"cmp": true, "file": true, "awk": true, "find": true, "which": true, "type": true, "pgrep": true, "getent": true, "sed": true, "echo": true, "cat": true,
	"sha1sum": true, "base64": true, "od": true, "hexdump": true, "xxd": true, "jq": true, "rev": true, "uniq": true, "tac": true, "nl": true, "fold": true,
}

// onlyReads reports whether a program leaves the files alone that it names.
func onlyReads(program string, arguments []string) bool {
	if program == "sed" || program == "find" || program == "sort" {
		for _, argument := range arguments {
			// sed -i, --in-place and its w command; find -exec and -delete; sort -o.
			if strings.HasPrefix(argument, "-") && argument != "-e" && argument != "-n" && argument != "-E" && argument != "-r" && argument != "-u" ||
				program == "sed" && strings.ContainsAny(argument, "wW") {
				return false
			}
		}
		return true
	}
	return readers[program]
}
