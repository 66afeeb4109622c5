package inspect

import "strings"

// variable is a variable of a script. A list holds its elements, with a NUL
// behind each.
type variable struct {
	text          string
	set, exported bool
	list          bool
}

func (v variable) elements() []string {
	if !v.list {
		return []string{v.text}
	}
	all := strings.Split(v.text, "\x00")
	return all[:len(all)-1]
}

func listOf(elements []string) variable {
	var text strings.Builder
	for _, element := range elements {
		text.WriteString(element + "\x00")
	}
	return variable{text: text.String(), set: true, list: true}
}

// first is what $NAME is.
func (v variable) first() string { return append(v.elements(), "")[0] }

// set assigns a variable.
func (s *shell) set(name, text string) {
	_, ofContainer := s.ofContainer(name)
	s.variables.put(name, variable{text: text, set: true, exported: s.variables.get(name).exported || ofContainer || s.hasOption("a")})
}

func (s *shell) ofContainer(name string) (string, bool) {
	if s.known == nil {
		return "", false
	}
	return s.known(name)
}

// lookup returns a variable. sure is false where nothing tells whether it is
// set at all.
func (s *shell) lookup(name string) (value variable, sure bool) {
	if own, ok := s.variables.lookup(name); ok {
		own.text = s.settle(own.text)
		return own, true
	}
	if s.foreign {
		return undecided(name, true), true
	}
	if text, set := s.ofContainer(name); set {
		return variable{text: s.settle(text), set: true, exported: true}, true
	}
	nowhere := unknown("${" + name + "}")
	if text := s.settle(nowhere); text != nowhere {
		return variable{text: text, set: text != ""}, true
	}
	if s.denied.get(nowhere + "=") {
		return variable{text: nowhere, set: true}, true
	}
	return variable{}, false
}

// forgetVariables makes every variable unknown: something may have set it.
func (s *shell) forgetVariables() {
	for name, value := range s.variables.all() {
		s.variables.put(name, undecided(name, value.exported))
	}
}
