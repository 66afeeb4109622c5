package main

import (
	"path/filepath"
	"slices"
	"sync"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
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
		elsewhere := sync.OnceValue(func() map[string]bool { return compose.KeysBelow(home.Tree, directory) })
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
