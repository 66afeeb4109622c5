package redis

import (
	"fmt"
	"strings"
)

// mostSuggested is for how many faults of a configuration a name that was meant
// is looked for, which takes a look at all of them.
const mostSuggested = 1000

// applyUnknown keeps a name that a module may know, and reports every other.
func (a *application) applyUnknown(i int) {
	r, name := a.release, strings.ToLower(a.assignments[i].Name)
	if !r.Known() || a.belongsToModule(name) {
		args := a.assignments[i].Args
		a.effective[name] = Effective{Name: name, Value: strings.Join(args, " "), Args: args, From: []int{i}}
		return
	}
	problem := Problem{
		Assignment: i,
		Arg:        -1,
		Kind:       UnknownDirective,
		Fatal:      true,
		Uncertain:  r.Derived() || r.queuesNames(name) && (a.loadsModule || strings.Contains(name, ".")),
		Message:    fmt.Sprintf("%s has no directive %q", r, name),
	}
	switch since, removed := r.history(name); {
	case since != "":
		problem.Message += "; it came with " + since
	case removed != "":
		problem.Message += "; it was removed in " + removed
	case len(a.problems) < mostSuggested:
		problem.Suggestion = r.Suggest(name)
	}
	a.problems = append(a.problems, problem)
}

// belongsToModule tells whether the server leaves the name to a module that is
// loaded as far as can be seen. Redis 8's own modules are loaded by its image.
func (a *application) belongsToModule(name string) bool {
	if a.release.Engine == Redis && a.release.Major >= 8 && ModuleDirective(name) {
		return true
	}
	return strings.Contains(name, ".") && a.loadsModule && a.release.queuesNames(name)
}

// queuesNames tells whether the release keeps a name that it does not know
// until the modules are loaded: since 7.0 one with a dot, since Redis 8.0 any.
func (r Release) queuesNames(name string) bool {
	return !r.before70() && (strings.Contains(name, ".") || r.Engine == Redis && r.Major >= 8)
}

// SentinelIgnores tells whether a Sentinel passes over a name that it does not
// know: it keeps it for modules, and loads none. Tried with a name without a
// dot on Redis 8.0.2, which goes on, and on 7.0.15, Valkey 8.1.1 and 9.1.2,
// which stop; all four pass over "my.module yes".
func (r Release) SentinelIgnores(name string) bool {
	return r.Known() && r.queuesNames(strings.ToLower(name))
}

// history returns the release that a name came with, if that is a newer one, or
// in which it was removed.
func (r Release) history(name string) (since, removed string) {
	if first, ok := Since(r.Engine, name); ok && first.Compare(r) > 0 {
		return first.String(), ""
	}
	if gone, ok := RemovedIn(r.Engine, name); ok && gone.Compare(r) <= 0 {
		return "", gone.String()
	}
	return "", ""
}
