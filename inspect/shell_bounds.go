package inspect

import (
	"strings"

	"github.com/rcomp/rcomp/lint/disk"
)

// Bounds of following a script. Scripts come with other people's pull
// requests: a few lines that double a text would fill all memory. Real start
// scripts stay far below.
const (
	maxScript        = 256 << 10 // bytes of a script
	maxSubstitutions = 2000      // that it may hold; the parser goes as deep
	maxWords         = 1000      // of one command
	maxWork          = 8 << 20   // bytes of all texts that are put together on the way
	maxExactWork     = 100_000   // where ways are kept apart
	maxRuns          = 2000      // commands
)

// followable reports whether a script is one to parse at all.
func followable(script string) bool {
	return len(script) <= maxScript && strings.Count(script, "$(")+strings.Count(script, "${") <= maxSubstitutions
}

// workPerStep is how much work of a script's own one step of the project's
// budget stands for, and stepsAtOnce how many are taken together.
const (
	workPerStep = 64
	stepsAtOnce = 256
)

// spend accounts for a piece of work, in bytes. Once it was too much, nothing
// more is followed, and the script counts as one that cannot be read.
func (s *shell) spend(bytes int) {
	s.work += bytes
	if due := s.work/workPerStep - s.charged; due >= stepsAtOnce {
		s.charged += due
		s.spent = s.spent || s.files != nil && s.files.project.Tree().Budget().Spend(disk.ShellSteps, due) != nil
	}
	s.spent = s.spent || s.work > s.most || len(s.commands)+len(s.runs) > maxRuns
}

// Costs of what is more than to copy bytes.
const (
	costOfWay     = 64 // to make a way two
	costOfSame    = 16 // to hold two ways against each other
	costOfMatch   = 8  // to hold a byte against a pattern
	costOfPattern = 64 // to compile a byte of a pattern
	maxPattern    = 1000
)
