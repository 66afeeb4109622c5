package inspect

import (
	"slices"
	"strconv"
	"strings"
)

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

// harmless are programs that change neither a conf file nor what runs. They are
// taken to succeed: a script that goes on where chown fails has no other start.
var harmless = map[string]bool{
	"umask": true, "chown": true, "chmod": true, "mkdir": true, "sleep": true, "trap": true, "ulimit": true, "sysctl": true, "wait": true,
	"date": true, "touch": true, "id": true, "ls": true, "kill": true, "apk": true, "apt-get": true, "hostname": true, "whoami": true,
	"chgrp": true, "sync": true, "logger": true, "shopt": true, "hash": true, "jobs": true, "stty": true, "tput": true, "env": true, "printenv": true,
	"df": true, "du": true, "free": true, "ps": true, "uname": true, "nproc": true, "seq": true, "expr": true, "pwd": true, "times": true,
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
