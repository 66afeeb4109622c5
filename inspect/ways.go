package inspect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// A start script may start a server in several ways. Each is worked out by
// itself; what all agree on is known, and what differs is not, with the places
// of both.

// way is one of several ways in which a service may start.
type way struct {
	service *Service
	process process
}

// fork is the service as it is, for another way to go on from there.
func (s *Service) fork() *Service {
	other := *s
	other.files = s.files.fork()
	other.settings = map[string]Setting{}
	other.variables, other.calls, other.ways, other.further = nil, nil, nil, nil
	other.dropped = nil
	other.Problems, other.ends = slices.Clip(s.Problems), slices.Clip(s.ends)
	return &other
}

// agree keeps of a service what holds in every way that it may start.
func (s *Service) agree(others []*Service) {
	if len(others) == 0 {
		return
	}
	all := append([]*Service{s}, others...)
	settings := s.agreedSettings(all)
	s.agreeOnLines(all)
	s.Confs = agreedConfs(all)
	for _, other := range others {
		if other.Kind != s.Kind {
			s.opaque(other.decidedAt(), "its start script decides at run time what it starts")
		}
		if other.Opaque != "" {
			s.opaque(other.OpaqueAt, other.Opaque)
		}
		s.Problems = slices.DeleteFunc(slices.Clone(s.Problems), func(problem Problem) bool {
			return !slices.ContainsFunc(other.Problems, func(theirs Problem) bool {
				return theirs.Message == problem.Message && theirs.Name == problem.Name
			})
		})
		s.ends = slices.DeleteFunc(slices.Clone(s.ends), func(end End) bool {
			return !slices.ContainsFunc(other.ends, func(theirs End) bool { return theirs.Reason == end.Reason && theirs.Message == end.Message })
		})
		if s.directory != other.directory {
			s.directory = ""
		}
		s.files.join(other.files)
		s.calls = append(s.calls, other.calls...)
		s.variables = append(s.variables, other.variables...)
		for _, f := range other.further {
			if !slices.Contains(s.further, f) {
				s.further = append(s.further, f)
			}
		}
	}
	s.settings = settings
}

func (s *Service) decidedAt() position.Span {
	if s.script != nil {
		return s.script.at
	}
	return s.Span()
}

// agreedSettings joins the directives of all ways.
func (s *Service) agreedSettings(all []*Service) map[string]Setting {
	names := map[string]bool{}
	for _, way := range all {
		for name := range way.settings {
			names[name] = true
		}
	}
	settings := map[string]Setting{}
	for name := range names {
		settings[name] = s.agreedSetting(name, all)
	}
	return settings
}

// agreedSetting is a directive as all ways have it, or why it is not known.
func (s *Service) agreedSetting(name string, all []*Service) Setting {
	var given, effective []Setting
	isUnset := false
	for _, way := range all {
		setting, set := way.settings[name]
		if set {
			given = append(given, setting)
		} else {
			setting, isUnset = way.Get(name), true
		}
		effective = append(effective, setting)
	}
	if !slices.ContainsFunc(effective, func(e Setting) bool { return !e.Known || e.Value != effective[0].Value }) {
		return given[0]
	}
	setting := given[0]
	for _, other := range given[1:] {
		if setting.Known && !other.Known {
			setting.Value, setting.Args = other.Value, other.Args // it names the variable
		}
		for _, origin := range other.Parts {
			if !slices.Contains(setting.Parts, origin) {
				setting.Parts = append(slices.Clip(setting.Parts), origin)
			}
		}
	}
	setting.Known, setting.Why = false, s.difference(name, given, isUnset)
	if !slices.ContainsFunc(given, func(g Setting) bool { return !g.Known }) {
		setting.Value, setting.Args = "", nil
	}
	return setting
}

// difference says what a directive may be, and where.
func (s *Service) difference(name string, given []Setting, isUnset bool) string {
	const most = 4
	var said []string
	for _, setting := range given {
		text := "set"
		if !s.Secret(name) {
			text = setting.Value
		}
		if text == "" {
			text = `""`
		}
		if at := setting.Origin.Span; !at.IsZero() {
			text += fmt.Sprintf(" (%s:%d:%d)", at.File, at.Start.Line, at.Start.Column)
		}
		if text = unset.Plain(text); !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	if len(said) > most {
		said = append(said[:most], "another value")
	}
	if isUnset {
		said = append(said, "not set")
	}
	if len(said) == 1 {
		return "its value is " + said[0]
	}
	return "its start script decides whether it is " + strings.Join(said[:len(said)-1], ", ") + " or " + said[len(said)-1]
}

// agreeOnLines keeps the lines and options of all ways, for who looks for what
// is written there. Those that only count together, all ways must have.
func (s *Service) agreeOnLines(all []*Service) {
	var entries []entry
	ways := map[string]int{} // that have an entry
	for _, way := range all {
		for key := range keysOf(way.entries) {
			ways[key]++
		}
	}
	listed := map[string]bool{}
	for i, way := range all {
		for _, e := range way.entries {
			key := e.key()
			if listed[key] {
				continue
			}
			everywhere := ways[key] == len(all)
			if !everywhere && (e.Name == "sentinel" || e.Name == "user") {
				s.opaque(e.origin.Span, fmt.Sprintf("its start script decides at run time which %s lines there are", e.Name))
				s.dropped = append(s.dropped, e)
				continue
			}
			if everywhere && i > 0 {
				continue
			}
			listed[key] = true
			entries = append(entries, e)
		}
	}
	s.entries = entries
	s.sentinelEntries = slices.DeleteFunc(slices.Clone(s.sentinelEntries), func(e entry) bool { return !listed[e.key()] })
	s.Monitors = slices.DeleteFunc(slices.Clone(s.Monitors), func(m Monitor) bool {
		return slices.ContainsFunc(all, func(other *Service) bool { return !slices.Contains(other.Monitors, m) })
	})
}

// key is what two entries have in common that are the same.
func (e entry) key() string {
	return fmt.Sprintf("%s\x00%s\x00%v\x00%s", e.Name, e.origin.Kind, e.origin.Span, strings.Join(e.Args, "\x00"))
}

func keysOf(entries []entry) map[string]bool {
	keys := make(map[string]bool, len(entries))
	for _, e := range entries {
		keys[e.key()] = true
	}
	return keys
}

// agreedConfs lists the confs that any way reads. One that is there in some of
// them only is not known.
func agreedConfs(all []*Service) (confs []Conf) {
	states := map[string]map[ConfState]bool{}
	for _, way := range all {
		for _, conf := range way.Confs {
			if states[conf.Path] == nil {
				states[conf.Path] = map[ConfState]bool{}
			}
			states[conf.Path][conf.State] = true
		}
	}
	listed := map[string]bool{}
	for _, way := range all {
		for _, conf := range way.Confs {
			everywhere := !slices.ContainsFunc(all, func(other *Service) bool {
				return !slices.ContainsFunc(other.Confs, func(c Conf) bool { return c.Path == conf.Path })
			})
			switch {
			case listed[conf.Path]:
				continue
			case len(states[conf.Path]) > 1, !everywhere && conf.State != ConfRead:
				conf.State = ConfUnknown
			}
			listed[conf.Path] = true
			confs = append(confs, conf)
		}
	}
	return confs
}

// mostLikely puts the first way that runs a program of Redis in front.
func mostLikely(ways []way) []way {
	at := slices.IndexFunc(ways, func(w way) bool { return w.process.kind != "" && w.process.kind != Client })
	if at <= 0 {
		return ways
	}
	return slices.Concat(ways[at:at+1], ways[:at], ways[at+1:])
}
