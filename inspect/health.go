package inspect

import (
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/redis"
)

// Probe is a call of redis-cli or the like by a health check.
type Probe struct {
	redis.Client
	Program     string
	At          position.Span           // of the program
	WordAt      func(int) position.Span // of a word behind it
	Environment map[string]string       // assignments in front of it
	Checked     bool                    // the reply is looked at, not only the exit status
	Unread      bool                    // what else the check does is not known
	Expanded    bool                    // a shell in the container puts the password in its place
	Words       []string                // behind the program
}

// Health returns the client calls of a service's health check. seen is false
// where the check cannot be followed.
func (s *Service) Health() (probes []Probe, seen bool) {
	test, ok := s.Command("healthcheck", "test")
	words := s.wordsOf(test)
	switch {
	case !ok && s.Built != nil && s.Built.Health != nil:
		words = builtWords(s.Built.Health)
	case !ok || len(test.Words) == 0:
		return nil, false
	case !test.IsList:
		whole, _ := s.Raw("healthcheck", "test")
		words = []word{{text: "CMD-SHELL"}, {text: s.text(whole), at: test.Span}}
	}
	switch words[0].text {
	case "CMD":
		return s.probesOf(words[1:], 0)
	case "CMD-SHELL":
		if len(words) < 2 {
			return nil, false
		}
		return s.probesInScript(words[1], 0)
	}
	return nil, false
}

// text puts the variables of a compose file into a text.
func (s *Service) text(raw string) string {
	texts := s.Config.HealthCheck
	if texts != nil && len(texts.Test) == 2 && texts.Test[0] == "CMD-SHELL" {
		return texts.Test[1]
	}
	return raw
}

// probesOf follows the words of a check without a shell.
func (s *Service) probesOf(words []word, depth int) (probes []Probe, seen bool) {
	if len(words) == 0 || depth > maxWrappers {
		return nil, false
	}
	name := path.Base(words[0].text)
	switch {
	case isClient(name):
		return []Probe{probe(words, nil)}, true
	case isShell(name):
		for i := 1; i+1 < len(words); i++ {
			if text := words[i].text; strings.HasPrefix(text, "-") && strings.Contains(text, "c") {
				return s.probesInScript(words[i+1], depth)
			}
		}
		if len(words) > 1 {
			return s.probesOf(words[1:], depth+1)
		}
	case skipsOptions[name] != nil:
		return s.probesOf(unwrap(words, skipsOptions[name]), depth+1)
	}
	target := join(nonEmpty(s.directory, "/"), words[0].text)
	found := s.files.read(target)
	if found.state != present {
		return nil, false
	}
	return s.probesInScript(word{text: found.text, at: found.beginning()}, depth)
}

// probesInScript follows a check that a shell runs.
func (s *Service) probesInScript(script word, depth int) (probes []Probe, seen bool) {
	ways, shared, ok := explore(func() *shell {
		shared := &following{known: s.containerVariable, system: s.systemShell(), flat: true}
		return newShell(shared, shared.system, newFiles(s.Service, s.files.bare, s.files.image), nonEmpty(s.directory, "/"))
	}, script.text)
	if !ok {
		return nil, false
	}
	checked := looksAtReply(script.text)
	for _, run := range shared.commands {
		if !run.leadsTo(isClient) && !run.leadsTo(isScript) && !isShell(path.Base(run.words[0])) {
			continue
		}
		words := s.placeRun(run, script, nil)
		if options := skipsOptions[path.Base(run.words[0])]; options != nil {
			words = unwrap(words, options)
		}
		switch {
		case len(words) > 0 && isClient(words[0].text):
			p := probe(words, run.environment)
			p.Checked = checked
			if p.PasswordGiven && p.PasswordWord >= 0 {
				p.Expanded = !strings.Contains(unset.Plain(script.text), unset.Plain(p.Words[p.PasswordWord])) || !unset.Known(p.Words[p.PasswordWord]) && atStart(p.Words[p.PasswordWord])
			}
			for name, value := range ways[0].values() {
				if _, given := p.Environment[name]; !given && strings.HasSuffix(name, "_AUTH") {
					p.Environment[name] = value
				}
			}
			probes = append(probes, p)
		case len(words) > 1 && isShell(path.Base(words[0].text)), len(words) > 0 && isScript(words[0].text):
			inner, ok := s.probesOf(words, depth+1)
			if !ok {
				return nil, false
			}
			probes = append(probes, inner...)
		}
	}
	return probes, true
}

func isScript(program string) bool { return strings.HasSuffix(program, ".sh") }

// looksAtReply reports whether a script does more with a client's output than
// to print it: then its exit status is not the client's.
func looksAtReply(script string) bool {
	for _, sign := range []string{"grep", "PONG", "[ ", "[[ ", "test ", "awk", "sed", "case "} {
		if strings.Contains(script, sign) {
			return true
		}
	}
	return false
}

func probe(words []word, environment map[string]string) Probe {
	client, err := redis.ParseClient(texts(words[1:]))
	p := Probe{
		Client: client, Program: path.Base(words[0].text), At: words[0].at, Words: texts(words[1:]), Environment: map[string]string{}, Unread: err != nil,
		WordAt: func(i int) position.Span {
			if i+1 < len(words) && i >= 0 {
				return words[i+1].at
			}
			return words[0].at
		},
	}
	for name, value := range environment {
		p.Environment[name] = value
	}
	return p
}

// atStart reports whether a text is worked out only in the container.
func atStart(text string) bool {
	return slices.ContainsFunc(unset.VariablesIn(text), func(v unset.Variable) bool { return v.AtStart })
}
