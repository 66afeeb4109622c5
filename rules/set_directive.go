package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/edit"
)

// directive is a line of a conf file that a fix writes.
type directive struct{ name, value string }

// setDirectives plans that a server has directives: in the place of what sets
// them now, or else in its conf file, or else at the end of its command.
func setDirectives(plan *edit.Plan, s *inspect.Service, all ...directive) *edit.Plan {
	if s.Opaque != "" && !s.Project.IsAlone() {
		return plan.Refuse("the configuration of %q is not fully known", s.Name)
	}
	var added []directive
	for _, d := range all {
		plan.Means(s.Name + ": " + d.name)
		if _, given := s.Given(d.name); given {
			replaceDirective(plan, s, d)
			continue
		}
		added = append(added, d)
	}
	switch conf, why := confOf(s); {
	case len(added) == 0:
	case why != "":
		plan.Refuse("%s", why)
	case conf != "":
		var lines []string
		for _, d := range added {
			lines = append(lines, d.name+" "+d.value)
		}
		plan.AppendLines(conf, lines...)
	default:
		var options []string
		for _, d := range added {
			options = append(options, "--"+d.name, d.value)
		}
		addOptions(plan, s, options)
	}
	return plan
}

// replaceDirective writes another value where the one that counts stands.
func replaceDirective(plan *edit.Plan, s *inspect.Service, d directive) {
	setting, _ := s.Given(d.name)
	places := s.ArgumentsAt(d.name)
	switch {
	case len(setting.Args) != 1 || len(places) != 1 || !unset.Known(setting.Args[0]):
		plan.Refuse("%s is not written as one value", d.name)
	case setting.Origin.Kind != inspect.FromArgv && setting.Origin.Kind != inspect.FromConf:
		plan.Refuse("%s comes from the environment or the image", d.name)
	default:
		plan.ReplaceAt(places[0], setting.Args[0], d.value)
		if setting.Origin.Kind == inspect.FromArgv {
			plan.Means("services." + s.Name + ".command")
		}
	}
}

// confOf is the file of the project that a line for a server goes to: the only
// conf file that it reads. "" where it reads none.
func confOf(s *inspect.Service) (shown, why string) {
	for _, conf := range s.Confs {
		switch {
		case conf.State != inspect.ConfRead || conf.Shown == "":
			return "", conf.Path + " is not seen"
		case shown != "":
			return "", "it reads several conf files"
		case !s.Project.IsAlone() && slices.Contains(s.Project.Files, conf.Shown) || strings.HasPrefix(path.Base(conf.Shown), "Dockerfile"):
			return "", "its conf file is a text in another file"
		}
		shown = conf.Shown
	}
	return shown, ""
}

// addOptions puts options at the end of what a service gives its server.
func addOptions(plan *edit.Plan, s *inspect.Service, options []string) {
	command, given := s.Command("command")
	texts := command.Texts()
	switch {
	case s.Built != nil || len(s.Config.Entrypoint) > 0:
		plan.Refuse("the command is not the service's alone")
	case s.Wrapped || given && !startsServer(s, texts):
		plan.Refuse("a shell or a program of its own starts the server")
	case !given && !s.Image.Plain():
		plan.Refuse("the image has a command of its own")
	case !given:
		plan.Set(s.Service, edit.Words(append([]string{s.Program}, options...)...), "command")
	default:
		plan.AddWords(s.Service, options, "command")
	}
}

// startsServer reports whether the words of a command are a server and its
// options, or its options alone.
func startsServer(s *inspect.Service, words []string) bool {
	return len(words) > 0 && (path.Base(words[0]) == s.Program || strings.HasPrefix(words[0], "-") || strings.HasSuffix(words[0], ".conf"))
}
