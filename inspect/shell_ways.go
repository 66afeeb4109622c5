package inspect

import (
	"bytes"
	"maps"
	"regexp"
	"slices"

	"github.com/rcomp/rcomp/lint/compose/unset"

	"mvdan.cc/sh/v3/syntax"
)

// A script is followed twice. First everything that differs is given up at once,
// which costs about as much as the script is long; where that gave something up,
// its ways are kept apart, as far as that costs little. Most scripts have two or
// three; those that go on beside their server for ever have hundreds, and come
// to one start.
const (
	mostWays = 24 // that are followed at the same time
	mostEnds = 48 // different programs that they end in
)

// doubt is what an undecided status hangs on: whether the value that a mark
// stands for is a certain one.
type doubt struct {
	mark, value string
	negated     bool
}

// decide parts a way where its last command succeeded from where it failed.
// One of them is nil where the status is known.
func (s *shell) decide() (success, failure *shell) {
	switch s.status {
	case 0:
		return s, nil
	case maybe:
	default:
		return nil, s
	}
	doubt := s.doubt
	s.doubt = nil
	failure = s.fork()
	s.status, failure.status = 0, 1
	if doubt != nil {
		equal, other := s, failure
		if doubt.negated {
			equal, other = failure, s
		}
		equal.assumed.put(doubt.mark, doubt.value)
		other.denied.put(doubt.mark+"="+doubt.value, true)
	}
	return s, failure
}

// ofEnvironment recognises the mark of a variable of the container or of
// Compose. It stands for the same value wherever it is.
var ofEnvironment = regexp.MustCompile(`^\$\{[A-Za-z_][A-Za-z0-9_]*\}$`)

// steady returns the mark that a text consists of, if that stands for one value
// all through a script.
func steady(text string) (mark string, ok bool) {
	mark, rest, found := unset.CutMark(text)
	if !found || rest != "" {
		return "", false
	}
	variable := unset.VariablesIn(mark)[0]
	return mark, !variable.AtStart || ofEnvironment.MatchString(variable.Name)
}

// settle puts in what this way takes for granted.
func (s *shell) settle(text string) string {
	if len(s.assumed.all()) == 0 || isKnown(text) {
		return text
	}
	return unset.Replace(text, func(v unset.Variable) string {
		mark := v.Mark()
		if value, ok := s.assumed.lookup(mark); ok {
			return value
		}
		return mark
	})
}

// fork makes a second way of one.
func (s *shell) fork() *shell {
	other := *s
	other.variables, other.functions = s.variables.share(), s.functions.share()
	other.assumed, other.denied = s.assumed.share(), s.denied.share()
	other.locals = maps.Clone(s.locals)
	other.files = s.files.fork()
	other.out, other.runs, other.arguments = slices.Clip(s.out), slices.Clip(s.runs), slices.Clip(s.arguments)
	s.out = slices.Clip(s.out)
	s.spend(costOfWay + len(s.variables.all()) + len(s.files.written.all()))
	return &other
}

// explore follows a script that begin begins, with its ways apart if that is
// affordable.
func explore(begin func() *shell, script string) (ways []*shell, shared *following, ok bool) {
	if !followable(script) {
		return nil, nil, false
	}
	rough := begin()
	rough.limit, rough.most = 1, maxWork
	ways, ok = rough.follow(script)
	if !ok || !rough.lumped || rough.work > maxExactWork/4 {
		return ways, rough.following, ok
	}
	exact := begin()
	exact.limit, exact.most = mostWays, maxExactWork
	if apart, ok := exact.follow(script); ok {
		return apart, exact.following, true
	}
	return ways, rough.following, true
}

// merged makes ways one that came to the same, and gives up what differs where
// there are too many.
func merged(ways []*shell) []*shell {
	if len(ways) < 2 {
		return ways
	}
	var different []*shell
next:
	for _, way := range ways {
		if way.spent {
			return ways[:1]
		}
		for _, other := range different {
			if other.same(way) {
				other.meet(way)
				continue next
			}
		}
		different = append(different, way)
	}
	if len(different) <= max(ways[0].limit, 1) {
		return different
	}
	return lumped(different)
}

// lumped makes one of all ways that go on, and one of those that ended in the
// same program.
func lumped(ways []*shell) []*shell {
	var kept []*shell
next:
	for _, way := range ways {
		for _, other := range kept {
			if other.flow == way.flow && other.levels == way.levels && sameEnd(other.end, way.end) {
				other.join(way)
				other.lumped = true
				continue next
			}
		}
		kept = append(kept, way)
	}
	if len(kept) > mostEnds {
		kept[0].spent = true // for all of them: they share it
	}
	return kept
}

// same reports whether two ways go on alike, whatever they took for granted.
func (s *shell) same(other *shell) bool {
	s.spend(costOfSame + len(s.variables.all()) + len(s.files.written.all()) + len(s.out)/bytesPerStep)
	return s.flow == other.flow && s.levels == other.levels && sameEnd(s.end, other.end) && s.directory == other.directory && s.zero == other.zero &&
		s.opaque == other.opaque && s.foreign == other.foreign && s.user == other.user && s.captures == other.captures && s.tested == other.tested &&
		slices.Equal(s.arguments, other.arguments) && s.variables.same(&other.variables, equals) && s.options == other.options &&
		s.functions.same(&other.functions, equals) && bytes.Equal(s.out, other.out) && sameInput(s.input, other.input) &&
		slices.EqualFunc(s.runs, other.runs, sameRun) && s.files.same(other.files)
}

func sameInput(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

func sameEnd(a, b *run) bool { return a == b || a != nil && b != nil && sameRun(*a, *b) }

func sameRun(a, b run) bool {
	return a.at == b.at && a.background == b.background && a.detached == b.detached && a.directory == b.directory && slices.Equal(a.words, b.words) && maps.Equal(a.environment, b.environment)
}

// meet keeps what two ways that are alike both take for granted.
func (s *shell) meet(other *shell) {
	if s.status != other.status {
		s.status = maybe
	}
	if s.doubt == nil || other.doubt == nil || *s.doubt != *other.doubt {
		s.doubt = nil
	}
	for mark, value := range s.assumed.all() {
		if theirs, ok := other.assumed.lookup(mark); !ok || theirs != value {
			s.assumed.delete(mark)
		}
	}
	for mark := range s.denied.all() {
		if !other.denied.get(mark) {
			s.denied.delete(mark)
		}
	}
}

// join gives up what two ways do not agree on.
func (s *shell) join(other *shell) {
	s.meet(other)
	s.joinVariables(other.variables.all())
	s.files.join(other.files)
	if !slices.Equal(s.arguments, other.arguments) {
		s.arguments = []string{unknown("$@")}
	}
	if s.directory != other.directory {
		s.directory = unknown("$PWD")
	}
	if !bytes.Equal(s.out, other.out) {
		s.out = []byte(unknownOutput + "\n")
	}
	if !sameInput(s.input, other.input) {
		text := unknownOutput
		s.input = &text
	}
	for name, function := range other.functions.all() {
		if s.functions.get(name) != function {
			s.opaque = nonEmpty(s.opaque, "its start script has a function "+name+" that hangs on a condition")
		}
	}
	for _, r := range other.runs {
		if !slices.ContainsFunc(s.runs, func(have run) bool { return sameRun(have, r) }) {
			s.runs = append(s.runs, r)
		}
	}
	for _, letter := range other.options {
		s.setOption(string(letter), true)
	}
	s.foreign = s.foreign || other.foreign
	s.opaque, s.tested = nonEmpty(s.opaque, other.opaque), s.tested || other.tested
	if s.user != other.user {
		s.user = ""
	}
}

func (s *shell) joinVariables(others map[string]variable) {
	for name, value := range s.variables.all() {
		if other, ok := others[name]; !ok || other != value {
			s.variables.put(name, undecided(name, value.exported || other.exported))
		}
	}
	for name, other := range others {
		if !s.variables.has(name) {
			s.variables.put(name, undecided(name, other.exported))
		}
	}
}

// undecided is a variable that hangs on a condition. Its mark is not that of a
// variable of the container, which has one value.
func undecided(name string, exported bool) variable {
	return variable{text: unknown("$" + name), set: true, exported: exported}
}

func equals[V comparable](a, b V) bool { return a == b }

// one makes a single way of several, of which all that differs is given up.
func one(ways []*shell) *shell {
	first := ways[0]
	for _, other := range ways[1:] {
		if !first.same(other) {
			first.join(other)
		} else {
			first.meet(other)
		}
	}
	return first
}

// exported lists what a program gets from a way's own variables.
func (s *shell) exported(environment map[string]string) map[string]string {
	all := map[string]string{}
	for name, value := range s.variables.all() {
		if value.exported && value.set && !value.list {
			all[name] = value.text
		}
	}
	maps.Copy(all, environment)
	return all
}

// dialect is which shell reads a script.
type dialect string

const (
	dash     dialect = "dash"
	ash      dialect = "ash" // busybox'
	bash     dialect = "bash"
	anyShell dialect = "" // a sh that is not known: what only some shells know is unknown
)

func (d dialect) variant() syntax.LangVariant {
	if d == dash {
		return syntax.LangPOSIX
	}
	return syntax.LangBash
}
