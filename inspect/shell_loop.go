package inspect

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"
)

// maxTurns is how often a loop is followed turn by turn.
const maxTurns = 64

// maxRounds bounds how often a loop of any number of turns is gone through,
// until nothing more differs: each round gives up what the one before changed.
const maxRounds = 16

// turn goes through a loop once: inside are the ways at the end of its body,
// left those that end the loop before it.
type turn func(*shell) (inside, left []*shell)

// whileLoop follows while and until: turn by turn as long as all is decided,
// and for any number of turns from where it is not.
func (s *shell) whileLoop(command *syntax.WhileClause) []*shell {
	once := func(way *shell) (inside, left []*shell) {
		for _, way := range way.condition(command.Cond) {
			if way.flow != goesOn || way.spent {
				left = append(left, way)
				continue
			}
			success, failure := way.decide()
			if command.Until {
				success, failure = failure, success
			}
			if success != nil {
				inside = append(inside, success.statements(command.Do)...)
			}
			if failure != nil {
				failure.status = 0
				left = append(left, failure)
			}
		}
		return inside, left
	}
	way := s
	for range s.turns() {
		before := way.fork()
		inside, left := once(way)
		all := append(inside, left...)
		if len(all) != 1 {
			return before.anyTurns(command, once)
		}
		if way = all[0]; len(left) == 1 || way.flow != goesOn && !way.landed() {
			way.outOfLoop()
			return []*shell{way}
		}
		if way.same(before) {
			way.flow = exits // it waits for ever
			return []*shell{way}
		}
		if way.spent {
			return []*shell{way}
		}
	}
	s.lumped = true
	return way.anyTurns(command, once)
}

// turns is how often a loop is followed turn by turn.
func (s *shell) turns() int {
	if s.limit == 1 {
		return 2
	}
	return maxTurns
}

// forLoop follows `for NAME in WORDS`.
func (s *shell) forLoop(command *syntax.ForClause) []*shell {
	iteration, ok := command.Loop.(*syntax.WordIter)
	if !ok || command.Select {
		s.unfollowed("a loop that is not followed")
		return s.maybeTurns("", command)
	}
	name, words := iteration.Name.Value, slices.Clone(s.arguments)
	if iteration.InPos.IsValid() {
		words = s.fields(iteration.Items...)
	}
	if s.failed != "" {
		return s.fail()
	}
	if len(words) > s.turns() || slices.ContainsFunc(words, isUnquotedMark) {
		s.lumped = s.lumped || len(words) > s.turns()
		return s.maybeTurns(name, command)
	}
	s.status = 0
	ways := []*shell{s}
	for _, word := range words {
		ways = each(ways, func(way *shell) []*shell {
			way.set(name, word)
			ways := way.statements(command.Do)
			for _, way := range ways {
				way.landed()
			}
			return ways
		})
	}
	for _, way := range ways {
		way.outOfLoop()
	}
	return merged(ways)
}

// isUnquotedMark recognises a word that may stand for any number of words.
func isUnquotedMark(text string) bool {
	_, found := wholeMark(text)
	return found
}

// maybeTurns follows a body that is gone through any number of times, for words
// that are not known.
func (s *shell) maybeTurns(name string, command *syntax.ForClause) []*shell {
	return s.anyTurns(command, func(way *shell) (inside, left []*shell) {
		left = []*shell{way.fork()}
		if name != "" {
			way.variables.put(name, undecided(name, way.variables.get(name).exported))
		}
		return way.statements(command.Do), left
	})
}

// anyTurns follows a loop of which nobody knows how often it is gone through:
// what its turns change is given up, until a turn changes nothing more.
func (s *shell) anyTurns(loop syntax.Node, once turn) []*shell {
	for name := range s.assignedIn(loop) {
		s.variables.put(name, undecided(name, s.variables.get(name).exported))
	}
	var done []*shell
	way := s
	for range maxRounds {
		before := way.fork()
		inside, left := once(way)
		done = append(done, left...)
		next := before.fork()
		for _, way := range inside {
			if way.flow == goesOn || way.landed() {
				next.join(way)
				continue
			}
			done = append(done, way)
		}
		if way = next; way.same(before) || way.spent {
			break
		}
	}
	if len(done) == 0 {
		way.flow = exits // it waits for ever
		return []*shell{way}
	}
	for _, way := range done {
		way.outOfLoop()
	}
	return merged(done)
}

// assignedIn lists the variables that a loop sets, those of the functions that
// it calls included. It spares a loop the rounds in which they would be found;
// what it overlooks, a round finds.
func (s *shell) assignedIn(node syntax.Node) map[string]bool {
	if known, ok := s.assigned[node]; ok {
		return known
	}
	names := map[string]bool{}
	if s.assigned == nil {
		s.assigned = map[syntax.Node]map[string]bool{}
	}
	s.assigned[node] = names
	syntax.Walk(node, func(node syntax.Node) bool {
		s.spend(1)
		switch node := node.(type) {
		case *syntax.Subshell, *syntax.CmdSubst:
			return false
		case *syntax.Assign:
			if node.Name != nil {
				names[node.Name.Value] = true
			}
		case *syntax.WordIter:
			names[node.Name.Value] = true
		case *syntax.CallExpr:
			s.assignedBy(node, names)
		}
		return !s.spent
	})
	return names
}

func (s *shell) assignedBy(call *syntax.CallExpr, names map[string]bool) {
	if len(call.Args) == 0 {
		return
	}
	program := call.Args[0].Lit()
	if function, ok := s.functions.lookup(program); ok {
		for name := range s.assignedIn(function) {
			names[name] = true
		}
	}
	if program == "read" {
		for _, word := range call.Args[1:] {
			if name := word.Lit(); variableName.MatchString(name) {
				names[name] = true
			}
		}
	}
}

// landed lets a way that `continue` ended go on with the next turn.
func (s *shell) landed() bool {
	if s.flow != continues || s.levels > 1 {
		return false
	}
	s.flow, s.levels = goesOn, 0
	return true
}

// outOfLoop lets a way that `break` ended go on behind the loop.
func (s *shell) outOfLoop() {
	if s.flow != breaks && s.flow != continues {
		return
	}
	if s.levels--; s.levels <= 0 {
		s.flow, s.levels = goesOn, 0
	}
}
