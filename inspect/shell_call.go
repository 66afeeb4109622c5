package inspect

import (
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// unknownOutput stands for what a program prints.
var unknownOutput = unknown("$(…)")

// harmless are programs that change neither a conf file nor what runs.
var harmless = map[string]bool{
	"set": true, "umask": true, "chown": true, "chmod": true, "mkdir": true, "sleep": true, "true": true, ":": true,
	"trap": true, "ulimit": true, "sysctl": true, "test": true, "[": true, "wait": true, "date": true, "touch": true,
	"redis-cli": true, "valkey-cli": true, "keydb-cli": true, "id": true, "ls": true, "exit": true, "kill": true, "nc": true,
	"apk": true, "apt-get": true, "dos2unix": true, "hostname": true, "whoami": true, "install": true, "chgrp": true, "until": true,
}

// call follows a simple command.
func (s *shell) call(call *syntax.CallExpr, here *string) {
	if len(call.Args) == 0 {
		for _, assign := range call.Assigns {
			if assign.Value != nil {
				s.variables[assign.Name.Value] = s.word(assign.Value)
			} else {
				s.variables[assign.Name.Value] = ""
			}
		}
		return
	}
	s.at = call.Pos()
	var words []string
	for _, argument := range call.Args {
		words = append(words, s.fields(argument)...)
		if s.spend(len(words)); s.spent || len(words) > maxWords {
			s.spent = true
			return
		}
	}
	environment := map[string]string{}
	for _, assign := range call.Assigns {
		if assign.Value != nil {
			environment[assign.Name.Value] = s.word(assign.Value)
		}
	}
	if len(words) > 0 {
		s.simple(words, environment, here)
	}
}

// simple does what a command does to files and output, and remembers it.
func (s *shell) simple(words []string, environment map[string]string, here *string) {
	for words[0] == "exec" || words[0] == "command" {
		if words = words[1:]; len(words) == 0 {
			return
		}
	}
	arguments := words[1:]
	switch program := path.Base(words[0]); program {
	case "echo":
		s.emit(echo(arguments))
	case "printf":
		s.emit(s.printf(arguments))
	case "cat":
		s.cat(arguments, here)
	case "cp", "mv":
		s.copy(arguments)
	case "cd":
		if len(arguments) == 1 {
			s.directory = join(s.directory, arguments[0])
		}
	case "export":
		s.export(arguments)
	case "set":
		s.set(arguments)
	default:
		switch {
		case program == "sed" && s.sed(arguments, here), program == "envsubst" && s.envsubst(arguments, here):
			return
		case isShell(program) && here != nil && onlyOptions(arguments):
			s.inner = append(s.inner, run{words: words, at: s.at, directory: s.directory})
			s.nested(*here)
			return
		case !harmless[program] && !onlyReads(program, arguments):
			s.touches(program, arguments)
		}
		s.runs = append(s.runs, run{words: words, conditional: s.branch > 0, environment: environment, at: s.at, directory: s.directory})
		s.emit(linePrefix(words) + unknownOutput)
	}
}

// onlyOptions reports whether a shell is given nothing to run but its standard
// input: `bash -s <<EOF`.
func onlyOptions(arguments []string) bool {
	return !slices.ContainsFunc(arguments, func(argument string) bool {
		return argument != "-s" && argument != "-e" && argument != "-eu" && argument != "-"
	})
}

// nested follows a script that a shell reads from a here-document.
func (s *shell) nested(script string) {
	if !unset.Known(script) || !followable(script) || !s.affords(script) {
		s.spent = true
		return
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		s.spent = true
		return
	}
	directory, arguments := s.directory, s.arguments
	s.statements(file.Stmts)
	s.directory, s.arguments = directory, arguments
}

// linePrefix returns what every line of a command's output begins with, as far as the command itself says so: `sed 's/^/sentinel /'`.
func linePrefix(words []string) string {
	if path.Base(words[0]) != "sed" || len(words) < 2 {
		return ""
	}
	prefix, found := strings.CutPrefix(words[1], "s/^/")
	text, rest, ends := strings.Cut(prefix, "/")
	if !found || !ends || rest != "" || !unset.Known(text) || strings.ContainsAny(text, "&\\") {
		return ""
	}
	return text
}

func echo(arguments []string) string {
	newline := "\n"
	for len(arguments) > 0 && (arguments[0] == "-n" || arguments[0] == "-e" || arguments[0] == "-ne" || arguments[0] == "-en") {
		if strings.Contains(arguments[0], "n") {
			newline = ""
		}
		arguments = arguments[1:]
	}
	text := strings.Join(arguments, " ")
	if strings.Contains(text, `\`) {
		// dash reads escapes, bash and busybox only after -e.
		return unknownOutput + newline
	}
	return text + newline
}

func (s *shell) printf(arguments []string) string {
	if len(arguments) > 0 && arguments[0] == "--" {
		arguments = arguments[1:]
	}
	if len(arguments) == 0 {
		return ""
	}
	format, values := arguments[0], arguments[1:]
	var text strings.Builder
	for {
		part, used, err := expand.Format(nil, format, values)
		if err != nil {
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

func (s *shell) cat(arguments []string, here *string) {
	if len(arguments) == 0 && here != nil {
		s.emit(*here)
		return
	}
	for _, argument := range arguments {
		switch {
		case argument == "-" && here != nil:
			s.emit(*here)
		case strings.HasPrefix(argument, "-"):
		case s.files.read(s.path(argument)).state == missing:
			s.emit(unknown("$(cat " + argument + ")")) // it fails, or something brings the file
		default:
			s.emit(s.read(argument))
		}
	}
}

// copy follows cp and mv of one file.
func (s *shell) copy(arguments []string) {
	var paths []string
	for _, argument := range arguments {
		if !strings.HasPrefix(argument, "-") {
			paths = append(paths, argument)
		}
	}
	if len(paths) < 2 {
		return
	}
	target := s.path(paths[len(paths)-1])
	for _, source := range paths[:len(paths)-1] {
		to := target
		if strings.HasSuffix(paths[len(paths)-1], "/") || len(paths) > 2 || s.files.read(target).state == directory {
			to = path.Join(target, path.Base(source))
		}
		s.files.copy(s.path(source), to)
	}
}

func (s *shell) export(arguments []string) {
	for _, argument := range arguments {
		if name, value, found := strings.Cut(argument, "="); found {
			s.variables[name] = value
		}
	}
}

// touches makes the files that an unknown program names unknown.
func (s *shell) touches(program string, arguments []string) {
	if isServer(program) || isSentinel(program) || isShell(program) || program == "docker-entrypoint.sh" {
		return
	}
	if options := skipsOptions[program]; options != nil {
		inner := unwrap(placed(append([]string{program}, arguments...), position.Span{}), options)
		if len(inner) > 0 && !harmless[path.Base(inner[0].text)] {
			s.touches(path.Base(inner[0].text), texts(inner[1:]))
		}
		return
	}
	for _, argument := range arguments {
		if strings.Contains(argument, "/") || strings.HasSuffix(argument, ".conf") {
			s.files.forget(s.path(argument), nonEmpty(s.author, "the start script")+" changes it with "+program)
		}
	}
}

// fields expands a word into the words that the shell makes of it.
func (s *shell) fields(word *syntax.Word) []string {
	if everyArgument(word) {
		return slices.Clone(s.arguments)
	}
	text := s.word(word)
	if quoted(word) || !hasExpansion(word) {
		return []string{text}
	}
	if text == "" {
		return nil
	}
	if len(word.Parts) == 1 && isKnown(text) {
		return strings.Fields(text)
	}
	return []string{text}
}

func quoted(word *syntax.Word) bool {
	for _, part := range word.Parts {
		switch part.(type) {
		case *syntax.DblQuoted, *syntax.SglQuoted:
			return true
		}
	}
	return false
}

func hasExpansion(word *syntax.Word) bool {
	for _, part := range word.Parts {
		switch part.(type) {
		case *syntax.ParamExp, *syntax.CmdSubst:
			return true
		}
	}
	return false
}

// word expands a word as if it were quoted.
func (s *shell) word(word *syntax.Word) string {
	if word == nil {
		return ""
	}
	return s.parts(word.Parts, false)
}

func (s *shell) parts(parts []syntax.WordPart, inQuotes bool) string {
	var text strings.Builder
	for _, part := range parts {
		if s.spend(text.Len()); s.spent {
			break
		}
		switch part := part.(type) {
		case *syntax.Lit:
			text.WriteString(unescape(part.Value, inQuotes))
		case *syntax.SglQuoted:
			text.WriteString(part.Value)
		case *syntax.DblQuoted:
			text.WriteString(s.parts(part.Parts, true))
		case *syntax.ParamExp:
			text.WriteString(s.parameter(part))
		case *syntax.CmdSubst:
			text.WriteString(s.substitute(part))
		default:
			text.WriteString(unknown("$(…)"))
		}
	}
	s.spend(text.Len())
	return text.String()
}

// unescape takes the backslashes out of an unquoted or a double-quoted text.
func unescape(text string, inQuotes bool) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			next := text[i+1]
			if next == '\n' {
				i++
				continue
			}
			if !inQuotes || strings.IndexByte("$`\"\\", next) >= 0 {
				i++
			}
		}
		plain.WriteByte(text[i])
	}
	return plain.String()
}

// parameter expands $NAME and ${NAME…}.
func (s *shell) parameter(p *syntax.ParamExp) string {
	if p.Param == nil {
		return unknown("$(…)")
	}
	name := p.Param.Value
	value, set := s.positional(name)
	if !set {
		value, set = s.variables[name]
	}
	if !set && s.known != nil {
		value, set = s.known(name)
	}
	if p.Length || p.Excl || p.Index != nil || p.Slice != nil || p.Repl != nil {
		return unknown("${" + name + "}")
	}
	if p.Exp != nil {
		return s.withOperator(p, name, value, set)
	}
	if !set {
		return unknown("${" + name + "}")
	}
	return value
}

func (s *shell) withOperator(p *syntax.ParamExp, name, value string, set bool) string {
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		if set && (value != "" || p.Exp.Op == syntax.DefaultUnset) {
			return value
		}
		return s.word(p.Exp.Word)
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		if set && value == "" {
			return ""
		}
		return s.word(p.Exp.Word)
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		if set {
			return value
		}
	}
	return unknown("${" + name + "}")
}

// substitute expands $(…): what cat prints can be known, of another program
// only that it prints something.
func (s *shell) substitute(c *syntax.CmdSubst) string {
	outer := s.output
	s.output = &strings.Builder{}
	runs := len(s.runs)
	s.statements(c.Stmts)
	text := strings.TrimRight(s.output.String(), "\n")
	s.inner = append(s.inner, s.runs[runs:]...)
	s.output, s.runs = outer, s.runs[:runs]
	if isKnown(text) {
		return text
	}
	return unknown(source(c))
}

// source writes a substitution as it stands in the script.
func source(c *syntax.CmdSubst) string {
	var text strings.Builder
	word := &syntax.Word{Parts: []syntax.WordPart{c}}
	if err := syntax.NewPrinter().Print(&text, word); err != nil {
		return "$(…)"
	}
	return strings.Join(strings.Fields(text.String()), " ")
}
