package inspect

import (
	"regexp"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// maxParted is how many parameters of one command part a way.
const maxParted = 4

// parted makes a way two where a word of a command hangs on whether a variable
// is empty, as ${P:+--requirepass "$P"} does.
func (s *shell) parted(statement *syntax.Stmt) []*shell {
	ways := []*shell{s}
	for i, p := range alternatives(statement) {
		if i == maxParted {
			break
		}
		var parted []*shell // not merged: they differ in what they take for granted
		for _, way := range ways {
			parted = append(parted, way.partedBy(p)...)
		}
		ways = parted
	}
	return ways
}

func (s *shell) partedBy(p *syntax.ParamExp) []*shell {
	text, ok := s.positional(p.Param.Value)
	if !ok {
		value, sure := s.lookup(p.Param.Value)
		if text = value.first(); !sure && isAlternate(p.Exp.Op) {
			text = unknown("${" + p.Param.Value + "}")
		}
	}
	mark, ok := steady(text)
	if _, decided := s.filled(text); !ok || decided {
		return []*shell{s}
	}
	if p.Exp.Op == syntax.ErrorUnsetOrNull {
		s.denied.put(mark+"=", true) // or the script ends
		return []*shell{s}
	}
	status := s.status
	s.status, s.doubt = maybe, &doubt{mark: mark}
	empty, filled := s.decide()
	empty.status, filled.status = status, status
	return []*shell{empty, filled}
}

// alternatives lists the parameters in the words of a command that stand for
// one thing or another.
func alternatives(statement *syntax.Stmt) (all []*syntax.ParamExp) {
	find := func(node syntax.Node) {
		syntax.Walk(node, func(node syntax.Node) bool {
			switch node := node.(type) {
			case *syntax.CmdSubst, *syntax.ProcSubst:
				return false
			case *syntax.ParamExp:
				if node.Exp != nil && node.Param != nil && node.Index == nil && isNull(node.Exp.Op) {
					all = append(all, node)
				}
			}
			return true
		})
	}
	for _, redirect := range statement.Redirs {
		if redirect.Word != nil {
			find(redirect.Word)
		}
		if redirect.Hdoc != nil {
			find(redirect.Hdoc)
		}
	}
	switch command := statement.Cmd.(type) {
	case *syntax.CallExpr:
		for _, assign := range command.Assigns {
			find(assign)
		}
		for _, word := range command.Args {
			find(word)
		}
	case *syntax.DeclClause:
		for _, assign := range command.Args {
			find(assign)
		}
	}
	return all
}

func isNull(op syntax.ParExpOperator) bool {
	switch op {
	case syntax.AlternateUnsetOrNull, syntax.DefaultUnsetOrNull, syntax.AssignUnsetOrNull, syntax.ErrorUnsetOrNull:
		return true
	}
	return false
}

func isAlternate(op syntax.ParExpOperator) bool {
	return op == syntax.AlternateUnset || op == syntax.AlternateUnsetOrNull
}

// list returns the elements of $@, $*, ${a[@]} and ${a[*]}.
func (s *shell) list(p *syntax.ParamExp) (elements []string, ok bool) {
	if p.Param == nil {
		return nil, false
	}
	switch p.Param.Value {
	case "@", "*":
		for _, argument := range s.arguments {
			elements = append(elements, s.settle(argument))
		}
		return elements, p.Index == nil
	}
	if index := indexOf(p); index == "@" || index == "*" {
		value, sure := s.lookup(p.Param.Value)
		if sure && !value.set {
			return nil, true
		}
		if sure {
			return value.elements(), true
		}
		return []string{unknown("${" + p.Param.Value + "[@]}")}, true
	}
	return nil, false
}

func indexOf(p *syntax.ParamExp) string {
	if word, ok := p.Index.(*syntax.Word); ok {
		return word.Lit()
	}
	return ""
}

// buildParameter adds $NAME and ${NAME…}.
func (s *shell) buildParameter(b *fieldBuilder, p *syntax.ParamExp, inQuotes, whole bool) {
	if p.Param == nil {
		b.add(unknown("${…}"), inQuotes, whole)
		return
	}
	plain := p.Exp == nil && !p.Length && !p.Excl && !p.Width && !p.IsSet && p.Slice == nil && p.Repl == nil
	if elements, ok := s.list(p); ok && (plain || p.Length && p.Exp == nil || s.sliced(p, &elements)) {
		s.buildList(b, p, elements, inQuotes, whole)
		return
	}
	if p.Index != nil && indexOf(p) != "0" {
		b.add(unknown(sourceOf(&syntax.Word{Parts: []syntax.WordPart{p}})), inQuotes, whole)
		return
	}
	if p.Exp != nil && !p.Length && !p.Excl && s.alternative(b, p, inQuotes, whole) {
		return
	}
	text := s.parameter(p.Param.Value)
	if !plain {
		text = s.operated(p)
	}
	b.add(text, inQuotes, whole)
}

// sliced follows ${@:N} with a number.
func (s *shell) sliced(p *syntax.ParamExp, elements *[]string) bool {
	if p.Slice == nil || p.Exp != nil || p.Length || p.Repl != nil || p.Slice.Length != nil || p.Param.Value != "@" {
		return false
	}
	offset, ok := p.Slice.Offset.(*syntax.Word)
	if !ok {
		return false
	}
	number, err := strconv.Atoi(offset.Lit())
	if err != nil || number < 1 || len(*elements) > 0 && !isKnown(strings.Join((*elements)[:min(number-1, len(*elements))], "")) {
		return false
	}
	*elements = (*elements)[min(number-1, len(*elements)):]
	return true
}

func (s *shell) buildList(b *fieldBuilder, p *syntax.ParamExp, elements []string, inQuotes, whole bool) {
	joins := p.Param.Value == "*" || indexOf(p) == "*"
	switch {
	case p.Length:
		for _, element := range elements {
			if isUnquotedMark(element) {
				b.add(unknown("$#"), inQuotes, whole)
				return
			}
		}
		b.add(strconv.Itoa(len(elements)), inQuotes, whole)
	case whole, inQuotes && joins:
		separator := " "
		if ifs, _ := s.lookup("IFS"); ifs.set && joins {
			separator = unknown("$IFS")
		}
		b.add(strings.Join(elements, separator), inQuotes, whole)
	default:
		for i, element := range elements {
			if i > 0 {
				b.separate()
			}
			b.add(element, inQuotes, false)
		}
	}
}

// parameter expands $NAME.
func (s *shell) parameter(name string) string {
	if text, ok := s.positional(name); ok {
		return text
	}
	value, sure := s.lookup(name)
	switch {
	case value.set:
		return value.first()
	case sure:
		if s.hasOption("u") {
			s.failed = name + " is not set"
		}
		return ""
	}
	return s.settle(unknown("${" + name + "}"))
}

// alternative adds ${P:-word} and its kin, which stand for a word or another.
// It is false for other operators.
func (s *shell) alternative(b *fieldBuilder, p *syntax.ParamExp, inQuotes, whole bool) bool {
	name := p.Param.Value
	text, isPositional := s.positional(name)
	set, sure := true, true
	if isPositional {
		number, err := strconv.Atoi(name)
		set = err != nil || number <= len(s.arguments)
	} else if elements, ok := s.list(p); ok {
		text, set = strings.Join(elements, " "), len(elements) > 0
	} else {
		var value variable
		value, sure = s.lookup(name)
		text, set = value.first(), value.set
	}
	filled, decided := s.filled(text)
	if !isNull(p.Exp.Op) {
		// ${P-word} asks whether it is set. What Compose hands through may not be.
		decided = decided && (sure || isKnown(text)) || filled
		filled = set
	} else {
		filled = filled && set
	}
	decided = decided || !set
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull, syntax.ErrorUnset, syntax.ErrorUnsetOrNull,
		syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
	default:
		return false
	}
	isError := p.Exp.Op == syntax.ErrorUnset || p.Exp.Op == syntax.ErrorUnsetOrNull
	switch {
	case isError && (!sure || !decided):
		b.add(s.parameter(name), inQuotes, whole) // or the script ends
	case !decided, isAlternate(p.Exp.Op) && !sure:
		b.add(unknown(sourceOf(&syntax.Word{Parts: []syntax.WordPart{p}})), inQuotes, whole)
	case isError && !filled:
		s.failed = name + " is not set"
	case isAlternate(p.Exp.Op) == filled && !isError:
		s.buildAlternative(b, p, inQuotes, whole)
	case !isAlternate(p.Exp.Op):
		b.add(text, inQuotes, whole)
	}
	return true
}

// buildAlternative adds the word of ${P:+word}. Without quotes around it, what
// stands in it without quotes is split.
func (s *shell) buildAlternative(b *fieldBuilder, p *syntax.ParamExp, inQuotes, whole bool) {
	if p.Exp.Word == nil {
		return
	}
	if p.Exp.Op == syntax.AssignUnset || p.Exp.Op == syntax.AssignUnsetOrNull {
		text := s.word(p.Exp.Word)
		s.set(p.Param.Value, text)
		b.add(text, inQuotes, whole)
		return
	}
	for i, part := range p.Exp.Word.Parts {
		literal, isLiteral := part.(*syntax.Lit)
		_, isQuoted := part.(*syntax.SglQuoted)
		switch {
		case isQuoted && inQuotes:
			b.quoted(unknown("${" + p.Param.Value + "…}")) // each shell reads it in its own way
		case !isLiteral || inQuotes || whole:
			s.build(b, []syntax.WordPart{part}, inQuotes, whole)
		default:
			s.splitLiteral(b, literal.Value, i == 0)
		}
	}
}

func (s *shell) splitLiteral(b *fieldBuilder, text string, first bool) {
	if first && strings.HasPrefix(text, "~") {
		s.literal(b, text, false, first)
		return
	}
	for {
		at := strings.IndexByte(text, '\\')
		if at < 0 || at == len(text)-1 {
			b.split(text)
			return
		}
		b.split(text[:at])
		s.literal(b, text[at:at+2], false, false)
		text = text[at+2:]
	}
}

// operated works out ${#P}, ${P#pattern}, ${P/a/b} and the like, where all that
// they hang on is known.
func (s *shell) operated(p *syntax.ParamExp) (text string) {
	whole := unknown(sourceOf(&syntax.Word{Parts: []syntax.WordPart{p}}))
	value := s.parameter(p.Param.Value)
	suffix := p.Exp != nil && (p.Exp.Op == syntax.RemSmallSuffix || p.Exp.Op == syntax.RemLargeSuffix)
	switch {
	case !isKnown(value), p.Width, p.IsSet, !s.knows(p):
		return whole
	case p.Exp != nil && p.Exp.Op == syntax.OtherParamOps, p.Names != 0, p.Excl && !s.isSure(value):
		return whole
	case s.dialect != bash && (p.Excl || p.Exp != nil && !suffix && p.Exp.Op != syntax.RemSmallPrefix && p.Exp.Op != syntax.RemLargePrefix):
		return whole
	case p.Length && !isASCII(value), suffix && strings.Contains(value, "\n"), s.spentOn(costOfMatch*len(value) + costOfPattern):
		return whole
	}
	defer func() {
		if recover() != nil {
			text = whole // a pattern that is none
		}
	}()
	text, err := expand.Literal(&expand.Config{Env: environment{s}}, &syntax.Word{Parts: []syntax.WordPart{p}})
	if err != nil {
		return whole
	}
	return text
}

// isSure reports whether a variable is known, set or not.
func (s *shell) isSure(name string) bool {
	value, sure := s.lookup(name)
	return sure && isKnown(value.text)
}

func (s *shell) spentOn(work int) bool {
	s.spend(work)
	return s.spent
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// knows reports whether all that an expansion hangs on is known, and plain
// enough for expand to read it as the shells do.
func (s *shell) knows(whole *syntax.ParamExp) bool {
	ok := true
	quoted := func(parts ...syntax.WordPart) {
		for _, part := range parts {
			switch part := part.(type) {
			case *syntax.Lit:
				ok = ok && !strings.ContainsAny(part.Value, `*?[\`)
			case *syntax.SglQuoted:
				ok = ok && !strings.ContainsAny(part.Value, `*?[\`)
			}
		}
	}
	syntax.Walk(whole, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.CmdSubst, *syntax.ProcSubst, *syntax.ExtGlob:
			ok = false
		case *syntax.SglQuoted:
			quoted(node)
			ok = ok && !node.Dollar
		case *syntax.DblQuoted:
			quoted(node.Parts...)
		case *syntax.Lit:
			ok = ok && len(node.Value) <= maxPattern && !strings.HasPrefix(node.Value, "~") && !strings.Contains(node.Value, "[^") && !strings.Contains(node.Value, "[")
		case *syntax.ParamExp:
			if node.Param == nil || node.Param.Value == "@" || node.Param.Value == "*" {
				ok = false
				break
			}
			text := s.parameter(node.Param.Value)
			ok = ok && isKnown(text) && (len(text) <= maxPattern || node == whole)
		}
		return ok
	})
	return ok
}

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
