package inspect

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// unknownOutput stands for what a program prints.
var unknownOutput = unknown("$(…)")

// harmless are programs that change neither a conf file nor what runs. They are
// taken to succeed: a script that goes on where chown fails has no other start.
var harmless = map[string]bool{
	"umask": true, "chown": true, "chmod": true, "mkdir": true, "sleep": true, "trap": true, "ulimit": true, "sysctl": true, "wait": true,
	"date": true, "touch": true, "id": true, "ls": true, "kill": true, "apk": true, "apt-get": true, "hostname": true, "whoami": true,
	"chgrp": true, "sync": true, "logger": true, "shopt": true, "hash": true, "jobs": true, "stty": true, "tput": true, "env": true, "printenv": true,
	"df": true, "du": true, "free": true, "ps": true, "uname": true, "nproc": true, "seq": true, "expr": true, "pwd": true, "times": true,
}

// askers are programs of which only the status counts: nobody knows it.
var askers = map[string]bool{
	"redis-cli": true, "valkey-cli": true, "keydb-cli": true, "nc": true, "ping": true, "getent": true, "nslookup": true,
	"grep": true, "egrep": true, "fgrep": true, "host": true, "dig": true, "pgrep": true, "which": true, "hash": true, "type": true, "mountpoint": true, "cmp": true, "diff": true, "wait-for-it.sh": true,
	"wait-for": true, "netstat": true, "ss": true, "pidof": true,
}

// call follows a simple command.
func (s *shell) call(call *syntax.CallExpr) []*shell {
	s.at = call.Pos()
	s.doubt = nil
	if len(call.Args) == 0 {
		for _, assign := range call.Assigns {
			s.assign(assign)
		}
		if !substitutes(call) {
			s.status = 0
		}
		return s.failing()
	}
	words := s.fields(call.Args...)
	environment := map[string]string{}
	for _, assign := range call.Assigns {
		environment[assign.Name.Value] = s.word(assign.Value)
	}
	if s.failed != "" || s.spent {
		return s.failing()
	}
	if len(words) == 0 {
		return []*shell{s}
	}
	return s.simple(words, environment)
}

// substitutes reports whether a command has a $(…), whose status an assignment
// takes.
func substitutes(call *syntax.CallExpr) bool {
	found := false
	syntax.Walk(call, func(node syntax.Node) bool {
		_, ok := node.(*syntax.CmdSubst)
		found = found || ok
		return !found
	})
	return found
}

// failing ends a way whose words cannot be expanded: ${P:?}.
func (s *shell) failing() []*shell {
	if s.failed != "" {
		return s.fail()
	}
	return []*shell{s}
}

func (s *shell) fail() []*shell {
	s.failed, s.flow, s.status, s.doubt = "", exits, 1, nil
	return []*shell{s}
}

// assign follows NAME=value.
func (s *shell) assign(assign *syntax.Assign) {
	if assign.Name == nil {
		return
	}
	name := assign.Name.Value
	old, sure := s.lookup(name)
	switch {
	case assign.Index != nil:
		s.variables.put(name, undecided(name, old.exported))
	case assign.Array != nil:
		s.assignList(name, assign)
	case assign.Append && old.list:
		s.set(name, unknown("$"+name))
	case assign.Append && !old.set && !sure:
		s.set(name, unknown("${"+name+"}")+s.word(assign.Value))
	case assign.Append:
		s.set(name, old.text+s.word(assign.Value))
	default:
		s.set(name, s.word(assign.Value))
	}
}

func (s *shell) assignList(name string, assign *syntax.Assign) {
	var elements []string
	if old, _ := s.lookup(name); assign.Append && old.set {
		elements = slices.Clone(old.elements())
	}
	for _, element := range assign.Array.Elems {
		if element.Index != nil {
			s.variables.put(name, undecided(name, false))
			return
		}
		if element.Value != nil {
			elements = append(elements, s.fields(element.Value)...)
		}
	}
	s.variables.put(name, listOf(elements))
}

// declare follows export, local, readonly and declare where they are words of
// the language.
func (s *shell) declare(command *syntax.DeclClause) []*shell {
	s.at = command.Pos()
	s.status, s.doubt = 0, nil
	exports := command.Variant.Value == "export"
	for _, assign := range command.Args {
		if assign.Name == nil {
			option := s.word(assign.Value)
			exports = exports || strings.HasPrefix(option, "-") && strings.Contains(option, "x")
			if name, value, found := strings.Cut(option, "="); found && variableName.MatchString(name) {
				s.set(name, value) // export "A=$B"
				s.export(name, exports)
			} else if !strings.HasPrefix(option, "-") {
				s.unfollowed("a " + command.Variant.Value + " of what is not known")
			}
			continue
		}
		s.local(command.Variant.Value, assign.Name.Value)
		if !assign.Naked {
			s.assign(assign)
		}
		s.export(assign.Name.Value, exports)
	}
	s.status, s.doubt = 0, nil
	return s.failing()
}

// local keeps what a function's own variable hides.
func (s *shell) local(variant, name string) {
	if s.locals == nil || variant != "local" && variant != "declare" && variant != "typeset" {
		return
	}
	if _, kept := s.locals[name]; !kept {
		s.locals[name] = s.variables.get(name)
	}
}

func (s *shell) export(name string, exports bool) {
	if !exports {
		return
	}
	if value, ok := s.variables.lookup(name); ok {
		value.exported = true
		s.variables.put(name, value)
	}
}

// simple does what a command does, and remembers it.
func (s *shell) simple(words []string, environment map[string]string) []*shell {
	if s.spend(len(words)); s.spent || len(words) > maxWords {
		s.spent = true
		return []*shell{s}
	}
	name, arguments := words[0], words[1:]
	if function, ok := s.functions.lookup(name); ok {
		return s.callFunction(function, arguments)
	}
	if builtin, ok := builtins[name]; ok {
		status := s.status
		s.status, s.doubt = 0, nil
		return builtin(s, arguments, environment, status)
	}
	return s.launch(words, environment, false)
}

// callFunction follows a function.
func (s *shell) callFunction(function *syntax.Stmt, arguments []string) []*shell {
	outer, hidden := s.arguments, s.locals
	s.arguments, s.locals = s.asArguments(arguments), map[string]variable{}
	s.status, s.doubt = 0, nil
	ways := s.statement(function)
	for _, way := range ways {
		for name, value := range way.locals {
			if value == (variable{}) {
				way.variables.delete(name)
			} else {
				way.variables.put(name, value)
			}
		}
		way.arguments, way.locals = outer, hidden
		if way.flow == returns {
			way.flow = goesOn
		}
	}
	return merged(ways)
}

// builtins are the commands that are the shell's own. They are filled in below,
// since some of them run others.
var builtins map[string]func(s *shell, arguments []string, environment map[string]string, status int) []*shell

func init() {
	type arguments = []string
	type environment = map[string]string
	plain := func(do func(*shell, []string)) func(*shell, []string, environment, int) []*shell {
		return func(s *shell, words arguments, _ environment, _ int) []*shell {
			do(s, words)
			return []*shell{s}
		}
	}
	nothing := plain(func(*shell, []string) {})
	leave := func(flow flow) func(*shell, []string, environment, int) []*shell {
		return func(s *shell, words arguments, _ environment, status int) []*shell {
			s.flow, s.status = flow, status
			number, err := 0, error(nil)
			if len(words) > 0 {
				number, err = strconv.Atoi(words[0])
			}
			switch {
			case flow == breaks || flow == continues:
				s.levels, s.status = max(number, 1), 0
			case err != nil:
				s.status = maybe
			case len(words) > 0:
				s.status = number
			}
			return []*shell{s}
		}
	}
	builtins = map[string]func(*shell, []string, environment, int) []*shell{
		":": nothing, "true": nothing, "trap": nothing, "wait": nothing, "umask": nothing, "ulimit": nothing, "alias": nothing,
		"false": plain(func(s *shell, _ []string) { s.status = 1 }),
		"exit":  leave(exits), "return": leave(returns), "break": leave(breaks), "continue": leave(continues),
		"set": plain((*shell).setOptions), "shift": plain((*shell).shiftArguments), "unset": plain((*shell).unset),
		"test": plain((*shell).testArguments), "[": plain(func(s *shell, words []string) {
			if len(words) == 0 || words[len(words)-1] != "]" {
				s.status = 2
				return
			}
			s.testArguments(words[:len(words)-1])
		}),
		"export":   plain(func(s *shell, words []string) { s.declareWords("export", words) }),
		"readonly": plain(func(s *shell, words []string) { s.declareWords("readonly", words) }),
		"local":    plain(func(s *shell, words []string) { s.declareWords("local", words) }),
		"cd":       plain((*shell).changeDirectory),
		"read": func(s *shell, words arguments, given environment, _ int) []*shell {
			s.readLine(words, given)
			return []*shell{s}
		},
		"eval": func(s *shell, words arguments, _ environment, _ int) []*shell { return s.eval(words) },
		".":    func(s *shell, words arguments, _ environment, _ int) []*shell { return s.source(words) },
		"source": func(s *shell, words arguments, _ environment, _ int) []*shell {
			if s.dialect == dash {
				s.status = 127 // dash knows . alone
				return []*shell{s}
			}
			return s.source(words)
		},
		"exec":    (*shell).exec,
		"command": (*shell).passingFunctions,
		"builtin": (*shell).passingFunctions,
		"mapfile": plain(func(s *shell, _ []string) { s.unfollowed("a mapfile") }),
		"getopts": plain(func(s *shell, _ []string) { s.forgetVariables(); s.status = maybe }),
	}
}

// setOptions follows set: options, and `set -- WORD…`, which replaces the
// arguments.
func (s *shell) setOptions(words []string) {
	for i, word := range words {
		switch {
		case word == "--":
			s.arguments = s.asArguments(words[i+1:])
			return
		case word == "-" || len(word) < 2 || word[0] != '-' && word[0] != '+':
			s.arguments = s.asArguments(words[i:])
			return
		case strings.HasSuffix(word, "o"):
			for _, letter := range word[1 : len(word)-1] {
				s.setOption(string(letter), word[0] == '-')
			}
			if i+1 < len(words) {
				s.setNamedOption(words[i+1], word[0] == '-')
				s.setOptions(words[i+2:])
			}
			return
		}
		for _, letter := range word[1:] {
			s.setOption(string(letter), word[0] == '-')
		}
	}
}

func (s *shell) setNamedOption(name string, on bool) {
	letters := map[string]string{"errexit": "e", "nounset": "u", "noglob": "f", "allexport": "a", "noexec": "n"}
	if letter, ok := letters[name]; ok {
		s.setOption(letter, on)
	}
}

func (s *shell) setOption(letter string, on bool) {
	s.options = strings.ReplaceAll(s.options, letter, "")
	if on {
		s.options += letter
	}
}

func (s *shell) hasOption(letter string) bool { return strings.Contains(s.options, letter) }

func (s *shell) shiftArguments(words []string) {
	number := 1
	if len(words) > 0 {
		var err error
		if number, err = strconv.Atoi(words[0]); err != nil {
			s.arguments = []string{unknown("$@")}
			return
		}
	}
	if slices.ContainsFunc(s.arguments[:min(number, len(s.arguments))], func(argument string) bool { return argument == unknown("$@") }) {
		s.status = maybe
		return
	}
	if number < 0 || number > len(s.arguments) {
		s.status = 1
		if s.dialect != bash {
			s.flow = exits // dash and ash stop there
		}
		return
	}
	s.arguments = s.arguments[number:]
}

func (s *shell) unset(words []string) {
	for _, word := range words {
		if strings.HasPrefix(word, "-") {
			if word == "-f" {
				return
			}
			continue
		}
		s.variables.put(word, variable{})
	}
}

// declareWords follows export and the like where they are a command's words.
func (s *shell) declareWords(variant string, words []string) {
	for _, word := range words {
		name, value, found := strings.Cut(word, "=")
		if !variableName.MatchString(name) {
			if !isKnown(word) {
				s.unfollowed("an " + variant + " of what is not known")
			}
			continue
		}
		s.local(variant, name)
		if found {
			s.set(name, value)
		}
		s.export(name, variant == "export")
	}
	s.status, s.doubt = 0, nil
}

func (s *shell) changeDirectory(words []string) {
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	switch {
	case len(words) == 1 && isKnown(words[0]) && words[0] != "-":
		s.directory = join(s.directory, words[0])
	case len(words) == 0:
		s.directory, _ = s.home("")
	default:
		s.directory = unknown("$PWD")
	}
}

// readLine follows read: the next line of a text that is known goes into
// variables, word by word, the rest of it into the last.
func (s *shell) readLine(words []string, environment map[string]string) {
	var names []string
	plain := true
	for i := 0; i < len(words); i++ {
		switch word := words[i]; {
		case word == "-r":
		case strings.HasPrefix(word, "-"):
			plain = false
			if len(word) == 2 && strings.Contains("-p-t-n-d-u-N-i", word) {
				i++
			}
		default:
			names = append(names, word)
		}
	}
	s.status = maybe
	separators, given := environment["IFS"]
	plain = plain && len(names) > 0 && s.input != nil && isKnown(*s.input) && (!given && !s.variables.has("IFS") || given && separators == "" && len(names) == 1)
	line, rest, ended := "", unknownOutput, false
	if plain {
		line, rest, ended = strings.Cut(*s.input, "\n")
		plain = !strings.Contains(line, `\`) || slices.Contains(words, "-r")
	}
	if !plain {
		for _, name := range names {
			s.variables.put(name, undecided(name, s.variables.get(name).exported))
		}
		s.readUp()
		return
	}
	s.input, s.status = &rest, 1
	if ended {
		s.status = 0
	}
	if given {
		s.set(names[0], line)
		return
	}
	for i, name := range names {
		line = strings.Trim(line, " \t")
		word := line
		if at := strings.IndexAny(line, " \t"); i < len(names)-1 && at >= 0 {
			word, line = line[:at], line[at:]
		} else if i < len(names)-1 {
			line = ""
		}
		s.set(name, word)
	}
}

// readUp is what a program may do that nobody knows: it reads of the standard
// input.
func (s *shell) readUp() {
	if s.input != nil {
		rest := unknownOutput
		s.input = &rest
	}
}

// eval follows a text that is known.
func (s *shell) eval(words []string) []*shell {
	text := strings.Join(words, " ")
	if !isKnown(text) {
		s.unfollowed("an eval of what is not known")
		return []*shell{s}
	}
	file, ok := s.parse(text)
	if !ok {
		s.spent = true
		return []*shell{s}
	}
	outer, at := s.pinned, s.at
	if s.pinned == nil {
		pinned := s.position()
		s.pinned = &pinned
	}
	ways := s.statements(file.Stmts)
	for _, way := range ways {
		way.pinned, way.at = outer, at
	}
	return ways
}

// source follows a file in the place of a command. What a file that is not seen
// does to variables, nobody knows.
func (s *shell) source(words []string) []*shell {
	if len(words) == 0 {
		s.status = 2
		return []*shell{s}
	}
	if !isKnown(words[0]) || !isKnown(s.directory) {
		s.unfollowed("a file that it reads, whose name is not known")
		return []*shell{s}
	}
	target := s.path(words[0])
	found := s.files.read(target)
	if found.state != present || !isKnown(found.text) {
		s.forgetVariables()
		s.foreign = true
		s.status = maybe
		return []*shell{s}
	}
	key := "source\x00" + target
	file, ok := s.parse(found.text)
	if !ok || slices.Contains(s.chain, key) || len(s.chain) > maxWrappers {
		s.unfollowed("a file that it reads and that cannot be followed")
		return []*shell{s}
	}
	outer := *s
	s.chain = append(slices.Clip(s.chain), key)
	s.text, s.shift, s.pinned = &word{text: found.text, at: found.beginning()}, nil, nil
	if len(words) > 1 && s.dialect != dash {
		s.arguments = s.asArguments(words[1:])
	}
	ways := s.statements(file.Stmts)
	for _, way := range ways {
		way.text, way.shift, way.pinned, way.at, way.chain = outer.text, outer.shift, outer.pinned, outer.at, outer.chain
		if len(words) > 1 && s.dialect != dash {
			way.arguments = outer.arguments
		}
		if way.flow == returns {
			way.flow = goesOn
		}
	}
	return merged(ways)
}

// exec follows exec: the script ends in another program.
func (s *shell) exec(words []string, environment map[string]string, status int) []*shell {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		switch words[0] {
		case "-a":
			words = words[min(2, len(words)):]
		case "--":
			words = words[1:]
			if len(words) > 0 {
				return s.launch(words, environment, true)
			}
		default:
			words = words[1:]
		}
	}
	if len(words) == 0 {
		s.status = status // redirections alone
		return []*shell{s}
	}
	return s.launch(words, environment, true)
}

// passingFunctions follows command and builtin, which pass over functions.
func (s *shell) passingFunctions(words []string, environment map[string]string, status int) []*shell {
	if len(words) > 0 && (words[0] == "-v" || words[0] == "-V") {
		s.status = maybe
		s.emit(unknownOutput)
		return []*shell{s}
	}
	for len(words) > 0 && (words[0] == "-p" || words[0] == "--") {
		words = words[1:]
	}
	if len(words) == 0 {
		return []*shell{s}
	}
	if builtin, ok := builtins[words[0]]; ok {
		return builtin(s, words[1:], environment, status)
	}
	return s.launch(words, environment, false)
}

// position is where the current command stands in its text.
func (s *shell) position() syntax.Pos { return s.newRun(nil, nil).at }

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
