package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/edit"
)

// resolveHostnames plans the line that lets a sentinel take names, above the
// first master that it watches.
func resolveHostnames(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "let the sentinel resolve names").Means(s.Name + ":").Reveals()
	at := s.Monitors[0].HostAt
	text := s.Project.Text(at.File)
	if text == nil || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(text.Line(at.Start.Line))), "sentinel monitor ") {
		return plan.Refuse("the master is not named in a conf file")
	}
	line := text.Line(at.Start.Line)
	return plan.InsertAbove(at, line[:len(line)-len(strings.TrimLeft(line, " \t"))]+"sentinel resolve-hostnames yes").
		Means("configs")
}

// copyOnlyConf is copyConf for a sentinel that reads one.
func copyOnlyConf(s *inspect.Service) *edit.Plan {
	if len(s.Confs) != 1 {
		return edit.New(s.Project, "let the sentinel work on a copy").Refuse("it reads not one conf file")
	}
	return copyConf(s, s.Confs[0])
}

// copyConf plans a sentinel that works on a copy of its conf file.
func copyConf(s *inspect.Service, conf inspect.Conf) *edit.Plan {
	plan := edit.New(s.Project, "let the sentinel work on a copy of %s", conf.Path).
		Unsafe("what it learns from then on is in /data, and what it has written to the file before is in the copy").
		Means(s.Name+":", "services."+s.Name+".command").Reveals()
	command, ok := s.Command("command")
	words := command.Texts()
	named := ok && (len(words) == 2 && strings.HasSuffix(words[0], "-sentinel") && words[1] == conf.Path ||
		len(words) == 3 && slices.Contains(words, "--sentinel") && slices.Contains(words, conf.Path) && strings.HasSuffix(words[0], "-server"))
	if !named || !s.Image.Plain() || s.Built != nil || len(s.Config.Entrypoint) > 0 || !plainPath.MatchString(conf.Path) {
		return plan.Refuse("it is not started by one command of the image")
	}
	own := "/data/sentinel.conf"
	if conf.Path == own {
		own = "/data/own-sentinel.conf"
	}
	// The image's own script gives up the rights of root.
	script := fmt.Sprintf("[ -e %s ] || cp %s %s; exec docker-entrypoint.sh %s %s --sentinel",
		own, conf.Path, own, strings.Replace(s.Program, "-sentinel", "-server", 1), own)
	return plan.Replace(s.Service, edit.Words("sh", "-c", script), "command")
}
