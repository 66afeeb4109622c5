package inspect

import "strings"

// Bounds of following a script. Scripts come with other people's pull
// requests: a few lines that double a text would fill all memory. Real start
// scripts stay far below.
const (
	maxScript        = 256 << 10 // bytes of a script
	maxSubstitutions = 2000      // that it may hold; the parser goes as deep
	maxWords         = 1000      // of one command
	maxWork          = 8 << 20   // bytes of all texts that are put together on the way
	maxRuns          = 2000      // commands
)

// followable reports whether a script is one to parse at all.
func followable(script string) bool {
	return len(script) <= maxScript && strings.Count(script, "$(")+strings.Count(script, "${") <= maxSubstitutions
}

// spend accounts for a piece of work, in bytes. Once it was too much, nothing
// more is followed, and the script counts as one that cannot be read.
func (s *shell) spend(bytes int) {
	s.work += bytes
	s.spent = s.spent || s.work > maxWork || len(s.runs)+len(s.inner) > maxRuns
}
