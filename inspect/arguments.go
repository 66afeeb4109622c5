package inspect

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/redis"
)

// arguments are the words that a server gets: those of the command, and those
// that the image's own script adds. Some only stand for what it puts in front.
func (s *Service) arguments(p process) (words []word) {
	flags := s.Image.Flags()
	added := s.flags(p)
	if flags.Modules && len(added) > 0 && !p.setup {
		added = append(s.standIns("--loadmodule", "module"), added...)
	}
	if flags.Behind {
		words = append(append(words, p.arguments...), added...)
	} else {
		words = append(append(words, added...), p.arguments...)
	}
	if p.setup {
		words = append(s.standIns("conf", "--daemonize", "no"), words...)
	}
	return words
}

func (s *Service) standIns(texts ...string) (words []word) {
	for _, text := range texts {
		words = append(words, word{text: text, at: s.ImageAt(), placeholder: true})
	}
	return words
}

// flags are the words of the variable that the image's own script puts among
// the arguments.
func (s *Service) flags(p process) []word {
	flags, value := s.givenFlags(p)
	fields := strings.Fields(value)
	if flags.Modules {
		for len(fields) > 0 && !strings.HasPrefix(fields[0], "--") && unset.Known(fields[0]) {
			fields = fields[1:]
		}
	}
	if bringsAny(fields) {
		return nil
	}
	var words []word
	for _, text := range fields {
		words = append(words, word{text: text, at: s.variableAt(flags.Variable), variable: flags.Variable})
	}
	return words
}

func (s *Service) givenFlags(p process) (redis.Flags, string) {
	flags := s.Image.Flags()
	if flags.Variable == "" || !p.setup && !p.entrypoint {
		return redis.Flags{}, ""
	}
	value, set, known := s.startVariable(flags.Variable)
	if set && !known && value == "" {
		value = unset.Unknown("${" + flags.Variable + "}") // handed through from where Compose runs
	}
	return flags, value
}

// bringsAny reports whether nothing is known of flags but a variable, which may
// hold any of them. One behind an option is its value.
func bringsAny(fields []string) bool { return len(fields) > 0 && !unset.Known(fields[0]) }

// unknownFlags says that any directive may come from there.
func (s *Service) unknownFlags(p process) []entry {
	flags, value := s.givenFlags(p)
	if !bringsAny(strings.Fields(value)) {
		return nil
	}
	at := s.variableAt(flags.Variable)
	return []entry{{
		Assignment: redis.Assignment{FromArgv: true}, origin: Origin{Kind: FromEnvironment, Span: at}, name: at, unknown: true,
		any: fmt.Sprintf("the variable %s may bring any directive", flags.Variable),
	}}
}
