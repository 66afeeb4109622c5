package inspect

import (
	"mvdan.cc/sh/v3/syntax"
)

// unknownOutput stands for what a program prints.
var unknownOutput = unknown("$(…)")

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
