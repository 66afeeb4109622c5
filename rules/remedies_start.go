package rules

import (
	"path"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/edit"
)

// loadConf plans a command that names the conf file which is mounted.
func loadConf(s *inspect.Service, mount inspect.Mount) *edit.Plan {
	plan := edit.New(s.Project, "name %s in the command", mount.Target).Unsafe("all that the file says counts from then on").
		Means(s.Name+":", "services."+s.Name+".command").Reveals()
	command, given := s.Command("command")
	words := command.Texts()
	switch {
	case !plainPath.MatchString(mount.Target) || !strings.HasSuffix(mount.Target, ".conf"):
		return plan.Refuse("a directory is mounted, and which file of it is meant is not certain")
	case len(s.Confs) > 0:
		return plan.Refuse("the command names another conf file")
	case s.Built != nil || len(s.Config.Entrypoint) > 0 || s.Wrapped:
		return plan.Refuse("the command is not the service's alone")
	case !given && s.Image.Plain():
		return plan.Set(s.Service, edit.Words(programWords(s, mount.Target)...), "command")
	case given && len(words) > 0 && path.Base(words[0]) == s.Program:
		return plan.InsertWord(s.Service, command.Words[0], mount.Target, "command")
	}
	return plan.Refuse("a shell or a program of its own starts the server")
}

// programWords start the server of a service with a conf file: a sentinel, where
// the file is one for that.
func programWords(s *inspect.Service, conf string) []string {
	return []string{s.Program, conf}
}

// start plans a server that does not end at once.
func start(s *inspect.Service, end inspect.End) *edit.Plan {
	if end.Reason == inspect.EndCapabilities {
		return addCapabilities(s)
	}
	return stay(s, end)
}

// addCapabilities plans those that the entrypoint of an image needs.
func addCapabilities(s *inspect.Service) *edit.Plan {
	lacking := s.LackingCapabilities()
	plan := edit.New(s.Project, "add %s, which the image's entrypoint needs", strings.Join(lacking, " and ")).
		Unsafe("the container has rights that were dropped; the server gives them up when it starts")
	var added []edit.Value
	for _, name := range lacking {
		added = append(added, edit.Plain(name))
	}
	return startsThen(plan, s).Append(s.Service, added, "cap_add")
}

// stay plans a server that stays in the foreground, where it ends because it
// goes to the background.
func stay(s *inspect.Service, end inspect.End) *edit.Plan {
	plan := edit.New(s.Project, "stay in the foreground")
	if end.Reason != inspect.EndBackground {
		return plan.Refuse("what was meant is not certain")
	}
	if daemonize, given := s.Certain("daemonize"); !given || daemonize.Value != "yes" {
		return plan.Refuse("it is the command that sends it to the background")
	}
	return setDirectives(startsThen(plan, s), s, directive{"daemonize", "no"})
}

// replaceShell plans a server that takes the place of the shell before it,
// where it is the last that the shell runs.
func replaceShell(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "let the server take the place of the shell")
	for _, key := range []string{"command", "entrypoint"} {
		command, ok := s.Command(key)
		for i, word := range command.Texts() {
			at := strings.LastIndex(word, s.Program+" ")
			if !ok || at < 0 || !strings.Contains(word, " ") || strings.ContainsAny(word[at:], ";&|\n") || strings.Count(word, s.Program) != 1 || strings.Contains(word[:at], "exec ") {
				continue
			}
			plan.Means("services." + s.Name + "." + key)
			origin := model.Origin{}
			if entry, found := s.Entry(key, i); found && command.IsList {
				origin = entry.Value.Origin
			} else if entry, found := s.Entry(key); found {
				origin = entry.Value.Origin
			}
			if origin.Node == nil {
				return plan.Refuse("it is not seen where it is written")
			}
			return plan.ReplaceText(origin, s.Program, "exec "+s.Program)
		}
	}
	return plan.Refuse("the server is not the last that the shell runs, or stands in a script")
}
