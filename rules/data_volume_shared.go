package rules

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var dataVolumeShared = &lint.Rule{
	ID:       "data-volume-shared",
	Group:    "persistence",
	Severity: lint.Error,
	Summary:  "Two servers save to one directory",
	Why: `
No server locks its directory. Each writes dump.rdb and the append-only files of
its own data over those of the other: after the next restart one of them has the
other's data, or neither starts. A replica that gets its master's data writes
them over the master's file while it is saved. Several containers of one service
share its volume in the same way. Give each a volume.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"},
	Guide: lint.Guide{
		Fault:    "services:\n  one:\n    image: redis:7.4.6\n    volumes: [data:/data]\n  two:\n    image: redis:7.4.6\n    volumes: [data:/data]\nvolumes: {data: {}}\n",
		NearMiss: "services:\n  one:\n    image: redis:7.4.6\n    volumes: [one:/data]\n  two:\n    image: redis:7.4.6\n    volumes: [two:/data]\nvolumes: {one: {}, two: {}}\n",
		Mend:     "Give each server a volume of its own.",
		Ignore:   "Where the two are never run at once; say so with profiles.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtFault}},
	},
	Help: &lint.Help{
		Where:  "in the service, a volume of its own, and the volume at the top level:",
		Lines:  []string{"volumes:", "  - <name>:/data"},
		Choose: "<name>",
	},
	Check: func(p *lint.Pass) {
		if p.IsStack {
			return // a volume is another on each machine
		}
		first := map[string]*inspect.Service{}
		for _, s := range inspect.Servers(p.Project) {
			mount, place := savesTo(s)
			if place == "" {
				continue
			}
			if count := s.Config.Count(); count > 1 {
				p.Report(mount.Span, s.Service, "%d containers of %q save to %s: they write over each other's data", count, s.Name, shownSource(mount))
				continue
			}
			if other := first[place]; other != nil {
				offer(p.Report(mount.Span, s.Service, "%q and %q save to %s: they write over each other's data", other.Name, s.Name, shownSource(mount)), ownVolume(s, mount))
				continue
			}
			first[place] = s
		}
	},
}

// savesTo is where a server certainly saves, and what tells it from any other
// place; "" where that is not known. Services of different profiles are not
// meant to run together.
func savesTo(s *inspect.Service) (mount inspect.Mount, place string) {
	directory, known := s.Directory()
	mount, mounted := s.MountAt(directory)
	lasting := mount.Type == compose.TypeVolume || mount.Type == compose.TypeBind
	if !known || !mounted || !lasting || mount.Source == "" || !unset.Known(mount.Source) || !s.Saves() || s.Kind == inspect.Compatible {
		return mount, ""
	}
	if strings.Contains(mount.Source, "{{") || s.Has("profiles") || mount.ReadOnly || s.Config.Count() == 0 {
		return mount, ""
	}
	file := s.Get("dbfilename").Value
	if s.Get("appendonly").Value == "yes" {
		file = s.Get("appenddirname").Value + " " + s.Get("appendfilename").Value
	}
	return mount, fmt.Sprintf("%s %s %s %s %s", mount.Type, mount.Source, mount.Subpath, strings.TrimPrefix(directory, mount.Target), file)
}

// shownSource names what is mounted.
func shownSource(mount inspect.Mount) string {
	if mount.Type == compose.TypeVolume {
		return fmt.Sprintf("the volume %q", mount.Source)
	}
	return "one directory of the host"
}
