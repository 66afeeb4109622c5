package rules

import (
	"fmt"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/position"
)

// readByAll says of a password that is only the default of a variable that
// whoever reads the file knows it; "" of any other.
func readByAll(s *inspect.Service, at position.Span) string {
	variable, ok := s.Default(at)
	if !ok {
		return ""
	}
	return fmt.Sprintf("; where %s is not set it is the default that stands here, which all who read the file know: write ${%s:?}", variable, variable.Name)
}

// whereDefault is the condition under which a text is what it is: that nobody
// sets the variable whose default it is; "" without one.
func whereDefault(s *inspect.Service, at position.Span) string {
	variable, ok := s.Default(at)
	if !ok {
		return ""
	}
	return fmt.Sprintf("where %s is not set, ", variable)
}
