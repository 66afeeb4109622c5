package main

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// drifts says what is the matter with a file, by its state. The hole is the
// intent.
var drifts = map[ondisk.State]string{
	ondisk.New:     "is missing: %s asks for it",
	ondisk.Drifted: "is not what %s says",
	ondisk.Edited:  "was edited by hand since it was made from %s",
	ondisk.Other:   "was made from another intent than %s",
	ondisk.Foreign: "stands where %s wants a file, and was not made by rcomp",
}

func (g generation) drift(file ondisk.Change) string {
	return fmt.Sprintf("%s "+drifts[file.State], g.path(file.Path), g.intent)
}

// checkDrift says which files are not what the intent says.
func (p *program) checkDrift(g generation, files []ondisk.File) error {
	changes, err := ondisk.Compare(g.directory, files)
	if err != nil {
		return fmt.Errorf("cannot compare with %q: %w", g.directory, err)
	}
	drifted := false
	for _, file := range changes {
		if !file.Drift() {
			continue
		}
		drifted = true
		p.found()
		p.printDrift(g, file)
	}
	left, err := ondisk.Leftovers(g.directory, files, generate.Paths())
	if err != nil {
		return err
	}
	for _, one := range left {
		if one.Secret {
			continue // not in git, so no matter of a pull request
		}
		p.found()
		text := fmt.Sprintf("%s is left: %s does not ask for it any more; remove it, or run gen with --prune", g.path(one.Path), g.intent)
		if g.github {
			at := position.Span{File: g.fromWorkspace(g.path(one.Path)), Start: position.Pos{Line: 1, Column: 1}, End: position.Pos{Line: 1, Column: 1}}
			p.annotate(at, "rcomp gen --check", text)
		} else {
			fmt.Fprintln(p.stdout, display.Clean(text))
		}
	}
	switch {
	case !drifted || g.github:
	case slices.ContainsFunc(changes, ondisk.Change.Kept): // gen alone would refuse
		fmt.Fprintf(p.stdout, "see what \"%s\" would change with --diff%s\n", display.Clean(g.command()), orForce)
	default:
		fmt.Fprintf(p.stdout, "run \"%s\", or see what it would change with --diff\n", display.Clean(g.command()))
	}
	return nil
}

func (p *program) printDrift(g generation, file ondisk.Change) {
	if !g.github {
		fmt.Fprintln(p.stdout, display.Clean(g.drift(file)))
		return
	}
	// A file that is not there has no lines to annotate.
	at := position.Span{File: g.fromWorkspace(g.path(file.Path)), Start: position.Pos{Line: 1, Column: 1}, End: position.Pos{Line: 1, Column: 1}}
	if file.State == ondisk.New {
		at.File = g.fromWorkspace(g.intent)
	}
	p.annotate(at, "rcomp gen --check", g.drift(file))
}
