package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/rollout"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/lint/report"
)

func (p *program) warn(format string, arguments ...any) {
	fmt.Fprintln(p.stderr, display.Clean(fmt.Sprintf(format, arguments...)))
}

// printConsequences says beside a diff what the change does to what runs. It is
// no part of the diff.
func (p *program) printConsequences(g generation, files []ondisk.File) {
	changes, err := ondisk.Compare(g.directory, files)
	if err != nil {
		return // the difference said so
	}
	consequences := rollout.Consequences(rollout.Standing(g.directory), files, changes)
	for _, c := range consequences {
		fmt.Fprintf(p.stderr, "%s\n", display.Clean(c.Message))
	}
	if way := rollout.Way(consequences); way != "" {
		p.warn("gen refuses this, %s", leftBehind(way))
	}
}

// unreadable says why there is no intent to read, and what can be done.
func (g generation) unreadable(err error) error {
	finds := ""
	if g.check {
		finds = "; --check DIRECTORY finds all that are below one"
	}
	info, noFile := disk.Describe(g.intent)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no intent %q: name the one that is meant, or write it, at least %s%s", g.intent, intent.Least(), finds)
	case noFile == nil && info.IsDir():
		return fmt.Errorf("%q is a directory: name the intent in it, as in %q", g.intent, filepath.ToSlash(filepath.Join(g.intent, defaultIntent)))
	}
	return fmt.Errorf("cannot read the intent %q: %w", g.intent, err)
}

// refuse says what is wrong with an intent.
func (p *program) refuse(g generation, problems []intent.Problem) {
	p.status = statusTrouble
	for _, problem := range problems {
		fmt.Fprintf(p.stderr, "%s\n", display.Clean(problem.Error()))
		if !g.github {
			continue
		}
		at := position.Span{
			File:  g.fromWorkspace(g.intent),
			Start: position.Pos{Line: problem.Line, Column: problem.Column},
			End:   position.Pos{Line: problem.Line, Column: problem.EndColumn},
		}
		message := strings.TrimSuffix(problem.Message+"; "+problem.Hint, "; ")
		p.annotate(at, "rcomp gen", message)
	}
}

// annotate shows GitHub a message at its place. What cannot be written is told
// at the end of the run.
func (p *program) annotate(at position.Span, title, message string) {
	_ = report.Annotate(p.stdout.Commands(), lint.Error, at, title, message)
}

func messages(consequences []rollout.Consequence) []string {
	var all []string
	for _, c := range consequences {
		all = append(all, c.Message)
	}
	return all
}

// list prints lines under a title, nothing without lines.
func (p *program) list(title string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(p.stdout, "%s:\n", display.Clean(title))
	}
	for _, line := range lines {
		fmt.Fprintf(p.stdout, "  %s\n", display.Clean(line))
	}
}

// refuseMove says which data would be left behind, and what keeps them.
func (p *program) refuseMove(consequences []rollout.Consequence) error {
	for _, c := range consequences {
		fmt.Fprintln(p.stderr, display.Clean(c.Message))
	}
	return fmt.Errorf("nothing was written, %s", leftBehind(rollout.Way(consequences)))
}

// leftBehind is why a change is refused, and what can be done.
func leftBehind(way string) string {
	return "since data would be left behind; to keep them, " + way + "; to leave them, run gen with --leave-data"
}

// refuseEdited says which files of somebody else's stand in the way.
func (p *program) refuseEdited(g generation, changes []ondisk.Change) error {
	for _, file := range changes {
		if file.Kept() {
			fmt.Fprintln(p.stderr, display.Clean(g.drift(file)))
		}
	}
	return errors.New("nothing was written: see what would change with --diff" + orForce)
}

// orForce is what else can be done about files that gen keeps.
const orForce = `, then overwrite with --force, move the files away, or give this intent a directory of its own, with output = "DIRECTORY" in it or --output`
