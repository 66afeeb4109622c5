package rules

import (
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/redis"
)

// guessed is said of what takes the place of a word that nobody knows.
const guessed = "what was meant is guessed: it is the nearest that is known"

// renameDirective plans the directive that was meant.
func renameDirective(s *inspect.Service, problem inspect.Problem) *edit.Plan {
	plan := edit.New(s.Project, "write %s in the place of %s", problem.Suggestion, problem.Name).Unsafe(guessed)
	if problem.Suggestion == "" {
		return plan.Refuse("nothing is near to %s", problem.Name)
	}
	return startsThen(plan, s).ReplaceAt(problem.At, problem.Name, problem.Suggestion)
}

// startsThen says that a server which did not start is another one.
func startsThen(plan *edit.Plan, s *inspect.Service) *edit.Plan {
	return plan.Means(s.Name+":", "services."+s.Name+".command", "services."+s.Name+".environment").Reveals()
}

// correctValue plans a value that a server takes, where what is written can
// mean but one.
func correctValue(s *inspect.Service, problem inspect.Problem) *edit.Plan {
	written := strings.Trim(s.Written(problem.At), `"'`)
	if size, ok := sizeMeant(written); ok {
		return startsThen(edit.New(s.Project, "write %s as %s", written, size), s).ReplaceAt(problem.At, written, size)
	}
	plan := edit.New(s.Project, "write %s in the place of %s", problem.Suggestion, written).Unsafe(guessed)
	if problem.Suggestion == "" || problem.Kind != redis.InvalidValue || written == "" || strings.ContainsAny(written+problem.Suggestion, " $") {
		return plan.Refuse("what was meant is not certain")
	}
	return startsThen(plan, s).ReplaceAt(problem.At, written, problem.Suggestion)
}

// otherSize is a size as people write it, with a fraction or a unit that the
// servers do not know.
var otherSize = regexp.MustCompile(`(?i)^(\d+(?:\.\d+)?)([kmg])(i?b?)$`)

// sizeMeant is a size as the servers read it, where they refuse how it is
// written.
func sizeMeant(text string) (size string, ok bool) {
	match := otherSize.FindStringSubmatch(text)
	if _, err := redis.ParseMemory(text); match == nil || err == nil {
		return "", false
	}
	number, err := strconv.ParseFloat(match[1], 64)
	unit := float64(1000)
	if match[3] != "" {
		unit = 1024
	}
	bytes := number * math.Pow(unit, 1+float64(strings.Index("kmg", strings.ToLower(match[2]))))
	if err != nil || bytes != math.Trunc(bytes) || bytes > 1<<52 {
		return "", false
	}
	return redis.FormatMemory(int64(bytes)), true
}

// keyMeant is the key that a refusal says was meant.
var keyMeant = regexp.MustCompile(`; did you mean "([\w.-]+)"\?$`)

// correctKey plans the key that was meant in a compose file.
func correctKey(p *lint.Pass, refusal compose.Refusal) *edit.Plan {
	text := p.Text(refusal.Span.File)
	match := keyMeant.FindStringSubmatch(refusal.Message)
	if match == nil || text == nil || refusal.Span.Start.Line != refusal.Span.End.Line {
		return edit.New(p.Project, "correct it").Refuse("what was meant is not certain")
	}
	written := strings.Trim(string(text.Source[text.Offset(refusal.Span.Start):text.Offset(refusal.Span.End)]), `"'`)
	plan := edit.New(p.Project, "write %s in the place of %s", match[1], written).Unsafe(guessed).Reveals().Means(match[1], written)
	if refusal.Service != "" {
		plan.Means("services."+refusal.Service, refusal.Service+":")
	}
	return plan.ReplaceAt(refusal.Span, written, match[1])
}

// confirmCreation plans that nobody is asked whether to create a cluster.
func confirmCreation(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "create the cluster without asking")
	command, ok := s.Command("command")
	entry, _ := s.Entry("command")
	switch words := command.Texts(); {
	case !ok:
		return plan.Refuse("the command is not the service's own")
	case len(words) > 0 && strings.HasSuffix(path.Base(words[0]), "-cli") && !slices.Contains(words, "-c"):
		return plan.AddWords(s.Service, []string{"--cluster-yes"}, "command")
	case command.IsList:
		for i, word := range words {
			if strings.Contains(word, "--cluster create") {
				item, _ := s.Entry("command", i)
				return plan.Means("services."+s.Name+".command").ReplaceText(item.Value.Origin, "--cluster create", "--cluster-yes --cluster create")
			}
		}
		return plan.Refuse("it is not seen where the client is called")
	}
	return plan.Means("services."+s.Name+".command").ReplaceText(entry.Value.Origin, "--cluster create", "--cluster-yes --cluster create")
}

// loadConf plans a command that names the conf file which is mounted.
func loadConf(s *inspect.Service, mount inspect.Mount) *edit.Plan {
	plan := edit.New(s.Project, "name %s in the command", mount.Target).Unsafe("all that the file says counts from then on").
		Means(s.Name+":", "services."+s.Name+".command")
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

// askForReplicas plans a number of replicas that are there.
func askForReplicas(s *inspect.Service, there int) *edit.Plan {
	return setDirectives(edit.New(s.Project, "ask for %d in the place of more", there).Unsafe("writes are taken with fewer copies than were asked for"), s,
		directive{"min-replicas-to-write", strconv.Itoa(there)})
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

// correctPort plans the port at which a server listens.
func correctPort(s *inspect.Service, use inspect.Use) *edit.Plan {
	plain, encrypted := listens(s)
	port := plain
	if use.TLS {
		port = encrypted
	}
	plan := edit.New(s.Project, "ask port %s", port).Unsafe("the client is started anew with another address")
	wrong := use.Port != "" && use.Port != plain && use.Port != encrypted && port != "" && port != "0"
	place := use.At
	written := strings.Trim(s.Written(place), `"'`)
	plan.Means("services."+use.By.Name+".environment", "services."+use.By.Name+".command")
	switch {
	case !wrong:
		return plan.Refuse("it is not the port alone")
	case use.URL != "" && strings.Count(written, ":"+use.Port) == 1:
		return plan.ReplaceAt(place, ":"+use.Port, ":"+port)
	case use.URL == "" && written == use.Port:
		return plan.ReplaceAt(place, use.Port, port)
	}
	return plan.Refuse("the port is not written plainly")
}
