package inspect

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

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
