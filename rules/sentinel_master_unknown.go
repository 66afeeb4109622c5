package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/inspect/topology"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
)

var sentinelMasterUnknown = &lint.Rule{
	ID:       "sentinel-master-unknown",
	Group:    "sentinel",
	Severity: lint.Warning,
	Summary:  "Sentinels are asked for a master by a name that they do not have",
	Why: `
A sentinel knows each master by the name behind sentinel monitor, and by nothing
else. Asked for another name it answers with nothing, or with "No such master with
that name": the client finds no server, and a health check looks at nobody.
`,
	Refs: []string{"https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#sentinel-commands"},
	Guide: lint.Guide{
		Fault:    "services:\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n    healthcheck: {test: [CMD, redis-cli, -p, \"26379\", sentinel, get-master-addr-by-name, mymaster]}\n",
		NearMiss: "services:\n  sentinel:\n    image: redis:7.4.6\n    command: redis-sentinel /conf/sentinel.conf\n    volumes: [./conf:/conf]\n    healthcheck: {test: [CMD, redis-cli, -p, \"26379\", sentinel, get-master-addr-by-name, main]}\n",
		Mend:     "Write one name everywhere: behind sentinel monitor, in its other lines, in checks and in clients.",
		Ignore:   "Where a command adds the master once the sentinels run.",
		Cases:    []lint.Case{{Hurt: lint.Neighbours, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "in the conf file of the sentinels, the name that is asked for:",
		Lines:  []string{"sentinel monitor <name> <master> 6379 2"},
		Choose: "<name>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Sentinels(p.Project) {
			watched := watchedBy(s)
			probes, _ := s.Health()
			for _, probe := range probes {
				if name := askedFor(probe); name != "" && len(watched) > 0 && !slices.Contains(watched, name) {
					p.Report(probe.At, s.Service, "the check of %q asks for the master %q, and it watches %s", s.Name, name, strings.Join(watched, ", "))
				}
			}
		}
		if t := topology.Of(p.Project); t.SentinelsKnown() && len(t.Masters) > 0 {
			for _, service := range p.Project.Services {
				reportMaster(p, t, service)
			}
		}
	},
}

// watchedBy are the names of the masters of a sentinel, none where they are not
// all known.
func watchedBy(s *inspect.Service) (names []string) {
	if s.Opaque != "" || s.Partial {
		return nil
	}
	for _, monitor := range s.Monitors {
		if !unset.Known(monitor.Name) {
			return nil
		}
		names = append(names, monitor.Name)
	}
	return names
}

// namesMaster are the commands of a sentinel whose argument is a master.
var namesMaster = []string{"get-master-addr-by-name", "master", "ckquorum", "replicas", "slaves", "sentinels"}

// askedFor is the master that a check asks its own sentinel for.
func askedFor(probe inspect.Probe) string {
	call := probe.Command
	own := probe.Host == "" || topology.IsLoopback(probe.Host)
	if !own || len(call) != 3 || !strings.EqualFold(call[0], "sentinel") || !slices.Contains(namesMaster, strings.ToLower(call[1])) || !masterName.MatchString(call[2]) {
		return ""
	}
	return call[2]
}

// tellsMaster are variables that tell a client the name of its master.
var (
	tellsMaster = regexp.MustCompile(`(^|_)SENTINEL_?(MASTER|SERVICE)(_?(NAME|SET|GROUP|GROUP_NAME|ID))?$|(REDIS|VALKEY)_MASTER_(SET|GROUP|GROUP_NAME)$`)
	masterName  = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
)

// reportMaster looks at what a client of the project's sentinels is told. A name
// that a service has is an address, and no master's.
func reportMaster(p *lint.Pass, t *topology.Topology, service *compose.Service) {
	if t.Named(service.Name) != nil || !asksSentinels(p, service) {
		return
	}
	environment, _ := service.Glimpse()
	for _, variable := range environment {
		name := variable.Value
		if !tellsMaster.MatchString(strings.ToUpper(variable.Name)) || !variable.Set || !masterName.MatchString(name) || t.IsOfProject(name) {
			continue
		}
		if watched := t.Masters[0].Name; len(t.Masters) == 1 && unset.Known(watched) && watched != name {
			p.Report(variable.Span, service, "%q asks for the master %q, and the sentinels watch %s", service.Name, name, watched)
		}
	}
}

// asksSentinels reports whether a variable of a service holds the address of a
// sentinel of the project.
func asksSentinels(p *lint.Pass, service *compose.Service) bool {
	environment, _ := service.Glimpse()
	var hosts []string
	for _, variable := range environment {
		hosts = append(hosts, strings.FieldsFunc(variable.Value, betweenHosts)...)
	}
	return slices.ContainsFunc(inspect.Sentinels(p.Project), func(s *inspect.Service) bool {
		return slices.ContainsFunc(s.Names(), func(name string) bool { return slices.Contains(hosts, name) })
	})
}

// betweenHosts is what no name and no address of a host has, and what stands between
// those of a list, before a port or in a URL.
func betweenHosts(r rune) bool { return strings.ContainsRune(" ,;:/@[]\"'", r) }
