package main

import (
	"fmt"

	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/rollout"
	"github.com/rcomp/rcomp/lint/display"
)

// sayLessRoom warns of a change that leaves less memory to the data, which
// would otherwise be noticed by the first write that is refused.
func (p *program) sayLessRoom(g generation, files []ondisk.File) error {
	text, err := rollout.LessRoom(g.directory, files)
	if err != nil {
		return fmt.Errorf("cannot compare with %q: %w", g.directory, err)
	}
	if text != "" {
		fmt.Fprintf(p.stderr, "%s: %s\n", display.Clean(g.path("redis.conf")), text)
	}
	return nil
}
