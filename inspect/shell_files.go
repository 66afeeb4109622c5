package inspect

import (
	"path"
	"slices"
	"strings"
)

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
