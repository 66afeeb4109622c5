package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

func isShell(name string) bool {
	switch name {
	case "sh", "bash", "ash", "dash", "busybox":
		return true
	}
	return false
}

// followShell reads `sh -c SCRIPT` and `sh FILE`.
func (s *Service) followShell(p *process, words []word, depth int) {
	p.wrapped = true
	for i := 1; i < len(words); i++ {
		text := words[i].text
		switch {
		case text == "sh" && path.Base(words[0].text) == "busybox":
		case strings.HasPrefix(text, "-") && strings.Contains(text, "c") && !strings.HasPrefix(text, "--"):
			if strings.HasSuffix(text, "o") {
				i++ // -ceo pipefail
			}
			if i+1 < len(words) {
				s.followText(p, words[i+1], words[i+2:], depth)
			}
			return
		case strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+"):
			if strings.HasSuffix(text, "o") {
				i++ // -euo pipefail
			}
		default:
			file := word{text: join(s.directory, text), at: words[i].at}
			s.followScript(p, append([]word{file}, words[i+1:]...), depth)
			return
		}
	}
}

// followScript reads a script of the project that a command names.
func (s *Service) followScript(p *process, words []word, depth int) {
	name, _ := s.programPath(words[0].text)
	found := s.files.read(name)
	if found.state != present {
		if p.why == "" || found.why != "" {
			p.why = fmt.Sprintf("it is started by %s, which is not read", words[0].text)
		}
		return
	}
	p.wrapped = true
	script := word{text: found.text, at: found.beginning()}
	s.followText(p, script, append([]word{words[0]}, words[1:]...), depth)
}

// followText reads a script's text and goes on with the server that it starts.
func (s *Service) followText(p *process, script word, arguments []word, depth int) {
	sh := &shell{
		variables: map[string]string{},
		known:     s.containerVariable,
		files:     s.files,
		directory: nonEmpty(s.directory, "/"),
	}
	if len(arguments) > 0 {
		sh.zero, sh.arguments = arguments[0].text, texts(arguments[1:])
	}
	// What an entrypoint adds to its arguments, the shell got.
	p.entrypoint = false
	if !sh.follow(script.text) {
		p.why, p.at = "its start script cannot be read as a shell script", script.at
		return
	}
	s.remember(sh.commands(), script)
	s.variables = append(s.variables, sh.variables)
	chosen, others := choose(sh.runs)
	if chosen == nil {
		if idle(sh.runs) {
			p.kind = Client
			return
		}
		if p.why == "" {
			p.why = "its start script runs no server that can be seen"
		}
		p.at = script.at
		return
	}
	if others {
		p.why, p.at = "its start script decides at run time what it starts", script.at
	}
	s.further += servers(sh.runs) - 1
	for name, value := range chosen.environment {
		sh.variables[name] = value
	}
	s.script = &script
	if chosen.directory != sh.start {
		s.directory = chosen.directory
	}
	s.follow(p, s.placeRun(*chosen, script, arguments), depth+1)
}

// remember keeps the calls of clients that a script makes.
func (s *Service) remember(runs []run, script word) {
	for _, run := range runs {
		if !run.leadsTo(isClient) {
			continue
		}
		words := s.placeRun(run, script, nil)
		if options := skipsOptions[path.Base(run.words[0])]; options != nil {
			words = unwrap(words, options)
		}
		if len(words) > 0 && isClient(words[0].text) {
			s.calls = append(s.calls, probe(words, run.environment))
		}
	}
}

// servers counts the servers and sentinels that a script surely runs.
func servers(runs []run) int {
	count := 0
	for _, run := range runs {
		if !run.conditional && isServerRun(run) && !detached(run) {
			count++
		}
	}
	return max(count, 1)
}

// choose picks the server among the commands of a script: a client only where
// there is no server. others tells that a condition chooses between several.
func choose(runs []run) (chosen *run, others bool) {
	for _, wanted := range []func(string) bool{leadsToServer, isClient} {
		for i := range runs {
			if !runs[i].leadsTo(wanted) {
				continue
			}
			switch {
			case chosen == nil, detached(*chosen) && !chosen.conditional:
				chosen = &runs[i]
			default:
				return chosen, isServerRun(runs[i]) && (runs[i].conditional || chosen.conditional)
			}
		}
		if chosen != nil {
			return chosen, false
		}
	}
	// The script that it goes on with is the last: those before prepare.
	for i := range slices.Backward(runs) {
		if program := runs[i].words[0]; isScript(program) || isShell(path.Base(program)) && len(runs[i].words) > 1 {
			return &runs[i], runs[i].conditional
		}
	}
	return nil, false
}

func (r run) leadsTo(wanted func(string) bool) bool {
	return wanted(r.words[0]) || leads(r.words, wanted)
}

func isServerRun(r run) bool { return r.leadsTo(leadsToServer) }

// detached recognises a server that leaves its script to another: one that is
// started to fill or to mend the data.
func detached(r run) bool {
	at := slices.Index(r.words, "--daemonize")
	return at >= 0 && at+1 < len(r.words) && strings.EqualFold(r.words[at+1], "yes")
}

// idle reports whether a script surely does nothing but wait or tidy up.
func idle(runs []run) bool {
	for _, run := range runs {
		if name := path.Base(run.words[0]); !harmless[name] && !isTool(name) && !onlyReads(name, run.words[1:]) {
			return false
		}
	}
	return len(runs) > 0
}

func leadsToServer(program string) bool {
	return isServer(program) || isSentinel(program) || isOwnEntrypoint(path.Base(program)) || path.Base(program) == "run.sh"
}

// leads reports whether a wrapping program is followed by a wanted one.
func leads(words []string, wanted func(string) bool) bool {
	if skipsOptions[path.Base(words[0])] == nil && !isShell(path.Base(words[0])) {
		return false
	}
	for _, text := range words[1:] {
		if wanted(text) {
			return true
		}
	}
	return false
}

// containerVariable looks a variable up for a script.
func (s *Service) containerVariable(name string) (string, bool) {
	s.expanded[name] = true
	value, set, known := s.Variable(name)
	switch {
	case !set && name == "HOSTNAME" || !set && name == "PATH":
		return "", false
	case set && !known && value == "":
		return unknown("${" + name + "}"), true
	}
	return value, set
}
