package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/lint/settings"
)

// faultsOfSettings finds what is wrong with settings themselves: each file
// once, on behalf of the first project that it holds for.
func (j *judgement) faultsOfSettings(result *lint.Result) []lint.Finding {
	var findings []lint.Finding
	open := j.settings.Files()
	for _, home := range j.homes {
		found, err := j.settings.For(home.Tree, home.Directory)
		at := slices.Index(open, found)
		if err != nil || at < 0 {
			continue
		}
		open = slices.Delete(slices.Clone(open), at, at+1)
		directory := home.Tree.Path()
		if below, err := filepath.Rel(directory, found.Directory()); err == nil && filepath.IsLocal(below) {
			directory = found.Directory()
		}
		elsewhere := sync.OnceValue(func() map[string]bool { return keysBelow(home.Tree, directory) })
		faults := append(found.Unmatched(home.Tree, directory), found.UnmatchedServices(j.servicesOf(found), func(name string) bool {
			return elsewhere() == nil || elsewhere()[name]
		})...)
		for _, finding := range faults {
			finding.Home = home
			findings = append(findings, finding)
		}
		result.AddSource(found.File(), found.Source())
	}
	return findings
}

// servicesOf lists the services of all projects that settings hold for.
func (j *judgement) servicesOf(found *settings.Settings) []string {
	var names []string
	for i, home := range j.homes {
		if holding, err := j.settings.For(home.Tree, home.Directory); err == nil && holding == found {
			names = append(names, j.names[i]...)
		}
	}
	return names
}

// key is what may be the name of a service.
var key = regexp.MustCompile(`([\w.-]+)["']?\s*:`)

// keysBelow collects all that may name a service in the compose files below a
// directory, since not all of them need be judged in this run; nil where not
// all of them can be read.
func keysBelow(tree *disk.Tree, directory string) map[string]bool {
	groups, err := compose.Discover(tree, directory)
	if err != nil {
		return nil
	}
	keys := map[string]bool{}
	for _, file := range slices.Concat(groups...) {
		content, err := tree.ReadFile(file)
		if err != nil {
			return nil
		}
		for _, found := range key.FindAllSubmatch(content, -1) {
			keys[string(found[1])] = true
		}
	}
	return keys
}
