package inspect

import (
	"regexp"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// environment shows expand the variables of a way: only ones that are known are
// ever asked for. The process's own it never sees.
type environment struct{ shell *shell }

func (e environment) Get(name string) expand.Variable {
	if strings.Contains(name, " ") {
		return expand.Variable{Set: true, Kind: expand.String} // HOME of a user: never the machine's
	}
	if text, ok := e.shell.positional(name); ok {
		return expand.Variable{Set: true, Kind: expand.String, Str: text}
	}
	value, _ := e.shell.lookup(name)
	return expand.Variable{Set: value.set, Kind: expand.String, Str: value.first()}
}

func (e environment) Each(func(string, expand.Variable) bool) {}

func (e environment) Set(name string, value expand.Variable) error {
	e.shell.set(name, value.String())
	return nil
}

// wholeNumber is a number that all shells read alike: 010 is 8 for some.
var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})$`)

// calculated works out $((…)).
func (s *shell) calculated(part *syntax.ArithmExp) (text string) {
	number, ok := s.arithmeticOf(part.X)
	if !ok {
		return unknown(sourceOf(&syntax.Word{Parts: []syntax.WordPart{part}}))
	}
	return strconv.Itoa(number)
}

// arithmetic follows ((…)) and let.
func (s *shell) arithmetic(x syntax.ArithmExpr) {
	number, ok := s.arithmeticOf(x)
	s.status, s.doubt = 0, nil
	switch {
	case !ok:
		s.status = maybe
		s.forgetAssigned(x)
	case number == 0:
		s.status = 1
	}
}

// forgetAssigned gives up the variables that an arithmetic expression names: it
// may set them.
func (s *shell) forgetAssigned(x syntax.ArithmExpr) {
	if x == nil {
		return
	}
	syntax.Walk(x, func(node syntax.Node) bool {
		if literal, ok := node.(*syntax.Lit); ok && variableName.MatchString(literal.Value) {
			s.variables.put(literal.Value, undecided(literal.Value, s.variables.get(literal.Value).exported))
		}
		return true
	})
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (s *shell) arithmeticOf(x syntax.ArithmExpr) (number int, ok bool) {
	if x == nil || !s.numbers(x) {
		return 0, false
	}
	defer func() {
		if recover() != nil {
			number, ok = 0, false
		}
	}()
	number, err := expand.Arithm(&expand.Config{Env: environment{s}}, x)
	return number, err == nil
}

// numbers reports whether an expression is of numbers and variables that hold
// numbers, with operators that every shell has.
func (s *shell) numbers(x syntax.ArithmExpr) bool {
	ok := true
	number := func(name string) {
		text := s.parameter(name)
		if value, sure := s.lookup(name); sure && !value.set {
			text = "0"
		}
		ok = ok && wholeNumber.MatchString(text)
	}
	syntax.Walk(x, func(node syntax.Node) bool {
		switch node := node.(type) {
		case nil, *syntax.Word, *syntax.ParenArithm:
		case *syntax.BinaryArithm:
			ok = ok && node.Op != syntax.Pow && node.Op != syntax.Comma && node.Op != syntax.Shl && node.Op != syntax.ShlAssgn
		case *syntax.UnaryArithm:
			ok = ok && (s.dialect == bash || node.Op != syntax.Inc && node.Op != syntax.Dec)
		case *syntax.Lit:
			if variableName.MatchString(node.Value) {
				number(node.Value)
			} else {
				ok = ok && wholeNumber.MatchString(node.Value)
			}
		case *syntax.ParamExp:
			if ok = ok && node.Param != nil && node.Exp == nil && !node.Length && node.Index == nil && node.Slice == nil && node.Repl == nil && !node.Excl; ok {
				number(node.Param.Value)
			}
			return false
		default:
			ok = false
		}
		return ok
	})
	return ok
}
