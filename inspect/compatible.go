package inspect

import (
	"fmt"
	"path"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// compatible is what is certain of a server that speaks the protocol and reads
// no redis.conf: Dragonfly of August 2026 (src/server, tools/docker), Garnet of
// August 2026 (Options.cs), Kvrocks 2.12 (config.cc, Dockerfile).
type compatible struct {
	name string
	// flags are those with the meaning of a directive of Redis.
	flags map[string]string
	// variables of the environment are read like flags.
	variables map[string]string
	// elsewhere are flags that bring others from a file.
	elsewhere []string
	// conf is the file in the image that holds flags as well.
	conf string
	// saves says that the data are written to its directory unless a flag has
	// this value.
	saves  bool
	unless map[string]string
}

var compatibles = map[redis.Family]compatible{
	redis.Dragonfly: {
		name: "Dragonfly",
		flags: map[string]string{
			"requirepass": "requirepass", "port": "port", "bind": "bind", "dir": "dir", "maxmemory": "maxmemory", "aclfile": "aclfile",
			"dbfilename": "dbfilename", "cache_mode": "cache_mode",
		},
		variables: map[string]string{"DFLY_PASSWORD": "requirepass", "DFLY_requirepass": "requirepass"},
		elsewhere: []string{"flagfile", "tls"},
		saves:     true, unless: map[string]string{"dbfilename": "", "cache_mode": "true"},
	},
	redis.Garnet: {
		name:      "Garnet",
		flags:     map[string]string{"password": "requirepass", "port": "port", "bind": "bind", "acl-file": "aclfile"},
		elsewhere: []string{"config-import-path", "auth", "tls"},
	},
	redis.Kvrocks: {
		name:      "Kvrocks",
		flags:     map[string]string{"requirepass": "requirepass", "port": "port", "bind": "bind", "dir": "dir"},
		elsewhere: []string{"c", "config"},
		conf:      "/var/lib/kvrocks/kvrocks.conf",
		saves:     true,
	},
}

// compatibleFacts is what is certain of the service's server.
func (s *Service) compatibleFacts() compatible {
	if facts, known := compatibles[s.Image.Family]; known {
		return facts
	}
	return compatible{name: compatibles[s.Image.Named().Other].name}
}

// followCompatible reads the flags of such a server.
func (s *Service) followCompatible() {
	s.Kind = Compatible
	facts := s.compatibleFacts()
	if s.Image.Family == redis.Garnet {
		s.directory = "" // the data go elsewhere, if anywhere
	}
	if s.Image.Family == "" {
		s.opaque(s.ImageAt(), fmt.Sprintf("%q is an image of somebody else's", s.Image.Text))
		return
	}
	words, at := s.compatibleWords()
	for name, directive := range facts.variables {
		if value, set, known := s.Variable(name); set && (value != "" || !known) {
			s.assign(directive, value, known, Origin{Kind: FromEnvironment, Span: s.variableAt(name)}, nil)
		}
	}
	s.readFlags(facts, words)
	if facts.conf != "" && s.files.isOfProject(facts.conf) {
		s.opaque(at, fmt.Sprintf("%s is not judged", facts.conf))
	}
}

// compatibleWords are those behind the program, as far as they are seen.
func (s *Service) compatibleWords() ([]word, position.Span) {
	command, _ := s.Command("command")
	words, at := s.wordsOf(command), command.Span
	if len(words) == 0 {
		at = s.ImageAt()
	}
	if entrypoint, own := s.Command("entrypoint"); own && len(s.Config.Entrypoint) > 0 {
		words, at = append(s.wordsOf(entrypoint), words...), entrypoint.Span
	}
	if s.Built != nil && (s.Built.Entrypoint != nil || s.Built.Command != nil) || s.Unread {
		s.opaque(s.ImageAt(), "what its image starts is not followed")
	}
	if len(words) > 0 && isShell(path.Base(words[0].text)) {
		s.opaque(at, "its start script is not followed")
	}
	return words, at
}

// readFlags reads --name=value and --name value.
func (s *Service) readFlags(facts compatible, words []word) {
	for i, w := range words {
		if !unset.Known(w.text) && !strings.HasPrefix(w.text, "-") && (i == 0 || !strings.HasPrefix(words[i-1].text, "-")) {
			s.opaque(w.at, fmt.Sprintf("%s may bring any flag", unset.Plain(w.text)))
		}
		name, value, given := strings.Cut(strings.TrimLeft(w.text, "-"), "=")
		if !strings.HasPrefix(w.text, "-") {
			continue
		}
		at := w
		if !given && i+1 < len(words) && !strings.HasPrefix(words[i+1].text, "-") {
			value, at = words[i+1].text, words[i+1]
		} else if !given {
			value = "true"
		}
		for _, elsewhere := range facts.elsewhere {
			if name == elsewhere || strings.HasPrefix(name, "tls") && elsewhere == "tls" {
				s.opaque(w.at, fmt.Sprintf("--%s is not followed", name))
			}
		}
		if directive, known := facts.flags[name]; known {
			s.assign(directive, value, unset.Known(value), Origin{Kind: FromArgv, Span: w.at}, &at)
		}
	}
}

// assign sets a directive, as the last of a name counts.
func (s *Service) assign(directive, value string, known bool, origin Origin, argument *word) {
	setting := Setting{Name: directive, Value: value, Args: []string{value}, Set: true, Known: known, Origin: origin, Parts: []Origin{origin}}
	if directive == "aclfile" {
		setting.Known = false
	}
	if !setting.Known {
		setting.Why = fmt.Sprintf("its value is %s", unset.Plain(value))
	}
	s.settings[directive] = setting
	e := entry{Assignment: redis.Assignment{Name: directive, Args: []string{value}, FromArgv: true}, origin: origin, name: origin.Span}
	if argument != nil {
		e.args = []position.Span{argument.at}
	}
	s.entries = append(s.entries, e)
}

// compatibleAccess says whom such a server lets in: without a password, anyone.
func (s *Service) compatibleAccess() Access {
	if _, given := s.Given("aclfile"); given {
		return AccessUnknown
	}
	switch password, given := s.Given("requirepass"); {
	case given && (!password.Known || password.Value != ""):
		return Closed
	case s.Opaque != "":
		return AccessUnknown
	}
	return Open
}

// compatibleSaves is Saves for such a server.
func (s *Service) compatibleSaves() bool {
	facts := s.compatibleFacts()
	for name, value := range facts.unless {
		if setting, given := s.Given(name); given && (!setting.Known || setting.Value == value) {
			return false
		}
	}
	return facts.saves && s.Opaque == ""
}
