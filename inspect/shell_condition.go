package inspect

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/pattern"
	"mvdan.cc/sh/v3/syntax"
)

// truth is what is known of a condition.
type truth int

const (
	perhaps truth = iota
	yes
	no
)

func truthOf(holds bool) truth {
	if holds {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return perhaps
}

func (t truth) and(other truth) truth {
	switch {
	case t == no || other == no:
		return no
	case t == yes && other == yes:
		return yes
	}
	return perhaps
}

func (t truth) or(other truth) truth { return t.not().and(other.not()).not() }

// judgement is a condition, and what it hangs on where it is not decided.
type judgement struct {
	truth truth
	doubt *doubt
}

func certain(holds bool) judgement { return judgement{truth: truthOf(holds)} }

func (j judgement) not() judgement {
	j.truth = j.truth.not()
	if j.doubt != nil {
		j.doubt = &doubt{j.doubt.mark, j.doubt.value, !j.doubt.negated}
	}
	return j
}

func (j judgement) and(other judgement) judgement {
	switch {
	case j.truth == yes:
		return other
	case other.truth == yes:
		return j
	}
	return judgement{truth: j.truth.and(other.truth)}
}

func (j judgement) or(other judgement) judgement { return j.not().and(other.not()).not() }

// judged makes a condition the status of a command.
func (s *shell) judged(j judgement) {
	s.doubt = nil
	switch j.truth {
	case yes:
		s.status = 0
	case no:
		s.status = 1
	default:
		s.status, s.doubt = maybe, j.doubt
	}
}

// testArguments follows `test` and `[`.
func (s *shell) testArguments(words []string) {
	t := tester{shell: s, words: words}
	j := t.either()
	if t.at < len(words) || t.broken {
		j = judgement{}
	}
	s.judged(j)
}

// tester reads the words of a test. What POSIX says of up to four words is said
// first: `[ -n = -n ]` compares.
type tester struct {
	shell  *shell
	words  []string
	at     int
	broken bool
}

func (t *tester) left() []string { return t.words[t.at:] }

func (t *tester) either() judgement {
	j := t.both()
	for t.at < len(t.words) && t.words[t.at] == "-o" && len(t.left()) > 1 {
		t.at++
		j = j.or(t.both())
	}
	return j
}

func (t *tester) both() judgement {
	j := t.single()
	for t.at < len(t.words) && t.words[t.at] == "-a" && len(t.left()) > 1 {
		t.at++
		j = j.and(t.single())
	}
	return j
}

func (t *tester) single() judgement {
	left := t.left()
	switch {
	case len(left) == 0:
		t.broken = len(t.words) > 0
		return certain(false)
	case len(left) >= 3 && isBinary(left[1]):
		t.at += 3
		return t.shell.compare(left[0], left[1], left[2])
	case left[0] == "!" && len(left) > 1:
		t.at++
		return t.single().not()
	case left[0] == "(" && len(left) > 2:
		t.at++
		j := t.either()
		t.broken = t.broken || t.at >= len(t.words) || t.words[t.at] != ")"
		t.at++
		return j
	case len(left) >= 2 && isUnary(left[0]):
		t.at += 2
		return t.shell.unary(left[0], left[1])
	}
	t.at++
	return t.shell.isFilled(left[0])
}

func isBinary(operator string) bool {
	switch operator {
	case "=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "<", ">", "=~":
		return true
	}
	return false
}

func isUnary(operator string) bool {
	return len(operator) == 2 && operator[0] == '-' && strings.IndexByte("nzfdersxwLhptSugkOGNbcvRo", operator[1]) >= 0
}

// isFilled asks whether a text is not empty.
func (s *shell) isFilled(text string) judgement {
	filled, decided := s.filled(text)
	if decided {
		return certain(filled)
	}
	if mark, ok := steady(text); ok {
		return judgement{doubt: &doubt{mark, "", true}}
	}
	return judgement{}
}

func (s *shell) unary(operator, operand string) judgement {
	switch operator {
	case "-n":
		return s.isFilled(operand)
	case "-z":
		return s.isFilled(operand).not()
	case "-t":
		return judgement{} // a container may have a terminal
	case "-v", "-R", "-o", "-O", "-G", "-N":
		return judgement{}
	}
	return judgement{truth: s.isFile(operator, operand)}
}

// isFile asks for a file. What comes with an image, or is made while the
// container runs, is not known.
func (s *shell) isFile(operator, name string) truth {
	if name == "" {
		return no
	}
	if !isKnown(name) || !isKnown(s.directory) {
		return perhaps
	}
	target := s.path(name)
	found := s.files.read(target)
	kind := found.state
	switch {
	case kind == missing && !s.surelyMissing(target):
		return perhaps
	case kind == opaque && s.isSecret(target) && strings.Contains("-e-f", operator):
		return yes
	case kind == opaque:
		return perhaps
	case kind == missing:
		return no
	}
	switch operator {
	case "-e":
		return yes
	case "-f":
		return truthOf(kind == present)
	case "-d":
		return truthOf(kind == directory)
	case "-s":
		if kind == present && isKnown(found.text) {
			return truthOf(found.text != "")
		}
	case "-r":
		if s.user == "0" {
			return yes
		}
	case "-p", "-S", "-b", "-c":
		return no
	}
	return perhaps
}

// surelyMissing reports whether nothing brings a file to a place at which the
// project has none: it was removed, or an image that is known has no conf.
func (s *shell) surelyMissing(target string) bool {
	if s.files.isWritten(target) {
		return true
	}
	if mount, mounted := s.files.mountAt(target); mounted {
		return mount.Type == "tmpfs"
	}
	switch path.Ext(target) {
	case ".conf", ".acl", ".tmpl", ".template", ".tpl":
		return s.files.bare
	}
	return s.files.bare && strings.HasPrefix(target, "/run/secrets/")
}

func (s *shell) isSecret(target string) bool {
	mount, ok := s.files.mountAt(target)
	return ok && mount.Type == "secret" && mount.Target == target
}

func (s *shell) compare(left, operator, right string) judgement {
	switch operator {
	case "==", "<", ">", "=~":
		if operator != "==" || s.dialect == dash || s.dialect == anyShell {
			return judgement{}
		}
		return s.equal(left, right)
	case "=":
		return s.equal(left, right)
	case "!=":
		return s.equal(left, right).not()
	}
	a, errLeft := strconv.Atoi(left)
	b, errRight := strconv.Atoi(right)
	if errLeft != nil || errRight != nil {
		return judgement{}
	}
	switch operator {
	case "-eq":
		return certain(a == b)
	case "-ne":
		return certain(a != b)
	case "-lt":
		return certain(a < b)
	case "-le":
		return certain(a <= b)
	case "-gt":
		return certain(a > b)
	case "-ge":
		return certain(a >= b)
	}
	return judgement{}
}

// equal compares two texts.
func (s *shell) equal(left, right string) judgement {
	if isKnown(left) && isKnown(right) {
		return certain(left == right)
	}
	if !isKnown(right) {
		left, right = right, left
	}
	mark, ok := steady(left)
	switch {
	case !isKnown(right), !ok:
		if filled, decided := s.filled(left); right == "" && decided && filled {
			return certain(false)
		}
		return judgement{}
	case s.denied.get(mark + "=" + right):
		return certain(false)
	}
	return judgement{doubt: &doubt{mark: mark, value: right}}
}

// test follows [[ … ]].
func (s *shell) test(x syntax.TestExpr) { s.judged(s.testExpression(x)) }

func (s *shell) testExpression(x syntax.TestExpr) judgement {
	if s.spend(1); s.spent {
		return judgement{}
	}
	switch x := x.(type) {
	case *syntax.Word:
		return s.isFilled(s.word(x))
	case *syntax.ParenTest:
		return s.testExpression(x.X)
	case *syntax.UnaryTest:
		if x.Op == syntax.TsNot {
			return s.testExpression(x.X).not()
		}
		if word, ok := x.X.(*syntax.Word); ok {
			return s.unary(x.Op.String(), s.word(word))
		}
	case *syntax.BinaryTest:
		switch x.Op {
		case syntax.AndTest:
			return s.testExpression(x.X).and(s.testExpression(x.Y))
		case syntax.OrTest:
			return s.testExpression(x.X).or(s.testExpression(x.Y))
		}
		left, ok := x.X.(*syntax.Word)
		right, isWord := x.Y.(*syntax.Word)
		if ok && isWord {
			return s.binaryTest(x.Op, s.word(left), right)
		}
	}
	return judgement{}
}

func (s *shell) binaryTest(op syntax.BinTestOperator, left string, right *syntax.Word) judgement {
	switch op {
	case syntax.TsMatch, syntax.TsMatchShort, syntax.TsNoMatch:
		j := s.matches(left, s.pattern(right))
		if op == syntax.TsNoMatch {
			return j.not()
		}
		return j
	case syntax.TsBefore, syntax.TsAfter, syntax.TsReMatch:
		return judgement{}
	}
	return s.compare(left, op.String(), s.word(right))
}

// matches asks whether a text is one of a pattern's.
func (s *shell) matches(text, of string) judgement {
	literal, isLiteral := literalOf(of)
	switch {
	case isLiteral:
		return s.equal(text, literal)
	case of == "*":
		return certain(true)
	case !isKnown(text), !isKnown(of), len(of) > maxPattern, strings.Contains(of, "[^"):
		if filled, decided := s.filled(text); of == "?*" && decided {
			return certain(filled)
		}
		return judgement{}
	}
	expression, err := pattern.Regexp(of, pattern.EntireString|pattern.NoGlobStar)
	if err != nil {
		return judgement{}
	}
	compiled, err := regexp.Compile(expression)
	if err != nil || isLarge(expression) || s.spentOn(costOfMatch*len(text)+costOfPattern*len(of)) {
		return judgement{}
	}
	return certain(compiled.MatchString(text))
}

// literalOf returns the one text that a pattern without special characters
// stands for.
func literalOf(of string) (text string, ok bool) {
	var literal strings.Builder
	for i := 0; i < len(of); i++ {
		switch {
		case of[i] == '\\' && i+1 < len(of):
			i++
			literal.WriteByte(of[i])
		case strings.IndexByte("*?[", of[i]) >= 0:
			return "", false
		default:
			literal.WriteByte(of[i])
		}
	}
	return literal.String(), true
}

// chooseCase follows case: every pattern that may match makes a way of its own.
func (s *shell) chooseCase(command *syntax.CaseClause) []*shell {
	word := s.word(command.Word)
	if s.failed != "" {
		return s.fail()
	}
	var ways []*shell
	rest := s
	rest.status = 0
	for _, item := range command.Items {
		if item.Op != syntax.Break {
			s.unfollowed("a case whose branches go on with the next")
		}
		for _, alternative := range item.Patterns {
			j := rest.matches(word, rest.pattern(alternative))
			if rest.failed != "" {
				return append(ways, rest.fail()...)
			}
			rest.judged(j)
			inside, left := rest.decide()
			if inside != nil {
				inside.status = 0
				ways = append(ways, inside.statements(item.Stmts)...)
			}
			if left == nil {
				return merged(ways)
			}
			rest = left
			rest.status = 0
		}
	}
	return merged(append(ways, rest))
}
