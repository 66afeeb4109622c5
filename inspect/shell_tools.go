package inspect

import (
	"path"
	"strings"
)

// tool does what a program does to files and output. ok is false for one that
// is not known.
func (s *shell) tool(words []string) (ok bool) {
	arguments := words[1:]
	s.status, s.doubt = 0, nil
	switch program := path.Base(words[0]); program {
	case "echo":
		s.emit(s.echo(arguments))
	case "printf":
		s.printf(arguments)
	case "cat":
		s.cat(arguments)
	case "cp", "mv":
		return s.copy(program, arguments)
	case "install":
		return s.install(arguments)
	case "ln":
		return s.link(arguments)
	case "rm", "unlink":
		s.remove(arguments)
	case "mkdir", "touch":
		s.make(program, arguments)
	case "tee":
		s.tee(arguments)
	case "head", "tail":
		return s.someLines(program, arguments)
	case "sed":
		return s.sed(arguments)
	case "awk", "gawk", "mawk":
		return s.awk(arguments)
	case "grep", "egrep", "fgrep":
		return s.grep(program, arguments)
	case "envsubst":
		return s.envsubst(arguments)
	case "id":
		if len(arguments) == 1 && arguments[0] == "-u" && s.user != "" {
			s.emit(s.user + "\n")
			return true
		}
		return false
	case "dos2unix":
		s.withoutCR(arguments)
	case "basename", "dirname":
		return s.pathPart(program, arguments)
	default:
		return false
	}
	return true
}

func (s *shell) withoutCR(words []string) {
	_, names := operands(words, "")
	for _, name := range names {
		if text, ok := s.inputOf([]string{name}); ok && endsInCR(text) {
			s.write(name, strings.ReplaceAll(text, "\r\n", "\n"), false)
		}
	}
}

func (s *shell) pathPart(program string, arguments []string) bool {
	if len(arguments) != 1 || !isKnown(arguments[0]) || arguments[0] == "" {
		return false
	}
	if program == "basename" {
		s.emit(path.Base(arguments[0]) + "\n")
	} else {
		s.emit(path.Dir(strings.TrimRight(arguments[0], "/")) + "\n")
	}
	return true
}
