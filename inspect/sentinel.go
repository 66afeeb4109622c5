package inspect

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/position"
)

// Monitor is a master that a sentinel watches.
type Monitor struct {
	Name, Host, Port string
	Quorum           int // 0: not known
	At               position.Span
	HostAt           position.Span
}

// sentinel reads the lines that only Sentinel understands. A server that is
// given such lines without --sentinel was meant to be one, and does not start.
func (c *configuration) sentinel(p process) {
	meant := false
	for i := range c.entries {
		e := &c.entries[i]
		if e.Name != "sentinel" || len(e.Args) == 0 {
			continue
		}
		meant = true
		c.sentinelEntries = append(c.sentinelEntries, *e)
		if strings.EqualFold(e.Args[0], "monitor") && len(e.Args) >= 4 {
			c.Monitors = append(c.Monitors, monitorOf(e))
		}
	}
	if c.Kind == Server && meant {
		c.Kind = Sentinel
		at := p.at
		if len(c.Confs) > 0 {
			at = c.Confs[0].At
		}
		c.problem(SyntaxProblem, at, "sentinel", wantsSentinel)
	}
}

const wantsSentinel = "a server takes no sentinel lines: it stops at the first; start it with --sentinel or as redis-sentinel"

// WantsSentinel reports whether the problem is that what is to be a sentinel is
// started as a server.
func (p Problem) WantsSentinel() bool { return p.Message == wantsSentinel }

// leadingDigits are what a server takes of a number: it reads up to the first
// character that is no digit (atoi).
var leadingDigits = regexp.MustCompile(`^\d+`)

func monitorOf(e *entry) Monitor {
	m := Monitor{Name: e.Args[1], Host: e.Args[2], Port: e.Args[3], At: e.name, HostAt: e.name}
	if len(e.args) > 2 {
		m.HostAt = e.args[2]
	}
	if len(e.Args) > 4 {
		m.Quorum, _ = strconv.Atoi(leadingDigits.FindString(e.Args[4]))
	}
	return m
}

type sentinelLinesKey struct{ of *Service }

// SentinelSettingOf returns the last `sentinel NAME MASTER …` line or option with
// a name, for a master: its words behind the master's name.
func (s *Service) SentinelSettingOf(name, master string) (words []string, at position.Span, ok bool) {
	lines := compose.Once(s.Project, sentinelLinesKey{s}, func() map[[2]string]entry {
		lines := map[[2]string]entry{}
		for _, e := range s.sentinelEntries {
			if len(e.Args) > 1 {
				lines[[2]string{strings.ToLower(e.Args[0]), e.Args[1]}] = e
			}
		}
		return lines
	})
	e, ok := lines[[2]string{name, master}]
	if !ok {
		return nil, position.Span{}, false
	}
	return e.Args[2:], e.name, true
}

// SentinelSetting returns the last `sentinel NAME …` line or option with a
// name: its words behind the name.
func (s *Service) SentinelSetting(name string) (words []string, at position.Span, ok bool) {
	for _, e := range s.sentinelEntries {
		if strings.EqualFold(e.Args[0], name) {
			words, at, ok = e.Args[1:], e.name, true
		}
	}
	return words, at, ok
}

// KeepsConf reports whether what a sentinel writes into a conf file surely stands
// there when its container is made anew: in a directory of the host, and no script
// writes the file before it starts.
func (s *Service) KeepsConf(conf Conf) bool {
	mount := conf.Mount
	return conf.State == ConfRead && mount != nil && mount.Type == compose.TypeBind && !mount.ReadOnly && mount.Target != conf.Path && !s.files.isWritten(conf.Path)
}
