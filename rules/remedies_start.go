package rules

import (
	"path"
	"regexp"
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
		return plan.Set(s.Service, edit.Words(programWords(s, mount)...), "command")
	case given && len(words) > 0 && path.Base(words[0]) == s.Program:
		plan.InsertWord(s.Service, command.Words[0], mount.Target, "command")
		if hasSentinelLines(s, mount) && s.Kind != inspect.Sentinel {
			plan.AddWords(s.Service, []string{asSentinel}, "command")
		}
		return plan
	}
	return plan.Refuse("a shell or a program of its own starts the server")
}

// asSentinel is the option with which a server is a sentinel.
const asSentinel = "--sentinel"

// programWords start the server of a service with a conf file: a sentinel, where
// the file is one for that.
func programWords(s *inspect.Service, mount inspect.Mount) []string {
	words := []string{s.Program, mount.Target}
	if hasSentinelLines(s, mount) && s.Kind != inspect.Sentinel {
		words = append(words, asSentinel)
	}
	return words
}

// sentinelLine is a line that a sentinel alone takes.
var sentinelLine = regexp.MustCompile(`(?im)^[ \t]*sentinel[ \t]`)

// hasSentinelLines reports whether what is mounted is a conf file of a sentinel.
func hasSentinelLines(s *inspect.Service, mount inspect.Mount) bool {
	text, given := mount.Content()
	if !given {
		_, read, err := s.Project.ReadFile(mount.Source)
		if err != nil {
			return false
		}
		text = string(read)
	}
	return sentinelLine.MatchString(text)
}

// beSentinel plans that what has the conf file of a sentinel is started as one.
func beSentinel(s *inspect.Service) *edit.Plan {
	plan := startsThen(edit.New(s.Project, "start it with %s", asSentinel).Unsafe("it is a sentinel then, and no server"), s)
	addOptions(plan, s, []string{asSentinel})
	return plan
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
