package inspect

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// endsWithoutCommand: the image's entrypoint runs what it is given, and that is
// nothing where a service replaces the entrypoint by itself, which takes the
// image's command away. Valkey's runs what a variable of flags says.
func (s *Service) endsWithoutCommand(p *process, entrypoint string) {
	p.why = fmt.Sprintf("%s is given no command", entrypoint)
	if _, flags := s.givenFlags(*p); flags == "" && s.script == nil {
		s.ends = append(s.ends, End{EndNoCommand, fmt.Sprintf("%s is given no command: it has nothing to run, and the container ends", entrypoint), p.at})
	}
}

// endsInBackground: a container lives as long as its first process, and that
// one leaves the server to another. One that a supervisor started stays (tried
// on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2: it ends with status 0).
func endsInBackground(s *Service) []End {
	setting, ok := s.Certain("daemonize")
	if !ok || setting.Value != "yes" || !s.unaided || s.maySupervise() {
		return nil
	}
	return []End{{EndBackground, "daemonize yes sends the server into the background, and the container ends with the process that it was started with", setting.Origin.Span}}
}

// maySupervise reports whether the server may take a variable for the sign of a
// supervisor.
func (s *Service) maySupervise() bool {
	if s.Get("supervised").Value == "no" {
		return false
	}
	_, upstart, _ := s.Variable("UPSTART_JOB")
	_, systemd, _ := s.Variable("NOTIFY_SOCKET")
	return upstart || systemd
}

// endsForOneWord: a list is not split, so that a command of one item with blanks
// is the name of a program which nobody has (tried on Docker 28: the container
// ends with status 127, and without the image's entrypoint none is made).
func endsForOneWord(s *Service) []End {
	for _, key := range []string{"entrypoint", "command"} {
		command, ok := s.Command(key)
		if !ok || len(command.Words) == 0 {
			continue
		}
		first, rest, _ := strings.Cut(command.Words[0].Text, " ")
		if !command.IsList || strings.TrimSpace(rest) == "" || !isServer(first) && !isSentinel(first) {
			return nil
		}
		return []End{{EndNoProgram, fmt.Sprintf("the list begins with a program whose name has blanks, %q and what is behind it: make each word an item, or the whole a text", first), command.Words[0].Span}}
	}
	return nil
}

// endsForLocale: a language that the image has not got.
func endsForLocale(s *Service) []End {
	_, moved, _ := s.Variable("LOCPATH")
	if !s.knowsFiles() || moved || s.files.isMount("/usr/lib/locale/x") {
		return nil
	}
	if order, given := s.Given("locale-collate"); given && order.Value != "" {
		if !order.Known || !s.Image.LacksLocale(order.Value) {
			return nil
		}
		return []End{{EndLocaleMissing, fmt.Sprintf("locale-collate is %s, a locale that the image has not got: the server stops at it", order.Value), order.Origin.Span}}
	}
	name := s.Image.MissingLocale(func(name string) (string, bool) {
		value, _, known := s.Variable(name)
		return value, known
	})
	if name == "" {
		return nil
	}
	value, _, _ := s.Variable(name)
	return []End{{EndLocaleMissing, fmt.Sprintf("%s is %s, a locale that the image has not got: the server stops at it", name, value), s.variableAt(name)}}
}

// endsForFileLimit: of the files that it may open, a server keeps some for
// itself.
func endsForFileLimit(s *Service) []End {
	limit := s.Config.FileLimit
	if limit == nil {
		return nil
	}
	setting := s.Get("maxclients")
	clients, ok := s.clientsWithin(setting, limit)
	if !ok || clients > 0 {
		return nil
	}
	return []End{{EndFileLimit, fmt.Sprintf("a container that may open %d files leaves no room for clients: the server keeps %d for itself", limit.Hard, redis.ReservedFiles), limit.Span}}
}
