package inspect

import (
	"fmt"
	"path"
	"strings"

	"github.com/rcomp/rcomp/lint"
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
			if i+1 < len(words) {
				s.followText(p, words[i+1], words[i+2:], depth)
			}
			return
		case strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+"):
			if text == "-o" {
				i++
			}
		default:
			s.followScript(p, words[i:], depth)
			return
		}
	}
}

// followScript reads a script of the project that a command names.
func (s *Service) followScript(p *process, words []word, depth int) {
	name := join(s.directory, words[0].text)
	if !strings.Contains(words[0].text, "/") {
		name = "/usr/local/bin/" + words[0].text
	}
	found := s.files.read(name)
	if found.state != present {
		if p.why == "" || found.why != "" {
			p.why = fmt.Sprintf("it is started by %s, which is not read", words[0].text)
		}
		return
	}
	p.wrapped = true
	script := word{text: found.text, at: lint.Span{File: found.shown, Start: lint.Pos{Line: 1, Column: 1}, End: lint.Pos{Line: 1, Column: 2}}}
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
	for i, argument := range arguments {
		sh.variables[fmt.Sprint(i)] = argument.text
	}
	positional := ""
	if len(arguments) > 1 {
		for _, argument := range arguments[1:] {
			positional += " " + argument.text
		}
	}
	sh.variables["@"], sh.variables["*"] = strings.TrimSpace(positional), strings.TrimSpace(positional)
	if !sh.follow(script.text) {
		p.why, p.at = "its start script cannot be read as a shell script", script.at
		return
	}
	s.remember(sh.commands(), script)
	chosen, others := choose(sh.runs)
	if chosen == nil {
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
	s.follow(p, s.place(chosen.words, script), depth+1)
}

// remember keeps the calls of clients that a script makes.
func (s *Service) remember(runs []run, script word) {
	for _, run := range runs {
		words := s.place(run.words, script)
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
		if !run.conditional && (leadsToServer(run.words[0]) || leads(run.words, leadsToServer)) {
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
			if !wanted(runs[i].words[0]) && !leads(runs[i].words, wanted) {
				continue
			}
			if chosen != nil {
				return chosen, runs[i].conditional || chosen.conditional
			}
			chosen = &runs[i]
		}
		if chosen != nil {
			return chosen, false
		}
	}
	for i := range runs {
		if strings.HasSuffix(runs[i].words[0], ".sh") {
			return &runs[i], false
		}
	}
	return nil, false
}

func leadsToServer(program string) bool {
	return isServer(program) || isSentinel(program) || path.Base(program) == "docker-entrypoint.sh" || path.Base(program) == "run.sh"
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

// place finds the words of a script's command in the file that the script
// stands in. A word that a variable brings is placed at the word before it.
func (s *Service) place(texts []string, script word) []word {
	var words []word
	lines := strings.Count(script.text, "\n") + 2
	at := script.at
	for _, text := range texts {
		for _, written := range []string{text, strings.ReplaceAll(text, "$", "$$")} {
			found, ok := s.Project.Find(at, lint.Plain(written), lines)
			if !ok {
				continue
			}
			lines -= found.Start.Line - at.Start.Line
			at = lint.Span{File: found.File, Start: found.End, End: found.End}
			words = append(words, word{text: text, at: found})
			break
		}
		if len(words) == 0 || words[len(words)-1].text != text {
			last := script.at
			if len(words) > 0 {
				last = words[len(words)-1].at
			}
			words = append(words, word{text: text, at: last})
		}
	}
	return words
}

// containerVariable looks a variable up for a script.
func (s *Service) containerVariable(name string) (string, bool) {
	s.expanded[name] = true
	value, set, known := s.Variable(name)
	switch {
	case !set && name == "HOSTNAME" || !set && name == "PATH":
		return "", false
	case set && !known && value == "":
		return unknown("$" + name), true
	}
	return value, set
}
