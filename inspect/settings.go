package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"

	"github.com/rcomp/rcomp/redis"
)

// addingUp are directives of which several assignments count together.
var addingUp = map[string]bool{
	"save": true, "client-output-buffer-limit": true, "user": true, "rename-command": true, "loadmodule": true, "sentinel": true,
}

// apply lets the server's own rules decide what the entries add up to.
func (c *configuration) apply() {
	c.Service.entries = c.entries
	var known []redis.Assignment
	var index []int
	for i, e := range c.entries {
		if e.any != "" {
			c.opaque(e.origin.Span, e.any)
		}
		assignment, ok := e.Assignment, !e.unknown && e.Name != "" && unset.Known(e.Name)
		if !ok {
			if assignment, ok = withPlaceholder(e); !ok {
				continue
			}
		}
		known = append(known, assignment)
		index = append(index, i)
	}
	effective, problems := c.Release.Apply(known)
	for name, value := range effective {
		c.settings[name] = c.setting(value, index)
	}
	for i, e := range c.entries {
		if e.unknown && e.Name != "" {
			c.unknownEntry(i, e)
		}
	}
	if dir, ok := c.settings["dir"]; ok && dir.Known && !path.IsAbs(dir.Value) {
		dir.Value = join(c.directory, dir.Value)
		if dir.Known = c.directory != ""; !dir.Known {
			dir.Why = fmt.Sprintf("it is %s below a directory that is not known", dir.Value)
		}
		c.settings["dir"] = dir
	}
	for _, problem := range problems {
		c.judge(problem, known, index)
	}
}

// withPlaceholder gives a monitor line whose address is not known one that the server
// takes, since the lines behind it refer to the master by its name.
func withPlaceholder(e entry) (redis.Assignment, bool) {
	if e.Name != "sentinel" || len(e.Args) < 5 || !strings.EqualFold(e.Args[0], "monitor") || !unset.Known(e.Args[1]) {
		return redis.Assignment{}, false
	}
	args := slices.Clone(e.Args)
	for i, valid := range []string{"monitor", args[1], "127.0.0.1", "6379", "1"} {
		if !unset.Known(args[i]) {
			args[i] = valid
		}
	}
	return redis.Assignment{Name: e.Name, Args: args, FromArgv: e.FromArgv}, true
}

// setting is one directive as the entries make it.
func (c *configuration) setting(value redis.Effective, index []int) Setting {
	setting := Setting{Name: value.Name, Value: value.Value, Args: value.Args, Set: true, Known: true}
	for _, from := range value.From {
		setting.Parts = append(setting.Parts, c.entries[index[from]].origin)
	}
	if len(setting.Parts) > 0 {
		setting.Origin = setting.Parts[len(setting.Parts)-1]
	}
	return setting
}

// unknownEntry marks a directive that an entry sets to something unknown,
// unless a later one sets it again.
func (c *configuration) unknownEntry(i int, e entry) {
	name := c.name(e.Name)
	for _, later := range c.entries[i+1:] {
		if !later.unknown && !addingUp[name] && c.name(later.Name) == name {
			return
		}
	}
	setting := c.settings[name]
	setting.Name, setting.Set, setting.Known = name, true, false
	setting.Args = e.Args
	setting.Value = strings.Join(e.Args, " ")
	setting.Origin = e.origin
	setting.Parts = append(setting.Parts, e.origin)
	setting.Why = "its value is not known"
	if setting.Value != "" {
		setting.Why = fmt.Sprintf("its value is %s", unset.Plain(setting.Value))
	}
	c.settings[name] = setting
}

// judge keeps a problem that is one for certain: where the release is not
// known, or its column may lack something, every release must object.
func (c *configuration) judge(problem redis.Problem, known []redis.Assignment, index []int) {
	e := c.entries[index[problem.Assignment]]
	c.refused(problem, e)
	if c.mayIgnore(problem, e) {
		return
	}
	if problem.Uncertain || !c.ReleaseKnown {
		for _, release := range c.mayRun() {
			if !objects(release, known[problem.Assignment], problem.Kind) {
				return
			}
		}
	}
	at := e.name
	if problem.Arg >= 0 && problem.Arg < len(e.args) {
		at = e.args[problem.Arg]
	}
	problem.Message = c.withoutRelease(problem, e.Name)
	c.object(Problem{Problem: problem, Name: e.Name, At: at})
}

// mayIgnore reports whether a sentinel may pass over a directive that it does
// not know.
func (c *configuration) mayIgnore(problem redis.Problem, e entry) bool {
	if c.Kind != Sentinel || problem.Kind != redis.UnknownDirective || strings.EqualFold(e.Name, "sentinel") {
		return false
	}
	if c.ReleaseKnown {
		return c.Release.SentinelIgnores(e.Name)
	}
	return slices.ContainsFunc(c.mayRun(), func(r redis.Release) bool { return r.SentinelIgnores(e.Name) })
}

// mayRun lists the releases that must all object to what is said to be wrong.
func (s *Service) mayRun() []redis.Release {
	if s.candidates != nil {
		return s.candidates
	}
	return redis.Releases(s.Release.Engine)
}

// withoutRelease is what a problem says without the release that nobody named,
// where that is not known.
func (c *configuration) withoutRelease(problem redis.Problem, name string) string {
	switch {
	case c.ReleaseKnown:
		return problem.Message
	case problem.Kind == redis.UnknownDirective && name == "sentinel":
		return strings.Replace(problem.Message, " in "+c.Release.String(), "", 1)
	case problem.Kind == redis.UnknownDirective && c.candidates != nil:
		return fmt.Sprintf("no maintained release of Redis or Valkey has a directive %q", strings.ToLower(name))
	case problem.Kind == redis.UnknownDirective:
		return fmt.Sprintf("no release of %s has a directive %q", c.Release.Engine, strings.ToLower(name))
	}
	return strings.TrimSuffix(problem.Message, " in "+c.Release.String())
}

// refused makes a directive unknown that is given a value which the server
// refuses: it has none, but it is not left out either.
func (c *configuration) refused(problem redis.Problem, e entry) {
	directive, ok := c.Release.Directive(e.Name)
	if _, set := c.settings[directive.Name]; !ok || set || !problem.Fatal {
		return
	}
	c.settings[directive.Name] = Setting{
		Name: directive.Name, Value: strings.Join(e.Args, " "), Args: e.Args, Set: true,
		Origin: e.origin, Parts: []Origin{e.origin}, Why: "the server refuses its value",
	}
}

func objects(release redis.Release, assignment redis.Assignment, kind redis.ProblemKind) bool {
	_, problems := release.Apply([]redis.Assignment{assignment})
	return slices.ContainsFunc(problems, func(p redis.Problem) bool { return p.Kind == kind })
}
