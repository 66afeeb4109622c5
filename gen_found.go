package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/rcomp/rcomp/generate"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/ondisk/surroundings"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/lint/report"
)

// checkFound checks what a directory holds, or what a generated file was made
// from. What somebody names is held to what it says; what is found may be meant
// for another place, so an intent that nothing here was made from is no fault:
// it is said.
func (p *program) checkFound(g generation, path string, checked map[surroundings.Found]bool) (done bool, err error) {
	var all []surroundings.Found
	switch {
	case p.isDirectory(path):
		if all, err = surroundings.Search(path, ondisk.Source); err != nil {
			return true, fmt.Errorf("cannot search %q: %w", path, err)
		}
	case filepath.Ext(path) != ".toml":
		found, ok, err := surroundings.MadeFrom(path, ondisk.Source)
		if err != nil {
			return true, fmt.Errorf("cannot read %q: %w", path, err)
		}
		if ok {
			all = append(all, found)
		}
	default:
		return false, nil
	}
	for _, found := range all {
		if checked[found] {
			continue
		}
		checked[found] = true
		check := p.generate
		if found.Directory == "" {
			check = p.checkIntentAlone
		}
		if err := check(g.of(found)); err != nil {
			p.trouble(err)
		}
	}
	return true, nil
}

func (p *program) isDirectory(path string) bool {
	info, err := disk.Describe(path)
	return err == nil && info.IsDir()
}

// of is the same check of an intent where its files are.
func (g generation) of(found surroundings.Found) generation {
	g.intent, g.directory = found.Intent, found.Directory
	source, err := surroundings.ReadIntent(found.Intent, intent.Largest)
	if err != nil {
		return g // checking says so
	}
	read, _ := intent.Read(asText(found.Intent), source)
	own, err := surroundings.Output(found.Intent, read.Output)
	g.asked = err != nil || filepath.Clean(own) != filepath.Clean(found.Directory)
	return g
}

// checkIntentAlone checks an intent that nothing here was made from: it may be
// wrong all the same.
func (p *program) checkIntentAlone(g generation) error {
	source, err := surroundings.ReadIntent(g.intent, intent.Largest)
	if err != nil {
		return g.unreadable(err)
	}
	name := asText(g.intent)
	read, _ := intent.Read(name, source)
	directory := filepath.Dir(g.intent)
	around := intent.Surroundings{Away: true, Files: surroundings.UserFiles(slices.Collect(maps.Values(read.TLSPaths)), directory, directory)}
	if _, problems := generate.Compile(name, source, around); len(problems) > 0 {
		p.refuse(g, problems)
		return nil
	}
	p.sayNotMadeHere(g, g.intent)
	return nil
}

// sayNotMadeHere says of an intent that there is nothing to compare it with.
func (p *program) sayNotMadeHere(g generation, intent string) {
	text := fmt.Sprintf("%s is not checked: no deployment that was found here is made from it; to have its files here, run rcomp gen, or name it to be held to it", intent)
	if !g.github {
		fmt.Fprintln(p.stdout, display.Clean(text))
		return
	}
	at := position.Span{File: g.fromWorkspace(intent), Start: position.At(1, 1), End: position.At(1, 1)}
	_ = report.Annotate(p.stdout.Commands(), lint.Note, at, "rcomp gen --check", text)
}

// sayUnjudged says which files of the user's own are on another machine.
func (p *program) sayUnjudged(g generation, files map[string]intent.UserFile) {
	if !g.check {
		return
	}
	var missing []string
	for name, file := range files {
		if intent.IsAway(file) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	for _, name := range missing {
		p.warn("%s: %q is not here, and so not judged", g.intent, name)
	}
}
